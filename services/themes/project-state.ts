import type { Label } from '../lifecycle/label.ts';
import { lastDayOf, monthAfter } from '../month/calendar-month.ts';
import type { GreeningProject } from './greening-project.ts';
import { type GreeningState, type GreeningTest, greeningState, greeningTest } from './greening-state.ts';
import { type IdleParcel, type IdleSide, type IdleState, idleClass } from './idle-class.ts';
import type { Gap, PlaceSignal } from './place-signal.ts';

/** All states of the zones of projects. 'due' is overdue: green was to come and was seen not to. */
export type ProjectStateName = IdleState | GreeningState | 'due-unknown';

export const projectStateNames: Readonly<Record<ProjectStateName, Label>> = {
  'idle-not-started': { zh: '闲置：未动工', en: 'idle, not started' },
  'idle-stopped': { zh: '闲置：停工', en: 'idle, stopped' },
  'not-supplied': { zh: '批而未供', en: 'approved, not supplied' },
  lost: { zh: '得而复失', en: 'became green and was lost' },
  due: { zh: '逾期未变绿', en: 'overdue, not green' },
  unobserved: { zh: '未观测', en: 'unobserved' },
  unclear: { zh: '变化待判', en: 'changed into something not told' },
  'start-unknown': { zh: '开工日期不明', en: 'start unknown' },
  'due-unknown': { zh: '完成日期不明', en: 'due day unknown' },
  'not-due': { zh: '未到期', en: 'not due' },
  started: { zh: '已动工', en: 'started' },
  green: { zh: '已变绿', en: 'green' },
};

/** What the images say of a project's zone. */
export interface ProjectState {
  state: ProjectStateName;
  /** Whose turn it is; null where that is not asked. */
  side: IdleSide | null;
  /** First day of which the state is known to hold, where it is one that somebody must act on. */
  since: string | null;
  /** Day of which the state is told: that of the last look, unless that is long past. */
  asOf: string;
  /** Shares of the zone, 0–1, lower bounds; null where they are not what the state is told by. */
  developedShare: number | null;
  greenedShare: number | null;
  lostShare: number | null;
  /** Stretches nobody saw that keep the state open. */
  gaps: Gap[];
  because: Label;
}

/**
 * The day of which signals can tell: between the last look and the next month's run nothing is missing. Where the run
 * of a whole month is, the days since the last look are unobserved like any others.
 */
function asOfDay(signals: readonly PlaceSignal[], day: string): string {
  const last = signals.reduce<PlaceSignal | null>((a, b) => (a === null || b.until > a.until ? b : a), null);
  return last !== null && day <= lastDayOf(monthAfter(last.month)) ? last.until : day;
}

export function idleState(parcel: IdleParcel, signals: readonly PlaceSignal[], day: string): ProjectState {
  const asOf = asOfDay(signals, day);
  const { side, state, idleSince, developedShare, gaps, because } = idleClass(parcel, signals, asOf);
  return { state, side, since: idleSince, asOf, developedShare, greenedShare: null, lostShare: null, gaps, because };
}

/** A day after all others, for projects of which nobody says when they are due. */
const NEVER = '9999-12-31';

export function greeningProjectState(
  project: GreeningProject,
  signals: readonly PlaceSignal[],
  day: string,
  test: GreeningTest = greeningTest,
): ProjectState {
  const asOf = asOfDay(signals, day);
  const { zoneId } = project;
  const told = { zoneId, began: project.began ?? '', due: project.due ?? NEVER };
  const { state, greenedShare, lostShare, gaps } = greeningState(told, signals, asOf, test);
  const name = withoutDays(state, project);
  return {
    ...{ state: name, side: null, asOf, developedShare: null, greenedShare, lostShare },
    since: name === 'due' ? project.due : name === 'lost' ? lostSince(told, signals, test) : null,
    gaps: name === 'unobserved' ? gaps : [],
    because: because(name, project, greenedShare, lostShare),
  };
}

/** What came and went is seen whatever papers say; lack of it can only be told from the days they state. */
function withoutDays(state: GreeningState, { began, due }: GreeningProject): ProjectStateName {
  if (state === 'green' || state === 'lost') return state;
  if (due === null) return 'due-unknown';
  return state !== 'not-due' && began === null ? 'start-unknown' : state;
}

/** Day of the look at which so much of it had been lost. */
function lostSince(
  project: { zoneId: string; began: string; due: string },
  signals: readonly PlaceSignal[],
  test: GreeningTest,
): string | null {
  const looks = [...new Set(signals.map(({ until }) => until))].sort();
  const seenBy = (day: string) => signals.filter(({ until }) => until <= day);
  return looks.find((day) => greeningState(project, seenBy(day), day, test).state === 'lost') ?? null;
}

function because(state: ProjectStateName, { due }: GreeningProject, greened: number, lost: number): Label {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const wanted = percent(greeningTest.leastGreened);
  switch (state) {
    case 'green':
      return {
        zh: `已变绿约 ${percent(greened)}；是否为作物，两期影像不能认定`,
        en: `about ${percent(greened)} became green; whether it is a crop two dates cannot tell`,
      };
    case 'lost':
      return { zh: `变绿后又失去约 ${percent(lost)}`, en: `became green, then about ${percent(lost)} was lost` };
    case 'due':
      return {
        zh: `应于 ${due} 完成，全程已观测，变绿 ${percent(greened)}（不足 ${wanted}）`,
        en: `due ${due}, seen throughout, ${percent(greened)} became green (${wanted} wanted)`,
      };
    case 'not-due':
      return { zh: `应于 ${due} 完成，未到期`, en: `due ${due}` };
    case 'due-unknown':
      return { zh: '未载明完成日期，无法认定是否逾期', en: 'no due day on file: it cannot be tested' };
    case 'start-unknown':
      return { zh: '未载明开工日期，无法认定', en: 'no first day on file: it cannot be tested' };
    default:
      return { zh: '有时段未观测，不得认定未变绿', en: 'not seen throughout: it cannot be called not green' };
  }
}
