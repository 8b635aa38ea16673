import type { ScopeFacts } from './facts.ts';
import type { ReportParameters } from './parameters.ts';
import { mu } from './table.ts';

/** What of a county decides its place. */
export interface Scored {
  code: string;
  figures: {
    base: { count: number; areaM2: number };
    outcomes: { open: number };
    violations: { count: number };
    rectified: { count: number };
  };
}

/** A county's place; pure. */
export interface Ranked<S extends Scored = ScopeFacts> {
  scope: S;
  /** 1 = best; equals share a place. Null: too small, or nothing to put right. */
  rank: number | null;
  why: 'small' | 'no-breach' | null;
}

/**
 * By the share of breaches put right, then by the share of the base that is done. A county with few patches or little
 * area is marked and not ranked against: one patch more would turn it over. The ranked come first.
 */
export function rankCounties<S extends Scored>(counties: readonly S[], { ranking }: ReportParameters): Ranked<S>[] {
  const told = counties.map((scope): Ranked<S> => ({ scope, rank: null, why: whyNot(scope, ranking) }));
  const ranked = told
    .filter(({ why }) => why === null)
    .sort((a, b) => compare(a.scope, b.scope) || (a.scope.code < b.scope.code ? -1 : 1));
  for (const [k, one] of ranked.entries()) {
    const before = ranked[k - 1];
    one.rank = before !== undefined && compare(before.scope, one.scope) === 0 ? before.rank : k + 1;
  }
  return [...ranked, ...told.filter(({ why }) => why !== null)];
}

export function isSmall({ figures }: Scored, { smallPatches, smallAreaMu }: ReportParameters['ranking']): boolean {
  return figures.base.count < smallPatches || mu(figures.base.areaM2) < smallAreaMu;
}

/** Done: resolved or dismissed, of the base. */
export function clearance({ figures }: Scored): { count: number; of: number; rate: number | null } {
  const of = figures.base.count;
  const count = of - figures.outcomes.open;
  return { count, of, rate: of === 0 ? null : count / of };
}

export function rectifiedRate({ figures }: Scored): number | null {
  return figures.violations.count === 0 ? null : figures.rectified.count / figures.violations.count;
}

function whyNot(scope: Scored, ranking: ReportParameters['ranking']): Ranked['why'] {
  if (isSmall(scope, ranking)) return 'small';
  return scope.figures.violations.count === 0 ? 'no-breach' : null;
}

/** Below 0: a stands before b. */
function compare(a: Scored, b: Scored): number {
  const byRectified = (rectifiedRate(b) ?? 0) - (rectifiedRate(a) ?? 0);
  return byRectified || (clearance(b).rate ?? 0) - (clearance(a).rate ?? 0);
}
