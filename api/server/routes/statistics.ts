import { createRoute, z } from '@hono/zod-openapi';
import { countFound } from '../../../services/queue/index/count.ts';
import { indexOf } from '../../../services/queue/index/patch-index.ts';
import { patchStatistics } from '../../../services/queue/statistics.ts';
import { DIMENSIONS, type Dimension } from '../../../services/store/statistics.ts';
import { createRouter, type Services } from '../context.ts';
import { isKnownSnapshot } from '../etag.ts';
import { filterShape, patchFilter, SNAPSHOT_HEADER } from '../patch-query.ts';

const count = z.object({
  patches: z.number().int(),
  areaM2: z.number(),
  overdue: z.number().int().openapi({ description: 'Past their due date now.' }),
});

const body = z
  .object({
    snapshot: z.string().openapi({ description: 'Equal snapshot and filter, equal numbers, here and elsewhere.' }),
    total: count,
    groups: z.array(
      z.object({
        by: z.enum(DIMENSIONS),
        values: z.array(
          count.extend({
            value: z.string().nullable().openapi({ description: 'Null: in no layer, or of no theme.' }),
          }),
        ),
      }),
    ),
  })
  .openapi('PatchStatistics');

const known: readonly string[] = DIMENSIONS;
const wantedBy = `one or more of ${DIMENSIONS.join(', ')}, separated by commas`;

const statistics = createRoute({
  method: 'get',
  path: '/patches/statistics',
  tags: ['Queue'],
  summary: 'How many patches a filter means, how large and how many of them overdue, told apart as asked',
  description:
    'The filter is that of GET /patches, and so are the numbers. State, type, district and month add up to the total; ' +
    'a patch may lie in several layers and belong to several themes, and counts in each.',
  request: {
    query: z.strictObject({
      ...filterShape,
      by: z
        .string({ error: wantedBy })
        .refine((text) => text.split(',').every((name) => known.includes(name)), wantedBy)
        .default('state')
        .openapi({ description: `To tell apart: ${wantedBy}.`, example: 'state,district' }),
    }),
  },
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: body } } },
    304: { description: 'Still of the state that If-None-Match names' },
  },
});

/** Counts and sums over the queue's own filter. */
export function statisticsRoutes({ store, now }: Services) {
  const routes = createRouter();
  const index = indexOf(store);
  routes.openapi(statistics, async (c) => {
    const { by, ...query } = c.req.valid('query');
    const at = now();
    const dimensions = by.split(',') as Dimension[];
    const filter = patchFilter(query, c.get('access'), at);
    const found = await index.find(filter, at);
    const figures =
      found === null ? await patchStatistics(store, filter, { by: dimensions, at }) : countFound(found, dimensions, at);
    c.header(SNAPSHOT_HEADER, figures.snapshot);
    if (isKnownSnapshot(c, figures.snapshot)) return c.body(null, 304);
    return c.json(figures, 200);
  });
  return routes;
}
