import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { createRouter, type Services } from '../context.ts';
import { versionTag } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { patchDetailBody } from '../patch-bodies.ts';
import { patchDetail as detailSchema, transitionBody } from '../schemas.ts';
import { stepOf } from '../step-request.ts';

const post = createRoute({
  method: 'post',
  path: '/patches/{id}/transitions',
  tags: ['Queue'],
  summary: 'Take one step with a patch: dismiss, warn, acknowledge … resolve; or undo the last',
  description:
    'Send the version that was looked at as If-Match (refused with 412) or expectedVersion (refused with 409), ' +
    'so that two people cannot move the same patch on without knowing of each other. ' +
    'The action undo takes back the bearer’s own last step, while it is the latest and recent; it needs nothing.',
  request: {
    params: z.object({ id: parameter.id }),
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: transitionBody } } },
  },
  responses: {
    200: { description: 'The patch as it is now', content: { 'application/json': { schema: detailSchema } } },
  },
});

export function transitionRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(post, async (c) => {
    const access = c.get('access');
    const office = requireActing(access);
    const { patch } = await patchDetail(store, c.req.valid('param').id, access.district);
    const moved = await stepOf(c.req.valid('json'), c.req.header('if-match'), (given) =>
      transition(store, { subject: 'patch', id: patch.id, actor: access.actor, office, at: now(), ...given }),
    );
    c.header('ETag', versionTag(moved.version));
    const found = await patchDetail(store, patch.id, access.district);
    return c.json(patchDetailBody(found, await ruleSetsOf(store), { ...access, at: now() }), 200);
  });
  return routes;
}
