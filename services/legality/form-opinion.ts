import { shownM2 } from './area.ts';
import { atomVerdict } from './atom-verdict.ts';
import { constructionKind, nonGrainKind } from './breach.ts';
import { type CoverageRule, coverageFigures, coverageRuleFor, coverageTest, type JudgedAtom } from './coverage-test.ts';
import { mainDoubt, missingOf } from './doubts.ts';
import { evidenceOf } from './evidence.ts';
import type { PatchFacts } from './facts.ts';
import { figuresOf, regularisedBy } from './figures.ts';
import { groundTeller } from './ground.ts';
import { KINDS, type Kind, type OpinionCode } from './kinds.ts';
import type { Opinion, Step } from './opinion.ts';
import { checkFacts, inOrder } from './ordered-facts.ts';
import type { CheckName, RuleSet } from './rule-set.ts';
import { onsetOf } from './time-standing.ts';
import { evidenceLayerOf, vouchingTeller } from './vouching.ts';
import type { Cause, Matter } from './zone-standing.ts';

/** What was decided, and on which state of the atoms. */
interface Decision {
  opinion: OpinionCode;
  kind: Kind | null;
  ruleId: string;
  atoms: JudgedAtom[];
  /** What a doubt hangs on beside the atoms. */
  causes: Cause[];
}

type RuleOfCheck = RuleSet['checks'][number];

/**
 * The opinion that a rule set forms of a patch. Pure: the same facts and rules give the same opinion to the byte.
 * Each check counts its own documents and those of the checks before it; the first that surely passes decides. Where
 * none does, the patch is in doubt if it might pass by anything that is not known, and suspected illegal otherwise.
 * @throws ServiceError bad-input where the facts contradict themselves
 */
export function formOpinion(given: PatchFacts, ruleSet: RuleSet): Opinion {
  checkFacts(given);
  const facts = inOrder(given);
  const matter = matterOf(facts, ruleSet);
  const { decision, steps } = decide(matter);
  const { opinion, kind, ruleId } = decision;
  const cutOff = ruleOfUse(facts, ruleSet).newSince;
  return {
    edition: 'opinion-1',
    opinion,
    kind,
    ruleId,
    ruleSetId: ruleSet.id,
    ruleVersion: ruleSet.version,
    use: matter.use,
    built: cutOff === null ? null : builtSince(cutOff, matter),
    regularisedBy: regularisedBy(decision.atoms, matter),
    figures: figuresOf(decision.atoms, matter),
    evidence: evidenceOf(decision.atoms, matter),
    missing: missingOf(decision.atoms, decision.causes, opinion === 'in-doubt', matter),
    steps,
  };
}

function decide(matter: Matter): { decision: Decision; steps: Step[] } {
  const { ruleSet, facts } = matter;
  const areaM2 = shownM2(facts.patch.areaM2);
  const rule = coverageRuleFor(areaM2, ruleSet);
  const tell = groundTeller(matter);
  const grounds = facts.atoms.map(tell);
  const reached = new Set<CheckName>();
  const steps: Step[] = [];
  let atoms: JudgedAtom[] = [];
  let decision: Decision | null = null;
  for (const check of ruleSet.checks) {
    if (decision === null) {
      reached.add(check.check);
      atoms = facts.atoms.map((atom, i) => {
        const ground = grounds[i];
        return { atom, ground, ...atomVerdict(atom, ground, reached, matter) };
      });
    }
    const step = stepOf(check, atoms, rule, matter, decision !== null);
    steps.push(step);
    if (step.result === 'passed') decision = passed(check, atoms, matter);
  }
  return { decision: decision ?? notPassed(atoms, rule, matter), steps };
}

function stepOf(
  { id, check, instruments }: RuleOfCheck,
  atoms: readonly JudgedAtom[],
  rule: CoverageRule,
  matter: Matter,
  decided: boolean,
): Step {
  const { facts, ruleSet, vouching } = matter;
  const areaM2 = shownM2(facts.patch.areaM2);
  const figures = coverageFigures(atoms);
  const touching = facts.atoms.flatMap((atom) => atom.instruments);
  const own = facts.instruments.filter((one) => touching.includes(one.id) && instruments.includes(one.kind));
  const layers = new Set(instruments.map((kind) => evidenceLayerOf(kind, facts, ruleSet)));
  return {
    check,
    ruleId: id,
    result: decided ? 'not-reached' : resultOf(check, figures, rule, matter),
    coverageRuleId: rule.id,
    allowedM2: shownM2(Math.min(areaM2, figures.freeM2 + figures.coveredM2)),
    doubtfulM2: figures.doubtfulM2,
    uncoveredM2: figures.uncoveredM2,
    farmlandUncoveredM2: figures.farmlandUncoveredM2,
    farmlandUncoveredAtMostM2: figures.farmlandUncoveredAtMostM2,
    instruments: own.map((one) => one.id),
    layersMissing: [...layers].filter((layer) => vouching(layer) !== 'vouched').sort(),
  };
}

/** A check of documents passes only by documents: what needs none is left to the last. */
function resultOf(
  check: CheckName,
  figures: ReturnType<typeof coverageFigures>,
  rule: CoverageRule,
  matter: Matter,
): Step['result'] {
  const { areaM2 } = matter.facts.patch;
  const small = shownM2(areaM2) < ruleOfUse(matter.facts, matter.ruleSet).minimumAreaM2;
  if (check === 'other' && small) return 'passed';
  const test = coverageTest(figures, shownM2(areaM2), rule);
  if (test === 'no') return 'failed';
  if (test === 'unclear') return 'in-doubt';
  return check === 'other' || figures.coveredM2 > 0 ? 'passed' : 'failed';
}

function passed({ id, check }: RuleOfCheck, atoms: JudgedAtom[], matter: Matter): Decision {
  const common = { atoms, causes: [] };
  if (check === 'rural-road') return { opinion: 'rural-road', kind: null, ruleId: id, ...common };
  if (check === 'facility-farmland') return { opinion: 'facility-farmland', kind: null, ruleId: id, ...common };
  if (check !== 'other') return { opinion: 'lawful', kind: null, ruleId: id, ...common };
  const figures = coverageFigures(atoms);
  const rule = coverageRuleFor(matter.facts.patch.areaM2, matter.ruleSet);
  const free = coverageTest(figures, shownM2(matter.facts.patch.areaM2), rule) === 'yes';
  const builtUp = atoms.some(({ ground }) => ground.bases.every((base) => base === 'built-up'));
  const kind: Kind = !free ? 'below-minimum-area' : builtUp ? 'already-built-up' : 'no-document-needed';
  return { opinion: 'other', kind, ruleId: matter.ruleSet.kinds[kind], ...common };
}

function notPassed(atoms: JudgedAtom[], rule: CoverageRule, matter: Matter): Decision {
  const { facts, ruleSet } = matter;
  const test = coverageTest(coverageFigures(atoms), shownM2(facts.patch.areaM2), rule);
  const found = test === 'unclear' ? [] : breachKind(atoms, matter);
  const causes = typeof found === 'string' ? [] : found;
  const kind = typeof found === 'string' ? found : mainDoubt(atoms, causes);
  return { opinion: KINDS[kind].of, kind, ruleId: ruleSet.kinds[kind], atoms, causes };
}

function breachKind(atoms: readonly JudgedAtom[], matter: Matter): Kind | Cause[] {
  return matter.use === 'non-grain' ? nonGrainKind(atoms, matter) : constructionKind(atoms, matter);
}

function matterOf(facts: PatchFacts, ruleSet: RuleSet): Matter {
  const { use, judgedAs, zones, certain } = ruleOfUse(facts, ruleSet);
  const instruments = new Map(facts.instruments.map((one) => [one.id, one]));
  const vouching = vouchingTeller(facts, ruleSet);
  return { facts, ruleSet, vouching, onset: onsetOf(facts), use, judgedAs, zones, certain, instruments };
}

/** What the change makes of the ground, by document or by image; a type that is told with too little confidence makes nothing certain. */
function ruleOfUse({ patch, established }: PatchFacts, { uses, leastTypeConfidence }: RuleSet) {
  const { type, typeConfidence } = patch;
  if (established.occupiedUnder !== undefined) return uses.find(({ use }) => use === 'construction')!;
  const told = typeConfidence >= leastTypeConfidence ? uses.find(({ types }) => types.includes(type)) : undefined;
  return told ?? uses.find(({ use }) => use === 'undetermined')!;
}

function builtSince(cutOff: string, { onset }: Matter): Opinion['built'] {
  if (onset.to < cutOff) return 'old';
  return onset.from !== null && onset.from >= cutOff ? 'new' : 'straddles';
}
