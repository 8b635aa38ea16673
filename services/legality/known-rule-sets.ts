import { ServiceError } from '../error.ts';
import { sha256Of } from '../sha256.ts';
import type { Store } from '../store/open.ts';
import { addedRuleSets, insertRuleSet } from '../store/rule-sets.ts';
import { BUILT_IN } from './built-in.ts';
import { parseRuleSet, type WrittenRuleSet } from './read-rule-set.ts';
import { nameOf, type RuleSet } from './rule-set.ts';

/** A rule set that a workspace knows. */
export interface KnownRuleSet {
  ruleSet: RuleSet;
  /** Of the text it was added with. */
  sha256: string;
  /** null: every workspace knows it. */
  addedAt: string | null;
}

/** The built-in rule sets, then those added, in order of id. */
export async function knownRuleSets(store: Store): Promise<KnownRuleSet[]> {
  const builtIn = BUILT_IN.map(({ ruleSet, text }) => ({ ruleSet, sha256: sha256Of(text), addedAt: null }));
  const added = (await addedRuleSets(store.db)).map(({ json, sha256, addedAt, id, version }) => ({
    ruleSet: parseRuleSet(json, nameOf({ id, version })),
    sha256,
    addedAt,
  }));
  return [...builtIn, ...added];
}

/** Their rules alone. */
export async function ruleSetsOf(store: Store): Promise<RuleSet[]> {
  return (await knownRuleSets(store)).map(({ ruleSet }) => ruleSet);
}

/**
 * Adds a rule set. The same one again changes nothing.
 * @throws ServiceError bad-input where its id and version are taken by other rules
 */
export async function addRuleSet(
  store: Store,
  { ruleSet, text }: WrittenRuleSet,
  now: Date,
): Promise<{ isNew: boolean }> {
  const { id, version, province, effectiveFrom, effectiveTo } = ruleSet;
  const known = (await knownRuleSets(store)).find((one) => nameOf(one.ruleSet) === nameOf(ruleSet));
  if (known !== undefined) {
    if (JSON.stringify(known.ruleSet) === JSON.stringify(ruleSet)) return { isNew: false };
    const taken = `${nameOf(ruleSet)} is known with other rules (sha256 ${known.sha256.slice(0, 12)}…)`;
    throw new ServiceError('bad-input', `${taken}: wanted a new version, got ${version} again.`);
  }
  const row = { id, version, province, effectiveFrom, effectiveTo, json: text, sha256: sha256Of(text) };
  await insertRuleSet(store.db, { ...row, addedAt: now.toISOString() });
  return { isNew: true };
}

/**
 * The rule set in effect on a day (YYYY-MM-DD) in a district: of each set the newest version in effect; a province's
 * own before the national one; of several the one in effect since later.
 * @throws ServiceError not-found
 */
export async function ruleSetFor(store: Store, day: string, district: string): Promise<RuleSet> {
  const known = await ruleSetsOf(store);
  const found = chooseRuleSet(known, day, district);
  if (found !== null) return found;
  const names = known.map((one) => `${nameOf(one)} (from ${one.effectiveFrom})`).join(', ');
  throw new ServiceError('not-found', `No rule set is in effect on ${day} in ${district}; known are ${names}.`);
}

/** The same, of a list: pure. */
export function chooseRuleSet(known: readonly RuleSet[], day: string, district: string): RuleSet | null {
  const inEffect = known.filter(
    ({ province, effectiveFrom, effectiveTo }) =>
      district.startsWith(province) && effectiveFrom <= day && (effectiveTo === null || day <= effectiveTo),
  );
  const newest = inEffect.filter(
    (one) => !inEffect.some(({ id, version }) => id === one.id && compareVersions(version, one.version) > 0),
  );
  const rank = (one: RuleSet) => `${one.province.length} ${one.effectiveFrom} ${one.id}`;
  return newest.toSorted((a, b) => (rank(a) < rank(b) ? 1 : -1))[0] ?? null;
}

/** @throws ServiceError not-found, naming what is known */
export async function ruleSetNamed(store: Store, name: string): Promise<RuleSet> {
  const known = await ruleSetsOf(store);
  const found = known.find((one) => nameOf(one) === name);
  if (found !== undefined) return found;
  const list = known.map(nameOf).join(', ');
  throw new ServiceError('not-found', `There is no rule set ${name}: wanted one of ${list}.`);
}

function compareVersions(a: string, b: string): number {
  const [p, q] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(p.length, q.length); i++) {
    const difference = (p[i] ?? 0) - (q[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
