import { userInfo } from 'node:os';
import { Command } from 'commander';
import { closeMonth } from '../../services/cycle/close.ts';
import { correctMonth } from '../../services/cycle/correct.ts';
import { issueMonth } from '../../services/cycle/issue.ts';
import { type Doing, openMonth } from '../../services/cycle/open.ts';
import { printedMonth, showMonth } from '../../services/cycle/show.ts';
import { ServiceError } from '../../services/error.ts';
import type { Store } from '../../services/store/open.ts';
import { printClosed, printCorrection, printShown } from './month-tables.ts';
import { monthName } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface MonthArguments extends WorkspaceArguments {
  by: string;
}

export function monthCommand(): Command {
  const month = new Command('month').description(
    '月清月结: open a month, send its tasks, close it with balanced figures',
  );
  written(month, 'open')
    .description('begin the record of a month; the month before must be closed')
    .option('--force', 'although the month before is not closed; needs --reason')
    .option('--reason <text>', 'why it is opened by force')
    .action(open);
  written(month, 'issue')
    .description('send its found patches down as numbered tasks, with opinion, evidence and due date')
    .action(issue);
  written(month, 'close')
    .description('draw up its figures, check that they balance, and keep them for ever')
    .action(close);
  named(month, 'show').description('a month as reported, as corrected, and as it is now').action(show);
  named(month, 'print')
    .description('a closed month, the same to the byte for ever; --json: its figures in full')
    .action(print);
  written(month, 'correct')
    .description('enter what turned out otherwise after it was closed; the closed record stays')
    .requiredOption('--reason <text>', 'why')
    .option('--patch <number...>', 'only these patches (default: all that are otherwise now)')
    .action(correct);
  return month;
}

function named(month: Command, name: string): Command {
  return workspaceOptions(month.command(name)).argument('<month>', 'YYYY-MM', monthName);
}

function written(month: Command, name: string): Command {
  return named(month, name).option(
    '--by <name>',
    'who does it (default: the user of this machine)',
    userInfo().username,
  );
}

async function open(month: string, options: MonthArguments & { force?: boolean; reason?: string }): Promise<void> {
  const { force, reason } = options;
  if (force && reason === undefined) throw new ServiceError('bad-input', '--force needs --reason; got none.');
  if (reason !== undefined && !force) throw new ServiceError('bad-input', '--reason goes with --force; got it alone.');
  const opened = await doing(month, options, (store, what) => openMonth(store, what, force ? reason : undefined));
  if (options.json) return printJson(opened);
  const { isNew, runs, patches, openedAt, openedBy } = opened;
  const state = isNew ? '已开月 opened' : '此前已开月 was open before';
  process.stdout.write(
    `${month} ${state}：${openedAt} ${openedBy}，运行 runs ${runs.length}，图斑 patches ${patches.length}\n`,
  );
}

async function issue(month: string, options: MonthArguments): Promise<void> {
  const result = await doing(month, options, issueMonth);
  if (options.json) return printJson(result);
  const { sent, inDoubt, skipped, byOffice } = result;
  const lines = [
    `${month} 已下发任务 tasks sent ${sent}，其中存疑 in doubt ${inDoubt}，跳过 skipped ${skipped}`,
    ...Object.entries(byOffice).map(([office, count]) => `${office}  ${count}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function close(month: string, options: MonthArguments): Promise<void> {
  const closed = await doing(month, options, closeMonth);
  if (options.json) return printJson(closed);
  printClosed(closed);
}

async function show(month: string, options: WorkspaceArguments): Promise<void> {
  const shown = await withWorkspace(options, async ({ store }) => showMonth(store, month, (await clockOf(store))()));
  if (options.json) printJson(shown);
  else printShown(shown);
}

async function print(month: string, options: WorkspaceArguments): Promise<void> {
  const { json, text } = await withWorkspace(options, ({ store }) => printedMonth(store, month));
  process.stdout.write(options.json ? json : text);
}

async function correct(month: string, options: MonthArguments & { reason: string; patch?: string[] }): Promise<void> {
  const { reason, patch = [] } = options;
  const entry = await doing(month, options, (store, what) => correctMonth(store, { ...what, reason }, patch));
  if (options.json) printJson(entry);
  else printCorrection(entry);
}

/** By the workspace's clock. */
async function doing<T>(
  month: string,
  options: MonthArguments,
  work: (store: Store, doing: Doing) => Promise<T>,
): Promise<T> {
  return withWorkspace(options, async ({ store }) =>
    work(store, { month, actor: options.by, at: (await clockOf(store))() }),
  );
}
