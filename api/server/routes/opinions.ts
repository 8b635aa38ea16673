import { createRoute, z } from '@hono/zod-openapi';
import { maySee } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { opinionsOf } from '../../../services/store/opinions.ts';
import { findPatchNamed } from '../../../services/store/queue.ts';
import { createRouter, type Services } from '../context.ts';
import { opinionBody } from '../opinion-bodies.ts';
import * as parameter from '../parameters.ts';
import { opinions } from '../rule-schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/patches/{id}/opinions',
  tags: ['Rules'],
  summary: 'Every opinion that rules have formed of a patch, newest first, each check explained',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The first is the one that counts; none where none was formed',
      content: { 'application/json': { schema: opinions } },
    },
  },
});

export function opinionRoutes({ store }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const patch = await findPatchNamed(store.db, id);
    if (patch === null || !maySee(c.get('access'), patch.district)) {
      throw new ServiceError('not-found', `There is no patch ${id}.`);
    }
    const formed = (await opinionsOf(store.db, patch.id)).reverse();
    c.set('rowsRead', formed.length);
    const known = await ruleSetsOf(store);
    const bodies = formed.map((row) => opinionBody(row, patch.number, known));
    return c.json({ patch: patch.id, number: patch.number, opinions: bodies }, 200);
  });
  return routes;
}
