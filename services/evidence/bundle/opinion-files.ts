import { factsOf, opinionOf } from '../../legality/recorded.ts';
import { nameOf } from '../../legality/rule-set.ts';
import type { BundleWriter } from './bundle-writer.ts';
import type { Missing } from './manifest.ts';
import type { PatchRecord } from './record.ts';

/** Every opinion with the facts it was formed on, and the rules to the letter, so that it can be formed again. */
export async function addOpinions(
  bundle: BundleWriter,
  { opinions, rules }: PatchRecord,
): Promise<{ missing: Missing[] }> {
  const written = opinions.map((row) => ({
    id: row.id,
    at: row.at,
    ruleSet: nameOf({ id: row.ruleSetId, version: row.ruleVersion }),
    facts: factsOf(row),
    opinion: opinionOf(row),
  }));
  await bundle.addJson('opinions.json', written, {
    zh: '历次合法性意见及其依据的事实（最后一份为准）',
    en: 'every opinion with its facts, oldest first; the last one counts',
  });
  for (const { name, text } of rules) {
    const what = { zh: `规则集全文 ${name}`, en: `the rule set ${name} to the letter` };
    await bundle.add(`rules/${name}.json`, text, what);
  }
  return { missing: missingOf(written, rules) };
}

function missingOf(written: readonly { ruleSet: string }[], rules: PatchRecord['rules']): Missing[] {
  if (written.length === 0) {
    return [{ what: 'opinion', why: { zh: '尚未形成合法性意见', en: 'no opinion was formed' } }];
  }
  const lacking = new Set(
    written.map(({ ruleSet }) => ruleSet).filter((name) => !rules.some((one) => one.name === name)),
  );
  return [...lacking].map((name) => ({
    what: `rules ${name}`,
    why: { zh: `工作区没有规则集 ${name} 的全文`, en: `the workspace does not know the rule set ${name}` },
  }));
}
