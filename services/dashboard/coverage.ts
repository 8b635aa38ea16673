import type { CoverageSum } from '../store/dashboard-months.ts';
import type { CoverageFigures, Seen } from './figures.ts';

/** What images showed, by district; pure. Where no run looked nothing is said: unobserved is never unchanged. */

/** @param sums of one month; @param districts codes of the counties there are */
export function coverageOf(
  sums: readonly CoverageSum[],
  districts: readonly string[],
  names: ReadonlyMap<string, string>,
): CoverageFigures {
  // A run may look at counties, or at the parts of one: what it looked at is listed, and counties it did not.
  const looked = sums.map(({ district }) => district);
  const unseen = districts.filter((code) => !looked.some((one) => one.startsWith(code) || code.startsWith(one)));
  return {
    total: sums.length === 0 ? null : seenOf(sums),
    districts: [...looked, ...unseen].sort().map((district) => {
      const own = sums.filter((sum) => sum.district === district);
      return { district, name: names.get(district) ?? district, seen: own.length === 0 ? null : seenOf(own) };
    }),
  };
}

export function seenOf(sums: readonly Seen[]): Seen {
  const sum = (of: (one: Seen) => number) => sums.reduce((all, one) => all + of(one), 0);
  return {
    totalM2: sum(({ totalM2 }) => totalM2),
    observedM2: sum(({ observedM2 }) => observedM2),
    cloudM2: sum(({ cloudM2 }) => cloudM2),
    noImageM2: sum(({ noImageM2 }) => noImageM2),
  };
}
