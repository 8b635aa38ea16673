import { outcomeOf } from '../cycle/figures.ts';
import type { MonthRow } from '../cycle/month-row.ts';
import type { SeenPatch } from '../store/report-rows.ts';
import type { PrecisionFacts } from './facts.ts';
import { isOriginal } from './headline.ts';

/** How often the detector was right, by what people made of its patches; pure. */

/** Dismissed for these, a patch says nothing about the detector. */
export const SET_ASIDE: readonly string[] = ['duplicate', 'base-map-error'];

export interface Reviewed {
  seen: ReadonlyMap<string, SeenPatch>;
  /** Why each dismissed patch was, by patch id. */
  reasons: ReadonlyMap<string, string | null>;
  /** The detector's version by run; runs that compared nothing are absent. */
  detectors: ReadonlyMap<string, string>;
}

export type Verdict = 'confirmed' | 'false' | 'set-aside' | 'open';

/**
 * By month found, type and detector version. Patches of reports, papers and batches are left out: no image showed them
 * to the detector. One that was split or merged is confirmed where
 * any that came of it is.
 */
export function precisionOf(rows: readonly MonthRow[], reviewed: Reviewed): PrecisionFacts[] {
  const counts = new Map<string, PrecisionFacts>();
  const families = Map.groupBy(rows, ({ rootId }) => rootId);
  for (const row of rows.filter(isOriginal)) {
    const family = row.lineage === 'original' ? [row] : (families.get(row.rootId) as MonthRow[]);
    const seen = reviewed.seen.get(row.patchId);
    const detector = seen?.screening === 'issued' ? reviewed.detectors.get(seen.runId) : undefined;
    if (seen === undefined || detector === undefined) continue;
    const month = row.found;
    const key = [month, seen.type, detector].join(' ');
    const nothing = { found: 0, confirmed: 0, falseOnes: 0, setAside: 0 };
    const count = counts.get(key) ?? { month, type: seen.type, detector, ...nothing };
    counts.set(key, count);
    const verdict = verdictOf(family, reviewed.reasons);
    count.found++;
    if (verdict === 'confirmed') count.confirmed++;
    if (verdict === 'false') count.falseOnes++;
    if (verdict === 'set-aside') count.setAside++;
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/** What people made of a patch, by all that came of it. */
export function verdictOf(family: readonly MonthRow[], reasons: Reviewed['reasons']): Verdict {
  const dismissed = family.filter((row) => outcomeOf(row) === 'dismissed');
  const judged = family.some((row) => row.judgement !== null && outcomeOf(row) !== 'dismissed');
  if (judged) return 'confirmed';
  if (dismissed.length === 0) return 'open';
  const aside = dismissed.every(({ patchId }) => SET_ASIDE.includes(reasons.get(patchId) ?? ''));
  return aside ? 'set-aside' : 'false';
}

/** The same added up over what `keyOf` tells apart. */
export function addedUp(
  parts: readonly PrecisionFacts[],
  keyOf: (part: PrecisionFacts) => string,
): (Omit<PrecisionFacts, 'month' | 'type' | 'detector'> & { key: string })[] {
  return [...Map.groupBy(parts, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, same]) => {
      const sum = (of: (part: PrecisionFacts) => number) => same.reduce((all, part) => all + of(part), 0);
      return {
        key,
        found: sum(({ found }) => found),
        confirmed: sum(({ confirmed }) => confirmed),
        falseOnes: sum(({ falseOnes }) => falseOnes),
        setAside: sum(({ setAside }) => setAside),
      };
    });
}
