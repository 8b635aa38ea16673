import { M2_PER_MU, shownM2, sumM2 } from './area.ts';
import type { AtomVerdict, Verdict } from './atom-verdict.ts';
import type { Atom } from './facts.ts';
import type { Ground } from './ground.ts';
import type { RuleSet } from './rule-set.ts';

/** An atom with its ground and what was made of it. */
export interface JudgedAtom extends AtomVerdict {
  atom: Atom;
  ground: Ground;
}

/** Areas in m², rounded to 0.01. */
export interface CoverageFigures {
  freeM2: number;
  coveredM2: number;
  doubtfulM2: number;
  uncoveredM2: number;
  farmlandUncoveredM2: number;
  farmlandUncoveredAtMostM2: number;
}

export type CoverageRule = RuleSet['coverage'][number];

/** The band whose lower limit the patch exceeds by the most. */
export function coverageRuleFor(areaM2: number, { coverage }: RuleSet): CoverageRule {
  const bands = coverage.toSorted((a, b) => b.aboveMu - a.aboveMu);
  return bands.find(({ aboveMu }) => shownM2(areaM2) > aboveMu * M2_PER_MU) ?? bands.at(-1)!;
}

export function coverageFigures(atoms: readonly JudgedAtom[]): CoverageFigures {
  const area = (fits: (one: JudgedAtom) => boolean) => sumM2(atoms.filter(fits).map(({ atom }) => atom.areaM2));
  const of = (verdict: Verdict) => area((one) => one.verdict === verdict);
  const open = (one: JudgedAtom) => one.verdict === 'doubt' || one.verdict === 'breach';
  return {
    freeM2: of('free'),
    coveredM2: of('allowed'),
    doubtfulM2: of('doubt'),
    uncoveredM2: of('breach'),
    farmlandUncoveredM2: area((one) => one.verdict === 'breach' && isFarmland(one.ground) === 'yes'),
    farmlandUncoveredAtMostM2: area((one) => open(one) && isFarmland(one.ground) !== 'no'),
  };
}

/** yes: surely, and no: surely not, whatever the doubts turn out to be. */
export function coverageTest(figures: CoverageFigures, areaM2: number, rule: CoverageRule): 'yes' | 'no' | 'unclear' {
  const { freeM2, coveredM2, doubtfulM2, farmlandUncoveredM2, farmlandUncoveredAtMostM2 } = figures;
  const passes = (allowedM2: number, farmlandM2: number) =>
    // Rounding of the parts to 0.01 m² each must not decide.
    allowedM2 >= rule.leastShare * areaM2 - 0.03 && farmlandM2 < rule.farmlandUncoveredBelowMu * M2_PER_MU;
  if (passes(freeM2 + coveredM2, farmlandUncoveredAtMostM2)) return 'yes';
  return passes(freeM2 + coveredM2 + doubtfulM2, farmlandUncoveredM2) ? 'unclear' : 'no';
}

/** Permanent basic farmland is farmland whatever its parcel says. */
export function isFarmland({ bases }: Ground): 'yes' | 'no' | 'perhaps' {
  const farmland = bases.filter((base) => base === 'farmland' || base === 'permanent-basic-farmland');
  if (farmland.length === bases.length) return 'yes';
  return farmland.length === 0 ? 'no' : 'perhaps';
}
