import { type Check, check } from './checks.ts';
import { outcomeOf } from './figures.ts';
import type { MonthRow } from './month-row.ts';
import type { OpenElsewhere } from './read-rows.ts';

/** What goes on into the next month, and what became of what came from the last; pure. */
export interface CarryOver {
  /** Carried out of the month closed before. */
  in: OpenElsewhere[];
  /** Of these, in numbers: ended since, still open, sent down as tasks of this month, split or merged. */
  became: { ended: number; open: number; taken: number; split: number };
  /** Open, of earlier months, and not among those carried in: reopened, found late, or of a month that is not closed. */
  joined: OpenElsewhere[];
  /** Open of the month's own. */
  own: number;
  /** What is carried into the next month, in order of number. */
  out: OpenElsewhere[];
  checks: Check[];
}

/** @param split whether others stand for a patch: its pieces, or what it was merged into */
export function carryOver(
  carriedIn: readonly OpenElsewhere[],
  rows: readonly MonthRow[],
  earlier: readonly OpenElsewhere[],
  split: (patchId: string) => boolean,
): CarryOver {
  const own = new Set(rows.map(({ patchId }) => patchId));
  const still = new Set(earlier.map(({ patchId }) => patchId));
  const cameIn = new Set(carriedIn.map(({ patchId }) => patchId));
  const fate = (patchId: string) => {
    if (own.has(patchId)) return 'taken';
    if (still.has(patchId)) return 'open';
    return split(patchId) ? 'split' : 'ended';
  };
  const became = { ended: 0, open: 0, taken: 0, split: 0 };
  for (const { patchId } of carriedIn) became[fate(patchId)]++;
  const joined = earlier.filter(({ patchId }) => !cameIn.has(patchId));
  const ownOpen = rows.filter((row) => outcomeOf(row) === 'open' && !split(row.patchId)).map(asOpen);
  const out = [...ownOpen, ...earlier].sort((a, b) => (a.number < b.number ? -1 : 1));
  const checks = [
    check(
      'carried-in',
      '上月结转 = 已办结 + 仍在办 + 本月下发 + 已拆分合并',
      'carried in = its fates',
      carriedIn.length,
      [became.ended, became.open, became.taken, became.split],
    ),
    check(
      'carried-out',
      '结转下月 = 本月在办 + 上月仍在办 + 新并入',
      'carried out = own + still open + joined',
      out.length,
      [ownOpen.length, became.open, joined.length],
    ),
  ];
  return { in: [...carriedIn], became, joined, own: ownOpen.length, out, checks };
}

function asOpen({ patchId, number, found, district, state, dueAt }: MonthRow): OpenElsewhere {
  return { patchId, number, found, district, state, dueAt };
}
