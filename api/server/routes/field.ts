import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { addForm } from '../../../services/field/add-form.ts';
import { SEEN, USES } from '../../../services/field/findings.ts';
import { type FieldTask, fieldTasks } from '../../../services/field/tasks.ts';
import { MU_PER_M2, patchDetail } from '../../../services/queue/detail.ts';
import { type FieldFormRow, formsOf } from '../../../services/store/field-reports.ts';
import { createRouter, type Services } from '../context.ts';
import { isKnown } from '../etag.ts';
import { type FieldTaskBody, fieldTasksBody, formBody, type SentForm, sentForm, takenForm } from '../field-schemas.ts';
import * as parameter from '../parameters.ts';

const wantedPlace = 'lon,lat in degrees';
const place = z
  .string({ error: wantedPlace })
  .regex(/^-?\d{1,3}(\.\d{1,12})?,-?\d{1,2}(\.\d{1,12})?$/, wantedPlace)
  .transform((text) => {
    const [lon, lat] = text.split(',').map(Number);
    return { lon, lat };
  })
  .refine(({ lon, lat }) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90, wantedPlace)
  .openapi({ type: 'string', description: `Sorts by the distance from here: ${wantedPlace}.`, example: '112.5,26.9' });

const tasks = createRoute({
  method: 'get',
  path: '/field/tasks',
  tags: ['Field'],
  summary: 'The patches that wait for somebody to go and look',
  description:
    'Those in states whose next step hands evidence in, and those to be acknowledged, in the bearer’s district: first ' +
    'what was given to the bearer, then what lies in their grids, then the rest; or by distance from `near`. With all ' +
    'that a phone needs to work without the server.',
  request: {
    query: z.strictObject({
      near: place.optional(),
      mine: parameter.flag.optional(),
      limit: parameter.integer(1, 500).default(200),
    }),
  },
  responses: {
    200: {
      description: 'The tasks; the ETag is their content',
      content: { 'application/json': { schema: fieldTasksBody } },
    },
    304: { description: 'Still as If-None-Match says' },
  },
});

const params = z.object({ id: parameter.id });

const send = createRoute({
  method: 'post',
  path: '/patches/{id}/forms',
  tags: ['Field'],
  summary: 'Send what was found on site',
  description:
    'It comes into the history of the patch with the step that the patch waits for (verify, add-evidence), where ' +
    '`done` is true, photos are named and the bearer may take it; otherwise as field-report, which leaves the patch ' +
    'where it is. Photos are named by their SHA-256 and must be here before. An Idempotency-Key makes it one form for ' +
    'ever, however late it is sent again (200 in place of 201); without one it is known by what it says.',
  request: {
    params,
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: formBody } } },
  },
  responses: {
    201: { description: 'Taken in', content: { 'application/json': { schema: takenForm } } },
    200: { description: 'It was here before', content: { 'application/json': { schema: takenForm } } },
  },
});

const list = createRoute({
  method: 'get',
  path: '/patches/{id}/forms',
  tags: ['Field'],
  summary: 'What was found on site, in the order it came in',
  request: { params, query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The forms',
      content: { 'application/json': { schema: z.object({ forms: z.array(sentForm) }) } },
    },
  },
});

export function fieldRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(tasks, async (c) => {
    const { district, actor } = c.get('access');
    const { near = null, mine, limit } = c.req.valid('query');
    const found = await fieldTasks(store, { district, actor, near, mine: mine === 'true', limit, at: now() });
    const body = {
      tasks: found.tasks.map((task) => taskBody(task, now())),
      total: found.total,
      choices: { seen: [...SEEN], uses: [...USES] },
    };
    const tag = `"${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16)}"`;
    c.header('ETag', tag);
    c.set('rowsRead', body.tasks.length);
    if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304);
    return c.json(body, 200);
  });
  routes.openapi(send, async (c) => {
    const access = c.get('access');
    const office = requireActing(access);
    const { patch } = await patchDetail(store, c.req.valid('param').id, access.district);
    const key = c.req.header('idempotency-key') ?? null;
    const sent = { findings: c.req.valid('json'), key, actor: access.actor, office, at: now() };
    const { form, isNew } = await addForm(store, patch, sent);
    const body = { ...formOf(form), isNew };
    return isNew ? c.json(body, 201) : c.json(body, 200);
  });
  routes.openapi(list, async (c) => {
    const { patch } = await patchDetail(store, c.req.valid('param').id, c.get('access').district);
    const forms = (await formsOf(store.db, patch.id)).map(formOf);
    c.set('rowsRead', forms.length);
    return c.json({ forms }, 200);
  });
  return routes;
}

function taskBody({ patch, responsible, ...task }: FieldTask, at: Date): FieldTaskBody {
  const { id, number, month, district, type, areaM2, state, dueAt, beforeDate, afterDate, version } = patch;
  const { minLon, minLat, maxLon, maxLat } = patch;
  const who = (held: { person: string; phone: string | null } | null) =>
    held && { person: held.person, phone: held.phone };
  return {
    ...{ id, number, month, district, type, areaM2, areaMu: areaM2 * MU_PER_M2, state, dueAt, beforeDate, afterDate },
    ...{ version: Number(version), bbox: [minLon, minLat, maxLon, maxLat] },
    overdue: dueAt !== null && dueAt < at.toISOString(),
    grid: responsible.grid?.name ?? null,
    fieldChief: who(responsible.fieldChief),
    handler: who(responsible.handler),
    ...task,
  };
}

function formOf({ id, sentBy, addedAt, action, toState, version, formJson }: FieldFormRow): SentForm {
  const findings = JSON.parse(formJson) as Record<string, unknown>;
  return { id, sentBy, addedAt, action, state: toState, version: Number(version), findings };
}
