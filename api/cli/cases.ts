import { userInfo } from 'node:os';
import { Command } from 'commander';
import { openCase } from '../../services/lifecycle/case-opening.ts';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { localDay } from '../../services/local-time.ts';
import { type CaseDetail, caseDetail, listCases } from '../../services/queue/cases.ts';
import { patchDetail } from '../../services/queue/detail.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const pageSize = 1000;

export function casesCommand(): Command {
  const cases = new Command('cases').description(
    '案件: legal matters over patches; their steps are taken with tuban step',
  );
  workspaceOptions(cases.command('open'))
    .description('open a case as a clue (线索) over patches')
    .argument('<patch...>', 'numbers or ids of the patches it covers')
    .requiredOption('--title <text>', 'what it is called')
    .requiredOption('--district <code>', 'of the authority whose case it is')
    .option('--by <name>', 'who opens it (default: the user of this machine)', userInfo().username)
    .addHelpText('after', '\nExample: tuban cases open 4304022026070001 --title 李家村厂房 --district 430402')
    .action(open);
  workspaceOptions(cases.command('list'))
    .description('cases in order of opening')
    .option('--district <code>', 'first digits of a district code', '')
    .option('--state <name...>', 'only in these states')
    .option('--patch <number>', 'only those that cover this patch')
    .action(list);
  workspaceOptions(cases.command('show'))
    .description('one case with its patches, history and what can be done')
    .argument('<case>', 'its id')
    .action(show);
  return cases;
}

async function open(
  patches: string[],
  options: WorkspaceArguments & { title: string; district: string; by: string },
): Promise<void> {
  const { title, district, by: actor } = options;
  const opened = await withWorkspace(options, async ({ store }) => {
    const patchIds = [];
    for (const patch of patches) patchIds.push((await patchDetail(store, patch)).patch.id);
    return openCase(store, { title, district, patchIds, actor, at: (await clockOf(store))() });
  });
  if (options.json) printJson(opened);
  else process.stdout.write(`${opened.id}  ${stateOf('case', opened.state).label.zh} ${opened.state}\n`);
}

async function list(options: WorkspaceArguments & { district: string; state?: string[]; patch?: string }) {
  const { district, state: states, patch } = options;
  const cases = await withWorkspace(options, async ({ store }) => {
    const all = [];
    let cursor: string | undefined;
    do {
      const page = await listCases(store, { district, states, patch }, { limit: pageSize, cursor });
      all.push(...page.cases);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return all;
  });
  if (options.json) return printJson(cases);
  printTable(
    ['案件 case', '名称 title', '区划 district', '状态 state', '图斑 patches', '登记 opened'],
    cases.map((one) => [
      ...[one.id, one.title, one.district, `${stateOf('case', one.state).label.zh} ${one.state}`],
      ...[String(one.patches), one.createdAt],
    ]),
  );
}

async function show(id: string, options: WorkspaceArguments): Promise<void> {
  const found = await withWorkspace(options, ({ store }) => caseDetail(store, id));
  if (options.json) {
    const { matter, dueAt, patches, history, allowedActions } = found;
    return printJson({ ...matter, dueAt, patches, history, actions: allowedActions });
  }
  process.stdout.write(`${textOf(found)}\n`);
}

function textOf({ matter, dueAt, patches, history, allowedActions }: CaseDetail): string {
  const { zh } = stateOf('case', matter.state).label;
  return [
    `案件 case ${matter.id}  ${matter.title}`,
    `  ${matter.district}  ${zh} ${matter.state}  限期 due ${dueAt ? localDay(dueAt) : '–'}  版本 version ${matter.version}`,
    ...patches.map(({ number, areaM2, state }) => `  图斑 patch ${number}  ${areaM2.toFixed(0)} m²  ${state}`),
    ...history.map(({ at, actor, action, toState }) => `  ${at}  ${actor}  ${action} → ${toState}`),
    `  可办 possible: ${allowedActions.map(({ action, label }) => `${label.zh} ${action}`).join('，') || '–'}`,
  ].join('\n');
}
