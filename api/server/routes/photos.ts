import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { addPhotosOf } from '../../../services/field/add-photos.ts';
import { type CheckedPhoto, checkPhotos } from '../../../services/field/check-photos.ts';
import { checkLabels } from '../../../services/field/checks/check-result.ts';
import { oneAtATime } from '../../../services/field/one-at-a-time.ts';
import { dropAbandoned, spooled } from '../../../services/field/spool.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { createRouter, type Services } from '../context.ts';
import { type SentPhoto, sentPhoto, takenPhoto } from '../field-schemas.ts';
import * as parameter from '../parameters.ts';
import { arrivedPhoto, photoQuery, photoStream, statementOf } from '../photo-body.ts';

const params = z.object({ id: parameter.id });
const image = { schema: z.any().openapi({ type: 'string', format: 'binary' }) };

const send = createRoute({
  method: 'post',
  path: '/patches/{id}/photos',
  tags: ['Field'],
  summary: 'Send a photo of a patch, with where and whither the phone says it was taken',
  description:
    'The body is the JPEG or HEIC file itself, of at most 20,000,000 bytes, or a form (multipart/form-data) with the ' +
    'file `photo` and the parameters as fields; with a session only the file itself. The original is kept whole under ' +
    'its SHA-256. A photo is known by its content: sent twice to a patch it is one photo (200 in place of 201), so it ' +
    'needs no Idempotency-Key, and what was said beside it first stands. What EXIF says is kept beside what the phone ' +
    'says, and the tests tell where they differ.',
  request: {
    params,
    query: photoQuery,
    // A form is not listed: it would be read into memory before we are asked.
    body: { content: { 'image/jpeg': image, 'image/heic': image } },
  },
  responses: {
    201: { description: 'Taken in', content: { 'application/json': { schema: takenPhoto } } },
    200: { description: 'It was here before', content: { 'application/json': { schema: takenPhoto } } },
  },
});

const list = createRoute({
  method: 'get',
  path: '/patches/{id}/photos',
  tags: ['Field'],
  summary: 'The photos of a patch in the order they came in, with their tests',
  request: { params, query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The photos',
      content: { 'application/json': { schema: z.object({ photos: z.array(sentPhoto) }) } },
    },
  },
});

export function photoRoutes({ store, home, now, log }: Services) {
  const routes = createRouter();
  // A photo is decoded in memory: many phones coming home at once wait for each other.
  const inTurn = oneAtATime();
  const folder = () => {
    if (home !== undefined) return home;
    throw new ServiceError('store-unusable', 'This server has no workspace folder, where photos lie.');
  };
  if (home !== undefined) {
    void dropAbandoned(home, new Date()).catch((error: unknown) => log.warn({ err: error }, 'old arrivals kept'));
  }
  routes.openapi(send, async (c) => {
    const access = c.get('access');
    requireActing(access);
    const { patch } = await patchDetail(store, c.req.valid('param').id, access.district);
    const [query, type] = [c.req.valid('query'), c.req.header('content-type') ?? ''];
    const taken = await spooled(folder(), photoStream(c), (path) =>
      inTurn(async () => {
        const { name, bytes, said } = await arrivedPhoto(path, type, query);
        const about = { takenBy: access.actor, readings: [], now: now() };
        const adding = { ...about, said: { by: access.actor, statement: statementOf(said) } };
        const [photo] = await addPhotosOf(store, folder(), patch, [{ name, bytes }], adding);
        return photo;
      }),
    );
    const [checked] = await checkPhotos(store, folder(), patch.id, taken.id);
    const body = { ...photoBody(checked.photos[0]), isNew: taken.isNew };
    c.header('Location', `/patches/${patch.id}/photos`);
    return taken.isNew ? c.json(body, 201) : c.json(body, 200);
  });
  routes.openapi(list, async (c) => {
    const { patch } = await patchDetail(store, c.req.valid('param').id, c.get('access').district);
    const [checked] = await checkPhotos(store, folder(), patch.id);
    const photos = (checked?.photos ?? []).map(photoBody);
    c.set('rowsRead', photos.length);
    return c.json({ photos }, 200);
  });
  return routes;
}

function photoBody({ photo, facts, said, sight, results }: CheckedPhoto): SentPhoto {
  const { id, sha256, format, bytes, takenBy, addedAt } = photo;
  return {
    ...{ id, sha256, format, bytes: Number(bytes), takenBy, addedAt },
    ...{ position: sight.position, accuracyM: sight.accuracyM, azimuth: sight.azimuth?.degrees ?? null },
    takenAt: { file: facts.taken?.at ?? null, phone: said?.takenAt ?? null, counted: sight.at },
    tests: results.map(({ check, outcome, zh, en }) => ({
      ...{ check, label: checkLabels[check], outcome, said: { zh, en } },
    })),
  };
}
