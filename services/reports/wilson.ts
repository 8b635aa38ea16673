/**
 * The score interval of a share that `hits` of `of` were seen in (Wilson 1927), both ends 0-1; null of nothing.
 * Few are told apart from many by it: 3 of 3 is not 100 %.
 */
export function wilson(hits: number, of: number, deviations: number): { low: number; high: number } | null {
  if (of === 0) return null;
  const [share, z2] = [hits / of, deviations ** 2];
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (deviations / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of ** 2));
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === of ? 1 : Math.min(1, middle + half) };
}
