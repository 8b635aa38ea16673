import { GRADES } from '../deadlines/grade.ts';
import { type DeadlineEntry, listDeadlines } from '../deadlines/list.ts';
import { endOfDay } from '../lifecycle/deadline.ts';
import { localDay } from '../local-time.ts';
import { districtNames } from '../store/month-figures.ts';
import { addDeliveries, lastMessageId } from '../store/notify-deliveries.ts';
import { activeEndpoints, type EndpointRow } from '../store/notify-endpoints.ts';
import { countStates, newPatches } from '../store/notify-figures.ts';
import type { Store } from '../store/open.ts';
import { digestMail } from './mail/digest-mail.ts';

/** Asia/Shanghai, from when on a day's digest is drawn up. */
const HOUR = 8;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * HOUR_MS;

type Cadence = 'daily' | 'weekly';

/**
 * Draws up each mail receiver's digest once a day, or once a week from Monday on, at the first pass after 8 o'clock in
 * Shanghai; what was new is counted from the hour of the digest before to that of this one, so that none is left out.
 * @param at by which clock days are told; `now`: the sender's own
 */
export async function addDigests(store: Store, at: Date, now: Date): Promise<void> {
  const due: { endpoint: EndpointRow; day: string; before: string | null }[] = [];
  for (const endpoint of await activeEndpoints(store.db, 'mail')) {
    const day = endpoint.digest === 'none' ? null : digestDay(endpoint.digest, at);
    if (day === null) continue;
    const last = await lastMessageId(store.db, endpoint.id, idOf(endpoint, ''));
    if (last === null || last < idOf(endpoint, day))
      due.push({ endpoint, day, before: last?.slice(-day.length) ?? null });
  }
  if (due.length === 0) return;
  const { entries } = await listDeadlines(store, { at, grades: GRADES });
  const names = await districtNames(store.db);
  for (const { endpoint, day, before } of due) {
    const mail = await mailFor(store, endpoint, { day, before }, { entries, names, at });
    const said = { type: 'mail.digest', chain: 'mail', position: 0, nextAt: now.toISOString() };
    const delivery = {
      endpointId: endpoint.id,
      messageId: idOf(endpoint, day),
      bodyJson: JSON.stringify(mail),
      ...said,
    };
    await addDeliveries(store.db, [delivery]);
  }
}

/** The local day whose digest is due at a moment: of a weekly one the week's Monday; null before its hour. */
function digestDay(cadence: Cadence, at: Date): string | null {
  const today = localDay(at);
  const day = cadence === 'daily' ? today : mondayOf(today);
  return at.getTime() >= hourOf(day) ? day : null;
}

/** Of this digest and of the one before it. */
interface Days {
  day: string;
  before: string | null;
}

interface Known {
  entries: readonly DeadlineEntry[];
  names: ReadonlyMap<string, string>;
  at: Date;
}

async function mailFor({ db }: Store, endpoint: EndpointRow, { day, before }: Days, { entries, names, at }: Known) {
  const { district } = endpoint;
  const cadence = endpoint.digest as Cadence;
  const today = localDay(at);
  const weekEnd = endOfDay(localDay(new Date(hourOf(mondayOf(today)) + 6 * DAY_MS))).toISOString();
  const from = before === null ? hourOf(day) - (cadence === 'daily' ? 1 : 7) * DAY_MS : hourOf(before);
  const own = entries.filter((entry) => entry.district.startsWith(district));
  const isLate = ({ dueAt }: DeadlineEntry) => dueAt! < at.toISOString();
  return digestMail({
    cadence,
    day: today,
    district,
    names,
    counts: await countStates(db, district),
    dueThisWeek: own.filter((entry) => !isLate(entry) && entry.dueAt! <= weekEnd),
    overdue: own.filter(isLate),
    fresh: await newPatches(db, district, new Date(from).toISOString(), new Date(hourOf(day)).toISOString()),
  });
}

function idOf({ id }: EndpointRow, day: string): string {
  return `digest-${id}-${day}`;
}

/** The digest's hour on a local day, as a UTC time. */
function hourOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - SHANGHAI_MS + HOUR * HOUR_MS;
}

function mondayOf(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(time).getUTCDay() + 6) % 7;
  return new Date(time - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}
