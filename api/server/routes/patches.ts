import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { pageOf } from '../../../services/queue/index/page.ts';
import { indexOf } from '../../../services/queue/index/patch-index.ts';
import { listPatches } from '../../../services/queue/list.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { isKnown, isKnownSnapshot, versionTag } from '../etag.ts';
import { PageText } from '../page-text.ts';
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
    304: { description: 'Still of the state that If-None-Match names' },
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
  const index = indexOf(store);
  const texts = new PageText();
  routes.openapi(list, async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query');
    const at = now();
    const filter = patchFilter(query, c.get('access'), at);
    const found = await index.find(filter, at);
    if (found !== null) {
      const page = pageOf(found, { limit, cursor });
      if (isToldAlready(c, found.snapshot, page.next)) return c.body(null, 304);
      c.set('rowsRead', page.rows.length);
      // Text in the form of the schema: most of it was written before.
      return c.body(texts.of(page, found), 200, { 'Content-Type': 'application/json' }) as never;
    }
    const { patches, total, next, snapshot } = await listPatches(store, filter, { limit, cursor, at });
    if (isToldAlready(c, snapshot, next)) return c.body(null, 304);
    c.set('rowsRead', patches.length);
    return c.json({ patches: patches.map(patchItemBody), total, next, snapshot }, 200);
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

/** Says in the headers of what state the page is and where the next one is; true where the asker has it already. */
function isToldAlready(c: Context<ApiEnv>, snapshot: string, next: string | null): boolean {
  c.header(SNAPSHOT_HEADER, snapshot);
  if (next !== null) {
    c.header('Link', `<${nextAddress(c.req.url, next)}>; rel="next"`);
  }
  return isKnownSnapshot(c, snapshot);
}

/** The address that was asked for, without its host and with another cursor. */
function nextAddress(url: string, cursor: string): string {
  const path = url
    .slice(url.indexOf('/', url.indexOf('//') + 2))
    .replace(/([?&])cursor=[^&]*&?/, '$1')
    .replace(/[?&]$/, '');
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;
}
