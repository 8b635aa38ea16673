import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { FactKeeper } from '../../../services/dashboard/fact-keeper.ts';
import type { Dashboard } from '../../../services/dashboard/figures.ts';
import { readDashboard } from '../../../services/dashboard/read-dashboard.ts';
import { localDay } from '../../../services/local-time.ts';
import { dashboardMark } from '../../../services/store/dashboard-mark.ts';
import { monthsReported } from '../../../services/store/gauge-rows.ts';
import { hiddenNow } from '../../../services/store/hiding.ts';
import { createRouter, type Services } from '../context.ts';
import { dashboard } from '../dashboard-schemas.ts';
import { isKnown } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { visibleDistrict } from '../visible-district.ts';

const MOST_MONTHS = 36;
/** Answers kept for who asks again before anything has changed. */
const MOST_KEPT = 32;

const route = createRoute({
  method: 'get',
  path: '/dashboard',
  tags: ['Reports'],
  summary: 'All figures of the dashboard in one answer, read from one state of the data',
  description:
    "Funnel, counties with the monthly report's ranking, trend, the 15 % gauge with forecast, threshold radar, coverage, precision and backlog. Of a key of a district, its district or a part of it. Ask again with If-None-Match: 304 until something has changed.",
  request: {
    query: z.strictObject({
      month: parameter.month.optional().openapi({ description: 'The latest with a finished run if not given.' }),
      district: parameter.district.optional(),
      months: parameter.integer(1, MOST_MONTHS).default(12).openapi({ description: 'Months of the trend.' }),
    }),
  },
  responses: {
    200: { description: 'As it stands now', content: { 'application/json': { schema: dashboard } } },
    304: { description: 'Nothing has changed since the answer with this ETag' },
  },
});

export function dashboardRoutes({ store, now }: Services) {
  const routes = createRouter();
  const keeper = new FactKeeper(store);
  const kept = new Map<string, Dashboard>();
  routes.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const district = visibleDistrict(c.get('access'), query.district);
    const at = now();
    const month = query.month ?? (await monthsReported(store.db))?.to ?? localDay(at).slice(0, 7);
    const question = { month, district, months: query.months };
    // Days of waiting are told by the hour.
    const asked = JSON.stringify([question, hiddenNow()]);
    const marks = [await dashboardMark(store.db, at), asked, at.toISOString().slice(0, 13)];
    const tag = `"${createHash('sha256').update(marks.join(' ')).digest('base64url').slice(0, 22)}"`;
    c.header('ETag', tag);
    c.header('Cache-Control', 'private, no-cache');
    if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304);
    const answer = kept.get(tag) ?? (await readDashboard(keeper, question, at));
    kept.set(tag, answer);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    c.set('rowsRead', answer.funnel.found.patches);
    return c.json(answer, 200);
  });
  return routes;
}
