import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { muOf } from '../../services/legality/area.ts';
import { explainOpinion, type Language, verdictWords } from '../../services/legality/explain.ts';
import type { Kind, OpinionCode } from '../../services/legality/kinds.ts';
import { addRuleSet, knownRuleSets, ruleSetNamed } from '../../services/legality/known-rule-sets.ts';
import { differencesOf } from '../../services/legality/late-document.ts';
import { readRuleSet } from '../../services/legality/read-rule-set.ts';
import { nameOf, type RuleSet } from '../../services/legality/rule-set.ts';
import { backtestStored, judgeStored, type StoredBacktest } from '../../services/legality/stored-opinions.ts';
import { localDay } from '../../services/local-time.ts';
import { judgeAgain } from '../../services/month/judge-again.ts';
import type { Store } from '../../services/store/open.ts';
import { monthName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ExplainArguments extends WorkspaceArguments {
  rules?: string;
  lang: Language;
}

interface BacktestArguments extends WorkspaceArguments {
  month?: string;
  district?: string;
}

const fileOrName = 'ID@VERSION, or a file';

export function rulesCommand(): Command {
  const rules = new Command('rules').description('规则集 the rule sets that opinions are formed by');
  workspaceOptions(rules.command('list')).description('list the rule sets known here').action(list);
  rules
    .command('check')
    .description('check a rule set, in JSON; nothing is added')
    .argument('<file>', 'rule set')
    .option('--json', 'print the result as JSON')
    .action(check);
  workspaceOptions(rules.command('add'))
    .description('add a rule set; one version never changes')
    .argument('<file>', 'rule set')
    .action(add);
  workspaceOptions(rules.command('explain'))
    .description('say how the opinion of a patch comes about, every check with its figures')
    .argument('<patch>', 'number or id')
    .option('--rules <set>', `judge by these rules instead: ${fileOrName}`)
    .addOption(new Option('--lang <language>', 'language of the text').choices(['zh', 'en']).default('zh'))
    .action(explain);
  workspaceOptions(rules.command('backtest'))
    .description('what new rules would change in the opinions on file')
    .argument('<old>', fileOrName)
    .argument('<new>', fileOrName)
    .option('--month <month>', 'only patches of this month, YYYY-MM', monthName)
    .option('--district <code>', 'only in this district: code or its first digits')
    .action(backtest);
  workspaceOptions(rules.command('judge'))
    .description('form the opinions of open patches anew, from the layers as they are now; those before stay on file')
    .option('--month <month>', 'only patches of this month, YYYY-MM', monthName)
    .option('--district <code>', 'only in this district: code or its first digits')
    .action(judge);
  return rules;
}

async function judge(options: BacktestArguments): Promise<void> {
  const { month, district } = options;
  const bar = new ProgressBar();
  const result = await withWorkspace(options, async ({ store }) => {
    const now = await clockOf(store);
    return judgeAgain(store, { month, district }, now(), (done) => bar.draw('opinions', done, done));
  });
  bar.clear();
  if (options.json) return printJson(result);
  printTable(
    ['图斑 patch', '原意见 before', '现意见 now'],
    result.changed.map(({ number, before, now }) => [number, before, now]),
  );
  const { patches, renewed, changed } = result;
  process.stdout.write(`${patches} open patches: facts of ${renewed} renewed, ${changed.length} opinions changed\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const known = await withWorkspace(options, ({ store }) => knownRuleSets(store));
  const rows = known.map(({ ruleSet, sha256, addedAt }) => {
    const { id, version, title, province, effectiveFrom, effectiveTo } = ruleSet;
    return { id, version, title, province, effectiveFrom, effectiveTo, sha256, addedAt };
  });
  if (options.json) return printJson(rows);
  printTable(
    ['规则集 rule set', '省 province', '施行 from', '至 to', '名称 title', '加入 added'],
    rows.map((row) => [
      nameOf(row),
      row.province || '全国 all',
      row.effectiveFrom,
      row.effectiveTo ?? '',
      row.title.zh,
      row.addedAt ? localDay(row.addedAt) : '内置 built in',
    ]),
  );
}

async function check(file: string, options: { json?: boolean }): Promise<void> {
  const { ruleSet } = await readRuleSet(file);
  const { id, version, effectiveFrom, effectiveTo, province, checks, cures, coverage } = ruleSet;
  if (options.json) return printJson({ id, version, province, effectiveFrom, effectiveTo });
  const term = `${effectiveFrom} → ${effectiveTo ?? ''}`.trim();
  process.stdout.write(
    `${nameOf(ruleSet)}: 有效 valid; ${province || '全国 all'}; ${term}; ${checks.length} 项检查 checks, ` +
      `${coverage.length} 档覆盖 coverage bands, ${cures.length} 条适用 cures\n`,
  );
}

async function add(file: string, options: WorkspaceArguments): Promise<void> {
  const written = await readRuleSet(file);
  const { isNew } = await withWorkspace(options, async ({ store }) =>
    addRuleSet(store, written, (await clockOf(store))()),
  );
  const name = nameOf(written.ruleSet);
  if (options.json) return printJson({ ruleSet: name, isNew });
  process.stdout.write(`${name}${isNew ? ': 已加入 added' : ': 原已存在 was already there'}\n`);
}

async function explain(patch: string, options: ExplainArguments): Promise<void> {
  const judged = await withWorkspace(options, async ({ store }) =>
    judgeStored(store, patch, options.rules === undefined ? undefined : await rulesOf(store, options.rules)),
  );
  if (options.json) {
    const { number, opinion, stored, reproduced, facts } = judged;
    return printJson({ number, opinion, stored, reproduced, facts });
  }
  const { lang } = options;
  const lines = explainOpinion(judged.number, judged.opinion, judged.ruleSet, lang);
  process.stdout.write(`${[...lines, storedLine(judged, lang), ...againstStored(judged)].join('\n')}\n`);
}

function storedLine({ stored, reproduced }: Awaited<ReturnType<typeof judgeStored>>, lang: Language): string {
  const { at, ruleSet, opinion, kind } = stored;
  const verdict = verdictWords({ opinion: opinion as OpinionCode, kind: kind as Kind | null }, lang);
  const again = {
    zh: { true: '按原规则重算一致', false: '按原规则重算不一致', null: '原规则未收录，无法重算' },
    en: {
      true: 'its rules give it again',
      false: 'its rules do NOT give it again',
      null: 'its rules are not known here',
    },
  }[lang][`${reproduced}`];
  const head = lang === 'zh' ? '存档意见' : 'Opinion on file';
  return `${head}: ${verdict} (${ruleSet}, ${localDay(at)}); ${again}`;
}

/** Where other rules were asked for: what they would say otherwise. */
function againstStored({ ruleSet, stored, opinion, before }: Awaited<ReturnType<typeof judgeStored>>): string[] {
  if (nameOf(ruleSet) === stored.ruleSet) return [];
  return differencesOf(before, opinion).map(
    ({ what, before, after }) => `  ${what}: ${before ?? '–'} → ${after ?? '–'}`,
  );
}

async function backtest(before: string, after: string, options: BacktestArguments): Promise<void> {
  const { month, district } = options;
  const result = await withWorkspace(options, async ({ store }) =>
    backtestStored(store, await rulesOf(store, before), await rulesOf(store, after), { month, district }),
  );
  if (options.json) return printJson(result);
  printBacktest(result);
}

function printBacktest(result: StoredBacktest): void {
  const { before, after, patches, areaM2, changed, changedM2, moves, verified } = result;
  const mu = (m2: number) => muOf(m2).toFixed(2);
  process.stdout.write(
    `${before} → ${after}: ${patches} 个图斑 patches, ${mu(areaM2)} 亩; 改变 changed ${changed}, ${mu(changedM2)} 亩\n`,
  );
  if (moves.length > 0) {
    printTable(
      ['原意见 from', '新意见 to', '图斑 patches', '亩', '例 examples'],
      moves.map((move) => [
        move.from,
        move.from === move.to ? '=' : move.to,
        String(move.patches),
        mu(move.areaM2),
        move.examples.join(' '),
      ]),
    );
  }
  const { reproduced, differing, unknownRuleSets } = verified;
  process.stdout.write(`存档意见 on file: ${reproduced}/${patches} 重算一致 reproduced by their own rules\n`);
  if (differing.length > 0) process.stdout.write(`  不一致 differing: ${differing.slice(0, 20).join(' ')}\n`);
  if (unknownRuleSets.length > 0) process.stdout.write(`  未收录规则 unknown rules: ${unknownRuleSets.join(' ')}\n`);
}

/** A rule set by name, or read from a file that need not be added yet. */
async function rulesOf(store: Store, name: string): Promise<RuleSet> {
  return existsSync(name) ? (await readRuleSet(name)).ruleSet : ruleSetNamed(store, name);
}
