import { parseRuleSet, type WrittenRuleSet } from './read-rule-set.ts';
import national from './rule-sets/cn-2024.json' with { type: 'json' };

/** Rule sets that every workspace knows. A released one is never edited: a new version is put beside it. */
export const BUILT_IN: readonly WrittenRuleSet[] = [national].map((data) => {
  const text = JSON.stringify(data);
  return { ruleSet: parseRuleSet(text, `built-in ${data.id}`), text };
});
