import { createRoute, z } from '@hono/zod-openapi';
import { type Period, periodOf } from '../../../services/reports/period.ts';
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../../../services/reports/render.ts';
import { drawReport } from '../../../services/reports/report.ts';
import { createRouter, type Services } from '../context.ts';
import { visibleDistrict } from '../visible-district.ts';

const wantedKind = 'month, quarter, year or term';
const wantedPeriod = '2026-07, 2026-Q3, 2026 or, of a term, 2024-03..2026-07';
const wantedDistrict = 'a district code of 2, 4 or 6 digits';
const wantedFormat = `one of ${REPORT_FORMATS.join(', ')}`;

const TYPES: Record<ReportFormat, string> = {
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

const cell = z.union([z.string(), z.number(), z.null(), z.object({ zh: z.string(), en: z.string() })]);
const words = z.object({ zh: z.string(), en: z.string() });
const report = z
  .object({
    edition: z.string(),
    kind: z.enum(['month', 'quarter', 'year', 'term']),
    period: z.string(),
    from: z.string(),
    to: z.string(),
    title: words,
    district: z.string(),
    name: z.string(),
    status: z.enum(['closed', 'open']).openapi({ description: 'closed: the same to the byte whenever it is drawn.' }),
    statusText: words,
    at: z.string(),
    simulated: z.boolean(),
    balanced: z.boolean(),
    failed: z.number(),
    tables: z.array(
      z.object({
        id: z.string(),
        title: words,
        note: words.optional(),
        columns: z.array(z.object({ id: z.string(), title: words, format: z.string(), width: z.number().optional() })),
        rows: z.array(z.record(z.string(), cell)),
        unprinted: z.literal(true).optional(),
      }),
    ),
    map: z.looseObject({}),
  })
  .openapi('Report');

const route = createRoute({
  method: 'get',
  path: '/reports/{kind}/{period}',
  tags: ['Reports'],
  summary: 'A monthly, quarterly, annual or term-of-office report as JSON, XLSX or PDF',
  description:
    'All three are written from the same tables. Of a key of a district, its district or a part of it. A period whose last month is closed is drawn from that record alone.',
  request: {
    params: z.object({
      kind: z.enum(['month', 'quarter', 'year', 'term'], { error: wantedKind }),
      period: z
        .string({ error: wantedPeriod })
        .regex(/^[\d.Q-]{4,16}$/, wantedPeriod)
        .openapi({ description: wantedPeriod, example: '2025-06' }),
    }),
    query: z.strictObject({
      district: z
        .string({ error: wantedDistrict })
        .regex(/^(\d{2}){1,3}$/, wantedDistrict)
        .optional()
        .openapi({ description: `${wantedDistrict}; all that the key sees if not given.`, example: '430421' }),
      format: z.enum(REPORT_FORMATS, { error: wantedFormat }).default('json'),
    }),
  },
  responses: {
    200: {
      description: 'The report',
      content: {
        'application/json': { schema: report },
        [TYPES.xlsx]: { schema: z.string().openapi({ format: 'binary' }) },
        [TYPES.pdf]: { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
  },
});

export function reportRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(route, async (c) => {
    const { kind, period: name } = c.req.valid('param');
    const query = c.req.valid('query');
    const district = visibleDistrict(c.get('access'), query.district);
    const period = periodOf(kind, name);
    const drawn = await drawReport(store, period, district, now());
    c.set(
      'rowsRead',
      drawn.tables.reduce((sum, { rows }) => sum + rows.length, 0),
    );
    const bytes = await renderReport(drawn, query.format);
    c.header('Content-Type', TYPES[query.format]);
    if (query.format !== 'json')
      c.header('Content-Disposition', `attachment; filename="${fileName(period, district)}.${query.format}"`);
    // The bytes are those of the command line; the schema above describes them.
    return c.body(new Uint8Array(bytes), 200) as never;
  });
  return routes;
}

function fileName({ kind, name }: Period, district: string): string {
  return ['report', kind, name.replace('..', '-'), district].filter((part) => part !== '').join('-');
}
