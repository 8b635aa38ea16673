import { createRoute, z } from '@hono/zod-openapi';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { readGaugeRows, readGauges } from '../../../services/gauges/read-gauges.ts';
import { radarLevels, thresholdRadar } from '../../../services/gauges/threshold-radar.ts';
import { localDay } from '../../../services/local-time.ts';
import { monthsReported } from '../../../services/store/gauge-rows.ts';
import { createRouter, type Services } from '../context.ts';
import { gaugesReport, radarReport } from '../gauge-schemas.ts';
import * as parameter from '../parameters.ts';
import { visibleDistrict } from '../visible-district.ts';

const wantedYear = 'a year YYYY';
const year = z
  .string({ error: wantedYear })
  .regex(/^(19|20)\d{2}$/, wantedYear)
  .openapi({ description: 'A year YYYY; this one if not given.', example: '2025' });

const report = createRoute({
  method: 'get',
  path: '/gauges',
  tags: ['Gauges'],
  summary: 'The gauges of a year: illegal farmland, farmland kept, quota link, and what does not add up',
  description: 'Added up from the patches each time it is asked for: of a key of a district, from those in it alone.',
  request: { query: z.strictObject({ district: parameter.district.optional(), year: year.optional() }) },
  responses: {
    200: { description: 'As they stand now', content: { 'application/json': { schema: gaugesReport } } },
  },
});

const radar = createRoute({
  method: 'get',
  path: '/gauges/radar',
  tags: ['Gauges'],
  summary: 'Who is at or near 5 亩 of permanent basic farmland or 10 亩 of other farmland within twelve months',
  description:
    'Of a key of a district what an actor took in it alone: in other districts he may have taken more. Whether it is a crime is for others to find.',
  request: {
    query: z.strictObject({
      district: parameter.district.optional(),
      to: parameter.month
        .optional()
        .openapi({ description: 'Last of the twelve months; the latest known if not given.' }),
    }),
  },
  responses: {
    200: { description: 'As it stands now', content: { 'application/json': { schema: radarReport } } },
  },
});

export function gaugeRoutes({ store, now }: Services) {
  const routes = createRouter();
  const thisYear = () => localDay(now()).slice(0, 4);
  routes.openapi(report, async (c) => {
    const query = c.req.valid('query');
    const district = visibleDistrict(c.get('access'), query.district);
    return c.json(await readGauges(store, query.year ?? thisYear(), district), 200);
  });
  routes.openapi(radar, async (c) => {
    const query = c.req.valid('query');
    const district = visibleDistrict(c.get('access'), query.district);
    const to = query.to ?? (await monthsReported(store.db))?.to ?? `${thisYear()}-12`;
    const found = thresholdRadar(await readGaugeRows(store, to.slice(0, 4), district), to, standardParameters);
    const entries = found.map((entry) => ({ ...entry, label: radarLevels[entry.level] }));
    c.set('rowsRead', entries.length);
    return c.json({ district, to, entries }, 200);
  });
  return routes;
}
