import { type DeadlineEntry, listDeadlines } from '../deadlines/list.ts';
import { sha256Of } from '../sha256.ts';
import { districtNames } from '../store/month-figures.ts';
import { addDeliveries, addNewNotices, type NewDelivery } from '../store/notify-deliveries.ts';
import { activeEndpoints, type EndpointRow } from '../store/notify-endpoints.ts';
import { headOfLog } from '../store/notify-figures.ts';
import type { Store } from '../store/open.ts';
import { wants } from './fan-out.ts';
import { noticesMail } from './mail/notices-mail.ts';
import { gradeMessage } from './message.ts';

/** Of a notice: after the last event it knew of, before the next one. */
const HALF_STEP = 0.5;

/**
 * Tells each receiver of what has become due soon, late or to be escalated (督办, 约谈) in its district: once for each
 * grade of each due date. A webhook gets a message each, in line with the events of the same patch; mail is one about
 * all of them.
 * @param at by whose deadlines it is graded
 * @param now when the messages are added, by the sender's own clock
 */
export async function addNotices(store: Store, at: Date, now: Date): Promise<void> {
  const endpoints = (await activeEndpoints(store.db)).filter(wantsNotices);
  if (endpoints.length === 0) return;
  const head = await headOfLog(store.db);
  const { entries } = await listDeadlines(store, { at });
  const names = await districtNames(store.db);
  for (const endpoint of endpoints) {
    const wanted = entries.filter(
      ({ subject, grade, district }) =>
        district.startsWith(endpoint.district) && wants(endpoint, `${subject}.${grade}`),
    );
    await store.db.transaction().execute(async (trx) => {
      const rows = wanted.map((entry) => noticeOf(endpoint, entry, at));
      const added = await addNewNotices(trx, rows);
      const fresh = wanted.filter((_, i) => added.has(rows[i].noticeId));
      if (fresh.length === 0) return;
      const deliveries =
        endpoint.kind === 'webhook'
          ? fresh.map((entry) => webhookNotice(endpoint, entry, head, now))
          : [mailNotice(endpoint, fresh, names, at, now)];
      await addDeliveries(trx, deliveries);
    });
  }
}

function wantsNotices({ typesJson }: EndpointRow): boolean {
  const types = JSON.parse(typesJson) as string[];
  return types.length === 0 || types.some((type) => /\.(due-soon|overdue|supervise|interview)$/.test(type));
}

function noticeOf(endpoint: EndpointRow, { subject, id, grade, dueAt }: DeadlineEntry, at: Date) {
  const noticeId = noticeIdOf({ subject, id, grade, dueAt });
  return { endpointId: endpoint.id, noticeId, subject, subjectId: id, grade, dueAt: dueAt!, at: at.toISOString() };
}

/** The same for every receiver. */
function noticeIdOf({ subject, id, grade, dueAt }: Pick<DeadlineEntry, 'subject' | 'id' | 'grade' | 'dueAt'>): string {
  return hashOf(JSON.stringify([subject, id, grade, dueAt]));
}

function webhookNotice(endpoint: EndpointRow, entry: DeadlineEntry, head: number, now: Date): NewDelivery {
  const message = gradeMessage(entry);
  return {
    endpointId: endpoint.id,
    messageId: noticeIdOf(entry),
    type: message.type,
    chain: `${entry.subject}:${entry.id}`,
    position: head + HALF_STEP,
    bodyJson: JSON.stringify(message),
    nextAt: now.toISOString(),
  };
}

function mailNotice(
  endpoint: EndpointRow,
  entries: readonly DeadlineEntry[],
  names: ReadonlyMap<string, string>,
  at: Date,
  now: Date,
): NewDelivery {
  return {
    endpointId: endpoint.id,
    messageId: hashOf(JSON.stringify([endpoint.id, ...entries.map(noticeIdOf)])),
    type: 'mail.notices',
    chain: 'mail',
    position: 0,
    bodyJson: JSON.stringify(noticesMail(entries, endpoint.district, names, at)),
    nextAt: now.toISOString(),
  };
}

function hashOf(text: string): string {
  return sha256Of(text).slice(0, 32);
}
