import { createRoute, z } from '@hono/zod-openapi';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { listPatches } from '../../../services/queue/list.ts';
import { createRouter, type Services } from '../context.ts';
import { isKnown, versionTag } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { patchDetailBody, patchItemBody } from '../patch-bodies.ts';
import { filterShape, patchFilter, SNAPSHOT_HEADER } from '../patch-query.ts';
import { patchDetail as detailSchema, patchPage } from '../schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/patches',
  tags: ['Queue'],
  summary: 'The queue: latest month first, then in order of number',
  request: {
    query: z.strictObject({
      ...filterShape,
      limit: parameter.integer(1, 1000).default(100),
      cursor: parameter.cursor.optional(),
    }),
  },
  responses: {
    200: {
      description: 'One page; the Link header names the next (RFC 8288)',
      content: { 'application/json': { schema: patchPage } },
    },
  },
});

const detail = createRoute({
  method: 'get',
  path: '/patches/{id}',
  tags: ['Queue'],
  summary: 'One patch with its overlaps, evidence, history and the steps possible now',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The patch; its ETag is its version',
      content: { 'application/json': { schema: detailSchema } },
    },
    304: { description: 'Still at the version of If-None-Match' },
  },
});

export function patchRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query');
    const at = now();
    const page = await listPatches(store, patchFilter(query, c.get('access'), at), { limit, cursor, at });
    c.header(SNAPSHOT_HEADER, page.snapshot);
    c.set('rowsRead', page.patches.length);
    if (page.next !== null) {
      const url = new URL(c.req.url);
      url.searchParams.set('cursor', page.next);
      c.header('Link', `<${url.pathname}${url.search}>; rel="next"`);
    }
    const { total, next, snapshot } = page;
    return c.json({ patches: page.patches.map(patchItemBody), total, next, snapshot }, 200);
  });
  routes.openapi(detail, async (c) => {
    const found = await patchDetail(store, c.req.valid('param').id, c.get('access').district);
    const tag = versionTag(found.patch.version);
    c.header('ETag', tag);
    if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304);
    return c.json(patchDetailBody(found, await ruleSetsOf(store), { ...c.get('access'), at: now() }), 200);
  });
  return routes;
}
