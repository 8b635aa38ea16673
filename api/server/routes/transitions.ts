import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { ApiError } from '../../error.ts';
import { createRouter, type Services } from '../context.ts';
import { requiredVersion, versionTag } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { patchDetailBody } from '../patch-bodies.ts';
import { patchDetail as detailSchema, transitionBody } from '../schemas.ts';

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
    const { action, reason, note, payload, expectedVersion } = c.req.valid('json');
    const ifMatch = requiredVersion(c.req.header('if-match'));
    const moved = await transition(store, {
      subject: 'patch',
      id: patch.id,
      action,
      actor: access.actor,
      office,
      reason,
      payload: note === undefined ? payload : { ...payload, note },
      expectedVersion: ifMatch ?? expectedVersion,
      at: now(),
    }).catch((error: unknown) => {
      throw ifMatch !== undefined && isConflict(error) ? preconditionFailed(error) : error;
    });
    c.header('ETag', versionTag(moved.version));
    const found = await patchDetail(store, patch.id, access.district);
    return c.json(patchDetailBody(found, await ruleSetsOf(store), { ...access, at: now() }), 200);
  });
  return routes;
}

function isConflict(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code === 'version-conflict';
}

function preconditionFailed(error: ServiceError): ApiError {
  return new ApiError('precondition-failed', error.message, [], error);
}
