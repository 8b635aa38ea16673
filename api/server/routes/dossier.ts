import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { readOriginal } from '../../../services/field/originals.ts';
import { previewOf } from '../../../services/field/picture.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { patchDossier } from '../../../services/queue/dossier.ts';
import { findPhoto } from '../../../services/store/field-photos.ts';
import { createRouter, type Services } from '../context.ts';
import { dossier } from '../dossier-schemas.ts';
import * as parameter from '../parameters.ts';

const whole = createRoute({
  method: 'get',
  path: '/patches/{id}/dossier',
  tags: ['Queue'],
  summary: 'Who answers for a patch, its photos and papers, looks after closing, what was seen there again, its kin',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: { 200: { description: 'The file of the patch', content: { 'application/json': { schema: dossier } } } },
});

const photo = createRoute({
  method: 'get',
  path: '/patches/{id}/photos/{photo}/preview.jpg',
  tags: ['Evidence'],
  summary: 'A photo, at most 1600 pixels a side',
  request: { params: z.object({ id: parameter.id, photo: parameter.id }), query: z.strictObject({}) },
  responses: {
    200: { description: 'JPEG', content: { 'image/jpeg': { schema: z.string().openapi({ format: 'binary' }) } } },
  },
});

export function dossierRoutes({ store, home, now }: Pick<Services, 'store' | 'home' | 'now'>) {
  const routes = createRouter();
  routes.openapi(whole, async (c) => {
    const within = c.get('access').district;
    const { photos, earlierPhotos, papers, seenAgain, family, ...rest } = await patchDossier(
      store,
      home,
      c.req.valid('param').id,
      { at: now(), within },
    );
    const body = {
      ...rest,
      ...{ photos, papers },
      earlierPhotos: earlierPhotos.map(({ id, number, takenBy, addedAt }) => ({ id, number, takenBy, addedAt })),
      seenAgain: seenAgain.map(({ month, relation, effect, sharedM2, beyondM2, afterDate, alsoAt }) => {
        return { month, relation, effect, sharedM2, beyondM2, afterDate, alsoAt };
      }),
      family: family.map(({ id, number, state, areaM2, parents, children }) => {
        return { id, number, state, areaM2, parents, children };
      }),
    };
    return c.json(body, 200);
  });
  routes.openapi(photo, async (c) => {
    const { id, photo: photoId } = c.req.valid('param');
    const { patch } = await patchDetail(store, id, c.get('access').district);
    const row = await findPhoto(store.db, photoId);
    if (row?.patchId !== patch.id || home === undefined) {
      throw new ServiceError('not-found', `The patch ${patch.number} has no photo ${photoId}.`);
    }
    if (row.format !== 'jpeg') {
      throw new ServiceError('not-found', `The photo ${photoId} is HEIC: it is kept, and not shown here.`);
    }
    const bytes = await previewOf(await readOriginal(home, row.sha256, row.format));
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': 'image/jpeg',
      'Cache-Control': 'private, max-age=3600',
    });
  });
  return routes;
}
