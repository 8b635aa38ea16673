import { closeMonth } from '../cycle/close.ts';
import { issueMonth } from '../cycle/issue.ts';
import { openMonth } from '../cycle/open.ts';
import { ServiceError } from '../error.ts';
import { monthAfter, monthBefore } from '../month/calendar-month.ts';
import type { Store } from '../store/open.ts';
import { finishedMonths } from '../store/runs.ts';
import { listScenes } from '../store/scenes.ts';

/**
 * How far the schedule goes by itself after a month's run. open: its record is opened; issue: its tasks are sent too;
 * close: the month before, whose tasks were sent, is closed first. What people must decide stays theirs: a step that
 * is refused is said and left to them.
 */
export const REACHES = ['run', 'open', 'issue', 'close'] as const;
export type Reach = (typeof REACHES)[number];

const actor = 'tuban';

/**
 * The months a tick has to run, oldest first: those with images since the last month that was run, up to `until`;
 * with a quarterly cadence three, and after a missed tick more. `until` itself is always among them.
 * @param finished months with a finished run; @param imaged months that images are of
 */
export function dueMonths(until: string, finished: readonly string[], imaged: readonly string[]): string[] {
  const last = finished
    .filter((month) => month < until)
    .sort()
    .at(-1);
  const due = [until];
  if (last === undefined) return due;
  const seen = new Set(imaged);
  for (let month = monthAfter(last); month < until; month = monthAfter(month)) if (seen.has(month)) due.push(month);
  return due.sort();
}

/** The same, of a workspace. */
export async function monthsDue({ db }: Store, until: string): Promise<string[]> {
  const imaged = (await listScenes(db)).map(({ date }) => date.slice(0, 7));
  return dueMonths(until, await finishedMonths(db), imaged);
}

/** Does what the schedule does beside the run of a month; gives a line for each step, taken or refused. */
export async function workMonth(
  store: Store,
  { month, reach, now, run }: { month: string; reach: Reach; now: () => Date; run: () => Promise<unknown> },
): Promise<string[]> {
  const reaches = (step: Reach) => REACHES.indexOf(reach) >= REACHES.indexOf(step);
  const lines: string[] = [];
  const take = async (what: string, step: () => Promise<string>) => {
    lines.push(await step().catch((error: unknown) => refusal(what, error)));
  };
  const before = monthBefore(month);
  if (reaches('close')) {
    await take(`close ${before}`, async () => {
      const { sha256 } = await closeMonth(store, { month: before, actor, at: now() });
      return `Month ${before} is closed (sha256 ${sha256.slice(0, 12)}).`;
    });
  }
  await run();
  if (reaches('open')) {
    await take(`open ${month}`, async () => {
      const { isNew, patches } = await openMonth(store, { month, actor, at: now() });
      return isNew
        ? `Month ${month} is open with ${patches.length} patches.`
        : `Month ${month} was open; patches found since join at its next issue.`;
    });
  }
  if (reaches('issue')) {
    await take(`issue ${month}`, async () => {
      const { sent } = await issueMonth(store, { month, actor, at: now() });
      return `Month ${month}: ${sent} tasks sent.`;
    });
  }
  return lines;
}

function refusal(what: string, error: unknown): string {
  if (error instanceof ServiceError && error.code !== 'store-unusable') return `Could not ${what}: ${error.message}`;
  throw error;
}
