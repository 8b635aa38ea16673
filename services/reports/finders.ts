import type { FirstFinder } from '../field/clues/first-finder.ts';
import { localDate } from '../field/local-date.ts';
import type { FinderFacts } from './facts.ts';

/** Who found places first within a span of months, and after how many days; pure. */
export function findersOf(ledger: readonly FirstFinder[], from: string, to: string): FinderFacts[] {
  const inSpan = ledger.filter(({ foundAt }) => {
    const month = localDate(foundAt).slice(0, 7);
    return month >= from && month <= to;
  });
  return (['satellite', 'patrol', 'public', 'papers'] as const).map((by) => {
    const own = inSpan.filter(({ foundBy }) => foundBy === by);
    const most = own.flatMap(({ daysAtMost }) => daysAtMost ?? []);
    return {
      by,
      places: own.length,
      daysAtLeast: median(own.flatMap(({ daysAtLeast }) => daysAtLeast ?? [])),
      daysAtMost: median(most),
      known: most.length,
    };
  });
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}
