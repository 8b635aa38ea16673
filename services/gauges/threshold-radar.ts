import { nameKey } from '../actors/name-key.ts';
import { M2_PER_MU, muOf } from '../legality/area.ts';
import type { Label } from '../lifecycle/label.ts';
import { type GaugeRow, inOrder, remainingM2, standingOf } from './gauge-row.ts';
import type { GaugeParameters } from './parameters.ts';
import { type Range, ratio, sumOf } from './range.ts';

/** review: a line is reached by what persons judged illegal. possible: with what is open. near: close to one. */
export type RadarLevel = 'review' | 'possible' | 'near';

const levels: RadarLevel[] = ['review', 'possible', 'near'];

/** 移送审查 is all that may be said: whether it is a crime is for others to find, on more than an area. */
export const radarLevels: Record<RadarLevel, Label> = {
  review: { zh: '移送审查', en: 'review for hand-over' },
  possible: { zh: '待判定后移送审查', en: 'review for hand-over once judged' },
  near: { zh: '接近界线', en: 'near a line' },
};

/** One actor's farmland over the months before and with `to`. low: judged illegal by persons; high: with what is open. */
export interface RadarEntry {
  /** Null: nobody known; such a patch stands alone, as it is added to no other. */
  actor: string | null;
  /** Of the register; null: it does not know the name. */
  actorId: string | null;
  /** The names that are on record for it. */
  names: string[];
  from: string;
  to: string;
  /** The two kinds are counted apart, m². */
  basicFarmlandM2: Range;
  otherFarmlandM2: Range;
  level: RadarLevel;
  because: Label[];
  districts: string[];
  /** In order of number. */
  patches: { judged: string[]; open: string[] };
  /** Numbers (JCBH) of all of them. */
  numbers: string[];
}

/** Actors at or near a line in the window that ends with month `to`, the gravest first, then by area. */
export function thresholdRadar(rows: readonly GaugeRow[], to: string, { radar }: GaugeParameters): RadarEntry[] {
  const from = monthsBefore(to, radar.months - 1);
  return groupsOf(rows, from, to)
    .flatMap((group) => entryOf(group, from, to, radar) ?? [])
    .sort(
      (a, b) =>
        levels.indexOf(a.level) - levels.indexOf(b.level) ||
        total(b) - total(a) ||
        ((a.actor ?? '') < (b.actor ?? '') ? -1 : 1),
    );
}

/** What one actor took in the window, whether or not it comes near a line; m². */
export interface ActorTotal extends Pick<RadarEntry, 'actor' | 'actorId' | 'basicFarmlandM2' | 'otherFarmlandM2'> {
  patches: number;
}

/** The sums that the lines are held against, of every actor: each patch that counts is in one of them. */
export function actorTotals(rows: readonly GaugeRow[], to: string, { radar }: GaugeParameters): ActorTotal[] {
  return groupsOf(rows, monthsBefore(to, radar.months - 1), to).map((group) => ({
    ...whoOf(group),
    ...areasOf(group, radar),
    patches: group.length,
  }));
}

/** Patches that count, by who took them; whom nobody knows is nobody's. */
function groupsOf(rows: readonly GaugeRow[], from: string, to: string): GaugeRow[][] {
  const counted = inOrder(
    rows.filter((row) => row.month >= from && row.month <= to && ['illegal', 'open'].includes(standingOf(row))),
  );
  return [...Map.groupBy(counted, groupKey).values()];
}

function groupKey({ actorId, actor, patchId }: GaugeRow): string {
  if (actorId !== null) return `actor ${actorId}`;
  return actor !== null && nameKey(actor) !== '' ? `name ${nameKey(actor)}` : `patch ${patchId}`;
}

function whoOf([first]: readonly GaugeRow[]): Pick<RadarEntry, 'actor' | 'actorId'> {
  return { actor: first.actor?.trim() || null, actorId: first.actorId };
}

function areasOf(
  group: readonly GaugeRow[],
  radar: GaugeParameters['radar'],
): Pick<RadarEntry, 'basicFarmlandM2' | 'otherFarmlandM2'> {
  const judged = group.filter((row) => standingOf(row) === 'illegal');
  const range = (value: (row: GaugeRow) => number): Range => ({ low: sumOf(judged, value), high: sumOf(group, value) });
  const share = (row: GaugeRow) => (radar.restoredCounts ? 1 : ratio(remainingM2(row), row.farmlandM2));
  return {
    basicFarmlandM2: range((row) => row.basicFarmlandM2 * share(row)),
    otherFarmlandM2: range((row) => Math.max(0, row.farmlandM2 - row.basicFarmlandM2) * share(row)),
  };
}

function entryOf(group: GaugeRow[], from: string, to: string, radar: GaugeParameters['radar']): RadarEntry | null {
  const judged = group.filter((row) => standingOf(row) === 'illegal');
  const { basicFarmlandM2, otherFarmlandM2 } = areasOf(group, radar);
  const lines = [
    lineOf({ zh: '永久基本农田', en: 'permanent basic farmland' }, basicFarmlandM2, radar.basicFarmlandMu, radar.near),
    lineOf({ zh: '其他耕地', en: 'other farmland' }, otherFarmlandM2, radar.otherFarmlandMu, radar.near),
  ].flatMap((line) => line ?? []);
  if (lines.length === 0) return null;
  return {
    ...whoOf(group),
    names: [...new Set(group.flatMap(({ recordedAs }) => recordedAs?.trim() || []))].sort(),
    from,
    to,
    basicFarmlandM2,
    otherFarmlandM2,
    level: levels.find((level) => lines.some((line) => line.level === level))!,
    because: lines.map(({ because }) => because),
    districts: [...new Set(group.map(({ district }) => district))].sort(),
    patches: {
      judged: judged.map(({ patchId }) => patchId),
      open: group.filter((row) => !judged.includes(row)).map(({ patchId }) => patchId),
    },
    numbers: group.map(({ number }) => number),
  };
}

function lineOf(
  land: Label,
  areaM2: Range,
  lineMu: number,
  near: number,
): { level: RadarLevel; because: Label } | null {
  const lineM2 = lineMu * M2_PER_MU;
  // Areas are sums over pixels: a square decimetre must not decide.
  const reaches = (m2: number, share: number) => m2 >= lineM2 * share - 0.01;
  const level = reaches(areaM2.low, 1)
    ? 'review'
    : reaches(areaM2.high, 1)
      ? 'possible'
      : reaches(areaM2.high, near)
        ? 'near'
        : null;
  if (level === null) return null;
  const mu = (m2: number) => muOf(m2).toFixed(2);
  const figure = areaM2.low === areaM2.high ? mu(areaM2.low) : `${mu(areaM2.low)}–${mu(areaM2.high)}`;
  return {
    level,
    because: {
      zh: `${land.zh} ${figure} 亩，界线 ${lineMu} 亩：${radarLevels[level].zh}`,
      en: `${figure} 亩 of ${land.en}, line at ${lineMu} 亩: ${radarLevels[level].en}`,
    },
  };
}

function total({ basicFarmlandM2, otherFarmlandM2 }: RadarEntry): number {
  return basicFarmlandM2.high + otherFarmlandM2.high;
}

function monthsBefore(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}
