import { eventsUntil } from '../deadlines/grade.ts';
import { endOfDay } from '../lifecycle/deadline.ts';
import { project } from '../lifecycle/projection.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import { byDistrict } from './figure-set.ts';
import { baseOf } from './figures.ts';
import type { MonthRow, RowEvent } from './month-row.ts';

/** 周通报 and 双周调度会: what was done and what is late, told from the logs as they stood at each date; pure. */

export interface WeeklyNotice {
  /** Local days, Monday to Sunday, cut to the month's opening and closing. */
  from: string;
  to: string;
  districts: {
    district: string;
    /** Patches that reached each step within the week. */
    sent: number;
    acknowledged: number;
    verified: number;
    reported: number;
    returned: number;
    cleared: number;
    /** At the week's end. */
    open: number;
    overdue: string[];
    dueNextWeek: string[];
  }[];
}

export interface DispatchMeeting {
  /** Local day on which the fortnight ends. */
  day: string;
  agenda: { number: string; district: string; state: string; due: string | null; why: AgendaReason[] }[];
}

export type AgendaReason = 'overdue' | 'not-acknowledged' | 'in-doubt' | 'returned' | 'closure-returned' | 'reopened';

const DAY_MS = 86_400_000;
const BY_STATE: Readonly<Record<string, AgendaReason>> = {
  warned: 'not-acknowledged',
  'in-doubt': 'in-doubt',
  returned: 'returned',
  'closure-returned': 'closure-returned',
  reopened: 'reopened',
};

export type Logs = ReadonlyMap<string, readonly RowEvent[]>;

/** One notice a week from the opening to the closing. */
export function weeklyNotices(rows: readonly MonthRow[], logs: Logs, from: Date, to: Date): WeeklyNotice[] {
  const districts = byDistrict(baseOf(rows));
  return weeks(from, to).map((week) => ({
    from: localDay(week.from),
    to: localDay(week.to),
    districts: districts.map(([district, own]) => ({ district, ...noticeOf(own, logs, week) })),
  }));
}

/** The agenda at the end of every second week, and at the closing. */
export function dispatchMeetings(rows: readonly MonthRow[], logs: Logs, from: Date, to: Date): DispatchMeeting[] {
  const all = weeks(from, to);
  const ends = all.filter((_, i) => i % 2 === 1 || i === all.length - 1);
  return ends.map(({ to: end }) => ({
    day: localDay(end),
    agenda: baseOf(rows).flatMap((row) => {
      const now = standingAt(logs.get(row.patchId) ?? [], end);
      if (now === null || stateOf('patch', now.state).outcome !== 'open') return [];
      const why: AgendaReason[] = isPast(now.dueAt, end) ? ['overdue'] : [];
      if (BY_STATE[now.state]) why.push(BY_STATE[now.state]);
      const due = now.dueAt === null ? null : localDay(now.dueAt);
      return why.length === 0 ? [] : [{ number: row.number, district: row.district, state: now.state, due, why }];
    }),
  }));
}

interface Week {
  from: Date;
  to: Date;
}

function noticeOf(own: readonly MonthRow[], logs: Logs, { from, to }: Week) {
  const nextWeek = new Date(to.getTime() + 7 * DAY_MS);
  const moved = { warned: 0, acknowledged: 0, verified: 0, 'city-review': 0, returned: 0, resolved: 0 };
  const [overdue, dueNextWeek]: [string[], string[]] = [[], []];
  let open = 0;
  for (const { patchId, number } of own) {
    const log = logs.get(patchId) ?? [];
    const within = withoutUndone(log).filter(({ at }) => at >= from.toISOString() && at <= to.toISOString());
    const reached = new Set(within.filter(({ fromState, toState }) => fromState !== toState).map((e) => e.toState));
    for (const state of Object.keys(moved) as (keyof typeof moved)[]) if (reached.has(state)) moved[state]++;
    const now = standingAt(log, to);
    if (now === null || stateOf('patch', now.state).outcome !== 'open') continue;
    open++;
    if (isPast(now.dueAt, to)) overdue.push(number);
    else if (isPast(now.dueAt, nextWeek)) dueNextWeek.push(number);
  }
  const { warned, acknowledged, verified, returned, resolved } = moved;
  const steps = { sent: warned, acknowledged, verified, reported: moved['city-review'], returned, cleared: resolved };
  return { ...steps, open, overdue, dueNextWeek };
}

function standingAt(log: readonly RowEvent[], at: Date) {
  return project(eventsUntil(log, at));
}

function isPast(dueAt: string | null, at: Date): boolean {
  return dueAt !== null && dueAt < at.toISOString();
}

/** Weeks of local days, Monday first, from `from` to `to`, both cut. */
function weeks(from: Date, to: Date): Week[] {
  const found: Week[] = [];
  for (let start = from; start <= to; ) {
    const day = localDay(start);
    const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
    const sunday = new Date(endOfDay(day).getTime() + (6 - weekday) * DAY_MS);
    found.push({ from: start, to: sunday < to ? sunday : to });
    start = new Date(sunday.getTime() + 1);
  }
  return found;
}
