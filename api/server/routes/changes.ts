import { createRoute, z } from '@hono/zod-openapi';
import { hiddenFrom } from '../../../services/access/embargo.ts';
import { awaitChanges } from '../../../services/queue/changes.ts';
import { wantedCursor } from '../../../services/queue/feed-cursor.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { event, time } from '../schemas.ts';
import { visibleDistrict } from '../visible-district.ts';

const page = z
  .object({
    changes: z.array(
      event.omit({ toState: true }).extend({
        seq: z.number().int().openapi({ description: 'Its place in the log.' }),
        subject: z.enum(['patch', 'case']),
        subjectId: z.string(),
        number: z.string().nullable().openapi({ description: 'JCBH of a patch; null of a case.' }),
        district: z.string(),
        state: z.string().openapi({ description: 'In which the event left it.' }),
        version: z.number().int().openapi({ description: 'Of the subject after the event.' }),
        at: time,
      }),
    ),
    next: z.string().openapi({ description: 'Hand it in as since to go on; there is always one.' }),
    more: z.boolean().openapi({ description: 'Whether there was more when this page was read.' }),
  })
  .openapi('Changes');

const list = createRoute({
  method: 'get',
  path: '/changes',
  tags: ['Changes'],
  summary: 'Everything that happened to patches and cases, in order, from a cursor on',
  description:
    'Ask with the next of the last answer: nothing is missed and nothing comes twice, whoever writes meanwhile. ' +
    'What is under embargo for who asks comes when that has ended, before what is newer than the cursor. ' +
    'With wait the answer is held back, until there is something or the seconds have passed.',
  request: {
    query: z.strictObject({
      since: z
        .string({ error: wantedCursor })
        .regex(/^[\d.~-]{1,6000}$/, wantedCursor)
        .default('0')
        .openapi({ description: 'The next of the last answer; from the beginning if not given.' }),
      limit: parameter.integer(1, 10_000).default(1000),
      district: parameter.district.optional(),
      wait: parameter.integer(0, 30).default(0).openapi({ description: 'Seconds to wait for something to happen.' }),
    }),
  },
  responses: { 200: { description: 'One page', content: { 'application/json': { schema: page } } } },
});

/** The change feed, for systems that keep a copy. */
export function changeRoutes({ store, stopping, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const { since, limit, district, wait } = c.req.valid('query');
    const within = visibleDistrict(c.get('access'), district);
    const signal = stopping === undefined ? c.req.raw.signal : AbortSignal.any([c.req.raw.signal, stopping]);
    const hidden = () => hiddenFrom(store, c.get('access'), now());
    const told = await awaitChanges(store, { since, limit, district: within, hidden }, { waitMs: wait * 1000, signal });
    c.set('rowsRead', told.changes.length);
    const changes = told.changes.map(({ payloadJson, toState, ...row }) => {
      return { ...row, state: toState, payload: JSON.parse(payloadJson) as Record<string, unknown> };
    });
    const next = new URL(c.req.url);
    next.searchParams.set('since', told.next);
    c.header('Link', `<${next.pathname}${next.search}>; rel="next"`);
    return c.json({ changes, next: told.next, more: told.more }, 200);
  });
  return routes;
}
