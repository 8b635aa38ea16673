import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { addRuleSet, type KnownRuleSet, knownRuleSets } from '../../../services/legality/known-rule-sets.ts';
import { parseRuleSet } from '../../../services/legality/read-rule-set.ts';
import { nameOf } from '../../../services/legality/rule-set.ts';
import { createRouter, type Services } from '../context.ts';
import { ruleSetDetail, type ruleSetSummary, ruleSets } from '../rule-schemas.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const wantedName = 'id@version of a rule set, such as cn-2024@1.0';
const ruleSetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,99}@\d{1,9}(\.\d{1,9}){1,2}$/, wantedName)
  .openapi({ description: 'Id and version.', example: 'cn-2024@1.0' });

const list = createRoute({
  method: 'get',
  path: '/rules',
  tags: ['Rules'],
  summary: 'The rule sets that opinions are formed by',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The built-in ones, then those added here',
      content: { 'application/json': { schema: ruleSets } },
    },
  },
});

const detail = createRoute({
  method: 'get',
  path: '/rules/{name}',
  tags: ['Rules'],
  summary: 'One rule set, whole',
  request: { params: z.object({ name: ruleSetName }), query: z.strictObject({}) },
  responses: {
    200: { description: 'It never changes', content: { 'application/json': { schema: ruleSetDetail } } },
  },
});

const add = createRoute({
  method: 'post',
  path: '/rules',
  tags: ['Rules'],
  summary: 'Add a rule set',
  description:
    'For administrators of the whole workspace. Opinions formed before stay; the set is used from its first day on. What is known already changes nothing.',
  request: {
    query: z.strictObject({}),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .record(z.string(), z.unknown())
            .openapi({ description: 'As GET /rules/{name} has it under ruleSet.' }),
        },
      },
    },
  },
  responses: {
    201: { description: 'It is known', content: { 'application/json': { schema: ruleSetDetail } } },
  },
});

/** The law is the same for every reader: nothing here belongs to a district. */
export function ruleRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    return c.json({ ruleSets: (await knownRuleSets(store)).map(summaryOf) }, 200);
  });
  routes.openapi(detail, async (c) => {
    const { name } = c.req.valid('param');
    const found = (await knownRuleSets(store)).find(({ ruleSet }) => nameOf(ruleSet) === name);
    if (found === undefined) throw new ServiceError('not-found', `There is no rule set ${name}.`);
    return c.json({ ...summaryOf(found), ruleSet: found.ruleSet }, 200);
  });
  routes.openapi(add, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Rule sets');
    const text = JSON.stringify(c.req.valid('json'), null, 2);
    const ruleSet = parseRuleSet(text, 'The body');
    await addRuleSet(store, { ruleSet, text }, now());
    const known = (await knownRuleSets(store)).find((one) => nameOf(one.ruleSet) === nameOf(ruleSet));
    return c.json({ ...summaryOf(known as KnownRuleSet), ruleSet }, 201);
  });
  return routes;
}

function summaryOf({ ruleSet, sha256, addedAt }: KnownRuleSet): z.infer<typeof ruleSetSummary> {
  const { id, version, title, province, effectiveFrom, effectiveTo } = ruleSet;
  const checks = ruleSet.checks.map((check) => ({ id: check.id, title: check.title }));
  return { name: nameOf(ruleSet), id, version, title, province, effectiveFrom, effectiveTo, checks, sha256, addedAt };
}
