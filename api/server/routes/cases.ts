import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { workspaceDeadlines } from '../../../services/deadlines/workspace.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { maySatisfy, requireOffice } from '../../../services/lifecycle/office.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { findTransition } from '../../../services/lifecycle/transitions.ts';
import { offeredUndo } from '../../../services/lifecycle/undo.ts';
import { type CaseDetail, caseDetail, listCases } from '../../../services/queue/cases.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { type CaseDetailBody, caseBody, casePage, caseDetail as detailSchema } from '../case-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import { isKnown, versionTag } from '../etag.ts';
import * as parameter from '../parameters.ts';
import type { Asker } from '../patch-bodies.ts';
import { transitionBody } from '../schemas.ts';
import { stepOf } from '../step-request.ts';
import { visibleDistrict } from '../visible-district.ts';

const tags = ['Cases'];
const shown = { description: 'The case as it is now', content: { 'application/json': { schema: detailSchema } } };
const params = z.object({ id: parameter.id });

const list = createRoute({
  method: 'get',
  path: '/cases',
  tags,
  summary: 'Cases (案件) in order of opening',
  request: {
    query: z.strictObject({
      district: parameter.district.optional(),
      state: parameter.names.optional(),
      patch: parameter.id.optional(),
      limit: parameter.integer(1, 1000).default(100),
      cursor: parameter.cursor.optional(),
    }),
  },
  responses: { 200: { description: 'One page', content: { 'application/json': { schema: casePage } } } },
});

const detail = createRoute({
  method: 'get',
  path: '/cases/{id}',
  tags,
  summary: 'One case with its patches, history and the steps possible now',
  request: { params, query: z.strictObject({}) },
  responses: { 200: shown, 304: { description: 'Still at the version of If-None-Match' } },
});

const open = createRoute({
  method: 'post',
  path: '/cases',
  tags,
  summary: 'Open a case as a clue over patches',
  request: {
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: caseBody } } },
  },
  responses: { 201: { ...shown, description: 'The case' } },
});

const step = createRoute({
  method: 'post',
  path: '/cases/{id}/transitions',
  tags,
  summary: 'Take one step with a case: file, decide, remind … close; or undo the last',
  request: {
    params,
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: transitionBody } } },
  },
  responses: { 200: shown },
});

export function caseRoutes({ store, now }: Services) {
  const routes = createRouter();
  const body = async (id: string, asker: Asker & { district: string }) =>
    caseDetailBody(await caseDetail(store, id, asker.district), asker, (await workspaceDeadlines(store.db)).rules);
  routes.openapi(list, async (c) => {
    const { limit, cursor, district, state, patch } = c.req.valid('query');
    const within = visibleDistrict(c.get('access'), district);
    const page = await listCases(store, { district: within, states: state?.split(','), patch }, { limit, cursor });
    c.set('rowsRead', page.cases.length);
    return c.json(page, 200);
  });
  routes.openapi(detail, async (c) => {
    const found = await body(c.req.valid('param').id, { ...c.get('access'), at: now() });
    c.header('ETag', versionTag(found.version));
    if (isKnown(c.req.header('if-none-match'), versionTag(found.version))) return c.body(null, 304);
    return c.json(found, 200);
  });
  routes.openapi(open, async (c) => {
    const access = c.get('access');
    const { title, district, patches } = c.req.valid('json');
    requireOffice(requireActing(access), findTransition('case', null, 'open')!, district);
    const found = await Promise.all(patches.map((id) => patchDetail(store, id, access.district)));
    const patchIds = found.map(({ patch }) => patch.id);
    const opened = await openCase(store, { title, district, patchIds, actor: access.actor, at: now() });
    c.header('Location', `/cases/${opened.id}`);
    c.header('ETag', versionTag(opened.version));
    return c.json(await body(opened.id, { ...access, at: now() }), 201);
  });
  routes.openapi(step, async (c) => {
    const access = c.get('access');
    const office = requireActing(access);
    const { matter } = await caseDetail(store, c.req.valid('param').id, access.district);
    const moved = await stepOf(c.req.valid('json'), c.req.header('if-match'), (given) =>
      transition(store, { subject: 'case', id: matter.id, actor: access.actor, office, at: now(), ...given }),
    );
    c.header('ETag', versionTag(moved.version));
    return c.json(await body(matter.id, { ...access, at: now() }), 200);
  });
  return routes;
}

function caseDetailBody(
  { matter, dueAt, patches, history, projection, frozen, allowedActions }: CaseDetail,
  { actor, office, at }: Asker,
  rules: Parameters<typeof offeredUndo>[2]['rules'],
): CaseDetailBody {
  const undo = offeredUndo('case', projection, { actor, at, rules, frozen });
  const offered = undo === null ? allowedActions : [...allowedActions, undo];
  return {
    ...matter,
    ...{ dueAt, patches },
    history: history.map(({ id, action, fromState, toState, actor, reason, payload, at }) => {
      return { id, action, fromState, toState, actor, reason, payload, at };
    }),
    actions: offered
      .filter((action) => (office === null ? action.who.role !== 'system' : maySatisfy(office, action)))
      .map(({ action, label, to, needs, asks, reasons, who }) => ({ action, label, to, needs, asks, reasons, who })),
  };
}
