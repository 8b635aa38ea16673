import { createRoute, z } from '@hono/zod-openapi';
import { localDay } from '../../../services/local-time.ts';
import { monthBefore } from '../../../services/month/calendar-month.ts';
import { monthsDue } from '../../../services/schedule/month-work.ts';
import * as schema from '../admin-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const show = createRoute({
  ...{ method: 'get', path: '/schedule', tags: ['Runs'] },
  summary: 'When months are run by themselves, and how far that goes',
  description:
    'For reviewers and administrators of the whole workspace. Set by TUBAN_SCHEDULE and TUBAN_SCHEDULE_REACH.',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'The schedule', content: { 'application/json': { schema: schema.schedule } } } },
});

export function scheduleRoutes({ store, now, schedule, readiness }: Services) {
  const routes = createRouter();
  routes.openapi(show, async (c) => {
    requireWholeWorkspace(c.get('access'), 'The schedule', 'reviewer');
    const { cron = null, reach = 'run' as const } = schedule ?? {};
    const next = readiness.nextRun();
    const until = monthBefore(localDay(next ?? now()).slice(0, 7));
    const due = cron === null ? [] : await monthsDue(store, until);
    return c.json({ cron, reach, next: next?.toISOString() ?? null, due }, 200);
  });
  return routes;
}
