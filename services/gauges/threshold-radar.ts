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
}

/** Actors at or near a line in the window that ends with month `to`, the gravest first, then by area. */
export function thresholdRadar(rows: readonly GaugeRow[], to: string, { radar }: GaugeParameters): RadarEntry[] {
  const from = monthsBefore(to, radar.months - 1);
  const counted = inOrder(
    rows.filter((row) => row.month >= from && row.month <= to && ['illegal', 'open'].includes(standingOf(row))),
  );
  const groups = Map.groupBy(counted, (row) => actorKey(row.actor) ?? ` ${row.patchId}`);
  return [...groups.values()]
    .flatMap((group) => entryOf(group, from, to, radar) ?? [])
    .sort(
      (a, b) =>
        levels.indexOf(a.level) - levels.indexOf(b.level) ||
        total(b) - total(a) ||
        ((a.actor ?? '') < (b.actor ?? '') ? -1 : 1),
    );
}

function entryOf(group: GaugeRow[], from: string, to: string, radar: GaugeParameters['radar']): RadarEntry | null {
  const judged = group.filter((row) => standingOf(row) === 'illegal');
  const range = (value: (row: GaugeRow) => number): Range => ({ low: sumOf(judged, value), high: sumOf(group, value) });
  const share = (row: GaugeRow) => (radar.restoredCounts ? 1 : ratio(remainingM2(row), row.farmlandM2));
  const basicFarmlandM2 = range((row) => row.basicFarmlandM2 * share(row));
  const otherFarmlandM2 = range((row) => Math.max(0, row.farmlandM2 - row.basicFarmlandM2) * share(row));
  const lines = [
    lineOf({ zh: '永久基本农田', en: 'permanent basic farmland' }, basicFarmlandM2, radar.basicFarmlandMu, radar.near),
    lineOf({ zh: '其他耕地', en: 'other farmland' }, otherFarmlandM2, radar.otherFarmlandMu, radar.near),
  ].flatMap((line) => line ?? []);
  if (lines.length === 0) return null;
  return {
    actor: group[0].actor?.trim() || null,
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

/** The same name written otherwise is the same actor: full-width letters and blanks do not count. */
function actorKey(actor: string | null): string | null {
  return actor?.normalize('NFKC').replace(/\s/g, '').toLowerCase() || null;
}

function total({ basicFarmlandM2, otherFarmlandM2 }: RadarEntry): number {
  return basicFarmlandM2.high + otherFarmlandM2.high;
}

function monthsBefore(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}
