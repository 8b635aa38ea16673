import { BUILT_IN } from '../../legality/built-in.ts';
import { nameOf } from '../../legality/rule-set.ts';
import { sha256Of } from '../../sha256.ts';
import type { Store } from '../../store/open.ts';
import type { OpinionRow } from '../../store/opinions.ts';
import { addedRuleSets } from '../../store/rule-sets.ts';

/** A rule set to the letter, so that what it made of a patch can be worked out again anywhere. */
export interface RuleText {
  /** id@version */
  name: string;
  text: string;
  sha256: string;
}

/** The rule sets that opinions cite, in order of name; one that is not known here is left out. */
export async function ruleTexts(store: Store, opinions: readonly OpinionRow[]): Promise<RuleText[]> {
  const known = new Map([
    ...BUILT_IN.map(({ ruleSet, text }) => [nameOf(ruleSet), text] as const),
    ...(await addedRuleSets(store.db)).map((row) => [nameOf(row), row.json] as const),
  ]);
  const cited = opinions.map(({ ruleSetId, ruleVersion }) => nameOf({ id: ruleSetId, version: ruleVersion }));
  return [...new Set(cited)].sort().flatMap((name) => {
    const text = known.get(name);
    if (text === undefined) return [];
    return [{ name, text, sha256: sha256Of(text) }];
  });
}
