/** How much of a patch lies in a district. */
export interface DistrictShare {
  /** Administrative code, 6, 9 or 12 digits (XZQDM). */
  code: string;
  /** Of the patch's area, 0–1. */
  share: number;
}

/**
 * The district a patch belongs to: the one that holds the largest share, or null when none holds any. A tie goes to the
 * lower code, so that a patch wholly in one town is its county's.
 */
export function homeOf(shares: readonly DistrictShare[]): string | null {
  return shares.toSorted(bySizeThenCode)[0]?.code ?? null;
}

/** Halves that differ only by rounding are a tie, so that the answer does not depend on it. */
export function bySizeThenCode(a: DistrictShare, b: DistrictShare): number {
  const step = ({ share }: DistrictShare) => Math.round(share * 1e6);
  return step(b) - step(a) || (a.code < b.code ? -1 : 1);
}
