import { createRoute, z } from '@hono/zod-openapi';
import {
  LEVELS,
  liftEmbargo,
  listEmbargoes,
  requireEmbargoOffice,
  setEmbargo,
} from '../../../services/access/embargo.ts';
import { ROLES } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { time } from '../schemas.ts';

const wantedReason = 'why, in 1 to 500 letters';
const reason = z.string({ error: wantedReason }).trim().min(1, wantedReason).max(500, wantedReason);
const levels = z.array(z.enum(LEVELS as [string, ...string[]], { error: LEVELS.join(', ') })).max(4);
const roles = z.array(z.enum(ROLES as [string, ...string[]], { error: ROLES.join(', ') })).max(5);

const embargo = z
  .object({
    id: z.string(),
    month: z.string().nullable().openapi({ description: 'YYYY-MM; null: of all months.' }),
    district: z.string().openapi({ description: 'First digits of the districts; empty: everywhere.' }),
    until: time,
    levels: levels.openapi({ description: 'Of whose office these are sees it before, in one of the roles.' }),
    roles,
    reason: z.string(),
    actor: z.string(),
    at: time,
    lifted: z
      .object({ at: time, actor: z.string(), reason: z.string() })
      .nullable()
      .openapi({ description: 'Before its time.' }),
  })
  .openapi('Embargo');

const tags = ['Embargoes'];
const answer = (description: string) => ({ description, content: { 'application/json': { schema: embargo } } });

const list = createRoute({
  method: 'get',
  path: '/embargoes',
  tags,
  summary: 'What is, was or will be hidden until a date; for administrators of a prefecture or the province',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'In the order they were set',
      content: { 'application/json': { schema: z.object({ embargoes: z.array(embargo) }) } },
    },
  },
});

const set = createRoute({
  method: 'post',
  path: '/embargoes',
  tags,
  summary: 'Hides the patches of a month, of districts, or both, until a moment',
  description:
    'Until then they do not exist, in any answer, for whoever is not of one of the levels and in one of the roles. ' +
    'Readers of GET /changes are told of them when it has ended.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            month: parameter.month.optional(),
            district: parameter.district.optional(),
            until: parameter.instant,
            levels: levels.default(['city', 'province']),
            roles: roles.default(['handler', 'reviewer', 'admin']),
            reason,
          }),
        },
      },
    },
  },
  responses: { 201: answer('The embargo') },
});

const lift = createRoute({
  method: 'post',
  path: '/embargoes/{id}/lift',
  tags,
  summary: 'Ends an embargo before its time',
  request: {
    params: z.object({ id: parameter.id }),
    body: { required: true, content: { 'application/json': { schema: z.strictObject({ reason }) } } },
  },
  responses: { 200: answer('The embargo, lifted') },
});

export function embargoRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    requireEmbargoOffice(c.get('access'));
    return c.json({ embargoes: await listEmbargoes(store, c.get('access')) }, 200);
  });
  routes.openapi(set, async (c) => {
    requireEmbargoOffice(c.get('access'));
    const { until, ...given } = c.req.valid('json') as unknown as Parameters<typeof setEmbargo>[2] & { until: string };
    return c.json(await setEmbargo(store, c.get('access'), { ...given, until: new Date(until) }, now()), 201);
  });
  routes.openapi(lift, async (c) => {
    const { id } = c.req.valid('param');
    // Whether there is one is told to nobody who could not lift it.
    try {
      requireEmbargoOffice(c.get('access'));
    } catch {
      throw new ServiceError('not-found', `There is no embargo ${id}.`);
    }
    return c.json(await liftEmbargo(store, c.get('access'), { id, ...c.req.valid('json') }, now()), 200);
  });
  return routes;
}
