import { createRoute, z } from '@hono/zod-openapi';
import { requireActing } from '../../../services/access/keys.ts';
import { drawnLines, drawnParts } from '../../../services/lineage/drawn.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';

const tags = ['Queue'];
const json = <Schema extends z.ZodType>(schema: Schema) => ({ content: { 'application/json': { schema } } });
const params = z.object({ id: parameter.id });
const query = z.strictObject({});
const reason = z.string({ error: 'a text' }).min(1, 'a text').max(400, 'a text of at most 400 letters');
const entered = z.object({ id: z.string(), number: z.string(), areaM2: z.number() });
const differenceM2 = z
  .number()
  .openapi({ description: 'What the outlines measured more or less, m²; shared out, so that areas add up.' });
const drawing = z
  .record(z.string(), z.unknown(), { error: 'a GeoJSON object' })
  .openapi({ description: 'GeoJSON in lon/lat.' });

const splitBody = z
  .strictObject(
    { parts: drawing.optional(), lines: drawing.optional(), reason },
    { error: 'a JSON object with parts or lines, and a reason' },
  )
  .refine(({ parts, lines }) => (parts === undefined) !== (lines === undefined), 'either parts or lines')
  .openapi('Split');
const mergeBody = z
  .strictObject(
    { patches: z.array(parameter.id).min(2, 'two patches at least').max(50, 'at most 50 patches'), reason },
    { error: 'a JSON object with patches and a reason' },
  )
  .openapi('Merge');
const undoBody = z.strictObject({ reason }, { error: 'a JSON object with a reason' }).openapi('LineageUndo');

const split = createRoute({
  method: 'post',
  path: '/patches/{id}/split',
  tags,
  summary: 'Cut an open patch into pieces that stand for it (拆分)',
  request: { params, query, body: { required: true, ...json(splitBody) } },
  responses: {
    201: { description: 'The pieces', ...json(z.object({ pieces: z.array(entered), differenceM2 })) },
  },
});

const merge = createRoute({
  method: 'post',
  path: '/patches/merge',
  tags,
  summary: 'Make one of several open patches of one district, month and state (合并)',
  request: { query, body: { required: true, ...json(mergeBody) } },
  responses: { 201: { description: 'What stands for them', ...json(z.object({ merged: entered, differenceM2 })) } },
});

const undo = createRoute({
  method: 'post',
  path: '/patches/{id}/lineage/undo',
  tags,
  summary: 'Take the split or merge of a patch back, while nothing was done to what came of it',
  request: { params, query, body: { required: true, ...json(undoBody) } },
  responses: {
    200: { description: 'Those that stand for themselves again', ...json(z.object({ back: z.array(entered) })) },
  },
});

/** What a person redraws: each is refused where it does not keep the area. */
export function lineageRoutes({ store, now }: Pick<Services, 'store' | 'now'>) {
  const routes = createRouter();
  routes.openapi(split, async (c) => {
    const access = c.get('access');
    const { actor } = access;
    const office = requireActing(access);
    const { patch } = await patchDetail(store, c.req.valid('param').id, access.district);
    const { parts, lines, reason } = c.req.valid('json');
    const by = parts ? drawnParts(JSON.stringify(parts), 'parts') : drawnLines(JSON.stringify(lines), 'lines');
    const { pieces, differenceM2 } = await splitPatch(store, { patch: patch.id, by, actor, reason, at: now(), office });
    return c.json({ pieces: pieces.map(shown), differenceM2 }, 201);
  });
  routes.openapi(merge, async (c) => {
    const access = c.get('access');
    const office = requireActing(access);
    const { patches, reason } = c.req.valid('json');
    for (const id of patches) await patchDetail(store, id, access.district);
    const { merged, differenceM2 } = await mergePatches(store, {
      ...{ patches, actor: access.actor, reason, at: now(), office },
    });
    return c.json({ merged: shown(merged), differenceM2 }, 201);
  });
  routes.openapi(undo, async (c) => {
    const access = c.get('access');
    const office = requireActing(access);
    const { patch } = await patchDetail(store, c.req.valid('param').id, access.district);
    const deed = { actor: access.actor, reason: c.req.valid('json').reason, at: now(), office };
    return c.json({ back: (await undoLineage(store, patch.id, deed)).back.map(shown) }, 200);
  });
  return routes;
}

function shown({ id, number, areaM2 }: { id: string; number: string; areaM2: number }) {
  return { id, number, areaM2 };
}
