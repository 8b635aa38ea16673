import type { Label } from '../lifecycle/label.ts';

/** Was a patrol there before the image? (责任倒查) */
export const PATROL_ANSWERS = {
  reported: { zh: '已巡查并报告', en: 'patrolled and reported' },
  'not-reported': { zh: '已巡查未报告', en: 'patrolled, not reported' },
  'no-patrol': { zh: '未巡查', en: 'no patrol' },
  'not-known': { zh: '不明（无巡查记录）', en: 'not known' },
} as const satisfies Record<string, Label>;
export type PatrolAnswer = keyof typeof PATROL_ANSWERS;

/** A patrol as one patch sees it. */
export interface PatrolSeen {
  id: string;
  who: string;
  /** Days, YYYY-MM-DD, Asia/Shanghai. */
  fromDay: string;
  toDay: string;
  /** Whether it was in a grid of the patch. */
  inGrid: boolean;
  /** Metres from the patch; null where it is farther than was asked about, or its place is not on record. */
  distanceM: number | null;
  /** Whether it reported anything. */
  reported: boolean;
  /** Whether its place is one point: what it reported is there and nowhere else. */
  isPoint: boolean;
}

/** A finding of a patrol that came in as a clue about the very place. */
export interface PatrolClue {
  id: string;
  who: string;
  /** YYYY-MM-DD, Asia/Shanghai. */
  day: string;
}

export interface PatrolQuestion {
  /** Last look unchanged and first look changed; null where nobody knows the former. */
  onset: { lastUnchanged: string | null; firstChanged: string };
  patrols: readonly PatrolSeen[];
  clues: readonly PatrolClue[];
}

export interface PatrolFinding {
  answer: PatrolAnswer;
  /** Patrols and clues it rests on, oldest first. */
  patrols: string[];
  clues: string[];
  /** Who patrolled in the interval. */
  persons: string[];
  because: Label;
}

/**
 * The answer for one patch. What counts is a patrol in a grid of the patch, or within the metres that were asked about,
 * from the last day known unchanged to the day of the image. A report from one point that is farther away is about
 * something else. Where no patrol of the ground is on record up to the image, nobody can say that there was none.
 */
export function patrolBefore({ onset, patrols, clues }: PatrolQuestion): PatrolFinding {
  const { lastUnchanged, firstChanged } = onset;
  const here = patrols.filter((each) => each.inGrid || each.distanceM !== null).toSorted(byDay);
  const inTime = (from: string, to: string) => from <= firstChanged && (lastUnchanged === null || to >= lastUnchanged);
  const told = clues.filter(({ day }) => inTime(day, day)).toSorted((a, b) => (a.day < b.day ? -1 : 1));
  // Nobody knows since when it could have been seen: only a report of the place itself says anything.
  const during = lastUnchanged === null ? [] : here.filter((each) => inTime(each.fromDay, each.toDay));
  const reports = during.filter((each) => each.reported && (!each.isPoint || each.distanceM !== null));
  const finding = (answer: PatrolAnswer, on: readonly PatrolSeen[], zh: string, en: string): PatrolFinding => ({
    answer,
    patrols: on.map(({ id }) => id),
    clues: told.map(({ id }) => id),
    persons: [...new Set([...on, ...told].map(({ who }) => who))].sort(),
    because: { zh, en },
  });
  const span = `${lastUnchanged ?? '?'}–${firstChanged}`;
  if (reports.length + told.length > 0) {
    const count = reports.length + told.length;
    return finding('reported', reports, `${span} 有 ${count} 条报告`, `${count} reports in ${span}`);
  }
  if (lastUnchanged === null) return finding('not-known', [], '变化起始时间不明', 'not known since when it is changed');
  if (during.length > 0) {
    const count = during.length;
    return finding(
      'not-reported',
      during,
      `${span} 巡查 ${count} 次，均未报告`,
      `${count} patrols in ${span}, no report`,
    );
  }
  const earlier = here.some(({ fromDay }) => fromDay <= firstChanged);
  return earlier
    ? finding('no-patrol', [], `${span} 无巡查`, `no patrol in ${span}, though there are records from before`)
    : finding('not-known', [], '影像日期前无本网格巡查记录', 'no patrol of the ground is on record up to the image');
}

function byDay(a: PatrolSeen, b: PatrolSeen): number {
  return a.fromDay === b.fromDay ? (a.id < b.id ? -1 : 1) : a.fromDay < b.fromDay ? -1 : 1;
}

/** How often each answer was given, by some key of the patch (its grid, a person). */
export interface PatrolFigures {
  key: string;
  name: string;
  patches: number;
  reported: number;
  notReported: number;
  noPatrol: number;
  notKnown: number;
}

/** In order of key. The four counts add up to the patches. */
export function patrolFigures(rows: readonly { key: string; name: string; answer: PatrolAnswer }[]): PatrolFigures[] {
  const groups = Map.groupBy(rows, ({ key }) => key);
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const count = (answer: PatrolAnswer) => group.filter((row) => row.answer === answer).length;
      return {
        ...{ key, name: group[0].name, patches: group.length },
        ...{ reported: count('reported'), notReported: count('not-reported') },
        ...{ noPatrol: count('no-patrol'), notKnown: count('not-known') },
      };
    });
}
