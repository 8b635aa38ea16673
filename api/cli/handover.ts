import { Command } from 'commander';
import { recordReceipt, sendHandOver } from '../../services/handover/hand-over.ts';
import { readPaper } from '../../services/handover/kept-papers.ts';
import { type HandOver, type HandOverState, listHandOvers } from '../../services/handover/list.ts';
import { prepareHandOver } from '../../services/handover/prepare.ts';
import { RECEIVER_LIST, receiverNamed } from '../../services/handover/receivers.ts';
import { attachStatement } from '../../services/handover/statements.ts';
import { localDay } from '../../services/local-time.ts';
import { type Acting, acting } from './acting.ts';
import { addNewFactCommands } from './handover-facts.ts';
import { dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const receivers = RECEIVER_LIST.map(({ code }) => code).join('|');
const states: Readonly<Record<HandOverState, string>> = {
  prepared: '待送出 prepared',
  waiting: '待回执 waiting',
  late: '回执逾期 late',
  received: '已回执 received',
};

export function handoverCommand(): Command {
  const handover = new Command('handover').description(
    '移交 packages for discipline, police, prosecutor, court, audit and credit list; statements and late documents',
  );
  acting(handover.command('prepare'))
    .description('write the package of a case: a bundle of every patch, case history, papers, covering list; signed')
    .argument('<case>', 'its id')
    .requiredOption('--to <receiver>', receivers)
    .requiredOption('-o, --output <file>', 'zip to write')
    .addHelpText(
      'after',
      '\nExample:\n  tuban handover prepare 3f2a… --to police -o 移交.zip --actor 王\n  tuban evidence verify 移交.zip',
    )
    .action(prepare);
  acting(handover.command('send'))
    .description('note that a package has gone out: the case’s step names its hash')
    .argument('<case>', 'its id')
    .argument('<file>', 'the package, as it was prepared')
    .addHelpText('after', '\nExample:\n  tuban handover send 3f2a… 移交.zip --actor 王')
    .action(send);
  acting(handover.command('receipt'))
    .description('keep the receiver’s receipt')
    .argument('<case>', 'its id')
    .requiredOption('--file <file>', 'the receipt: pdf, jpg, png, json …')
    .requiredOption('--number <text>', 'as the receiver numbers it')
    .requiredOption('--date <day>', 'the day it bears, YYYY-MM-DD', dateName)
    .option('--from <receiver>', `where several wait: ${receivers}`)
    .addHelpText(
      'after',
      '\nExample:\n  tuban handover receipt 3f2a… --file 回执.pdf --number 公收〔2025〕7号 --date 2025-08-04 --actor 王',
    )
    .action(receipt);
  acting(handover.command('statement'))
    .description('陈述申辩: keep what the accused says beside the evidence of a patch or case')
    .argument('<case or patch>', 'id of a case; number or id of a patch')
    .requiredOption('--file <file>', 'the statement: pdf, jpg, png, docx, txt …')
    .requiredOption('--from <name>', 'whose it is')
    .option('--note <text>', 'what is to be known of it')
    .addHelpText(
      'after',
      '\nExample:\n  tuban handover statement 4304212025060001 --file 陈述.pdf --from 某公司 --actor 李',
    )
    .action(statement);
  addNewFactCommands(handover);
  workspaceOptions(handover.command('list'))
    .description('packages, and which still wait for a receipt')
    .option('--case <id>', 'of this case alone')
    .option('--district <code>', 'in this district: code or its first digits')
    .addHelpText('after', '\nExample:\n  tuban handover list --district 430421')
    .action(list);
  return handover;
}

async function prepare(caseId: string, options: Acting & { to: string; output: string }): Promise<void> {
  const { to, output: path, actor } = options;
  receiverNamed(to);
  await checkOutputFiles([{ option: '--output', path }], []);
  const bar = new ProgressBar();
  const prepared = await withWorkspace(options, async ({ store, home }) => {
    const at = (await clockOf(store))();
    const onProgress = (done: number, total: number) => bar.draw('图斑 patches', done, total);
    return prepareHandOver(store, home, { caseId, to, path, actor, at, onProgress });
  }).finally(() => bar.clear());
  if (options.json) return printJson({ ...prepared, output: path });
  const { patches, files, sha256, missing } = prepared;
  process.stdout.write(
    `移交材料 package for ${receiverNamed(to).zh}：${patches} 个图斑 patches，${files} 个文件 files\n`,
  );
  process.stdout.write(`${path}\nsha256 ${sha256}\n`);
  for (const { what, why } of missing) process.stdout.write(`缺 missing  ${what}：${why.zh}  ${why.en}\n`);
}

async function send(caseId: string, path: string, options: Acting): Promise<void> {
  const sent = await withWorkspace(options, async ({ store }) =>
    sendHandOver(store, caseId, path, { actor: options.actor, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(sent);
  const day = localDay(sent.dueAt);
  process.stdout.write(
    `已移交 handed over to ${receiverNamed(sent.receiver).zh}；回执应于 ${day} 前收到 receipt due\n`,
  );
}

async function receipt(
  caseId: string,
  options: Acting & { file: string; number: string; date: string; from?: string },
): Promise<void> {
  const { number, date, actor, from: receiver } = options;
  const file = await readPaper(options.file);
  const recorded = await withWorkspace(options, async ({ store, home }) => {
    const at = (await clockOf(store))();
    return recordReceipt(store, home, { caseId, receiver, file, number, date, actor, at });
  });
  if (options.json) return printJson(recorded);
  process.stdout.write(`回执已入卷 receipt kept：${receiverNamed(recorded.receiver).zh} ${number} ${date}\n`);
}

async function statement(name: string, options: Acting & { file: string; from: string; note?: string }): Promise<void> {
  const { from: fromName, actor } = options;
  const note = options.note ?? null;
  const file = await readPaper(options.file);
  const attached = await withWorkspace(options, async ({ store, home }) => {
    const at = (await clockOf(store))();
    return attachStatement(store, home, name, { file, fromName, note, actor, at });
  });
  if (options.json) return printJson(attached);
  const { isNew, sha256 } = attached;
  process.stdout.write(`${isNew ? '已入卷 kept' : '此前已有 was there before'}  ${file.name}  sha256 ${sha256}\n`);
}

async function list(options: WorkspaceArguments & { case?: string; district?: string }): Promise<void> {
  const filter = { caseId: options.case, district: options.district };
  const handOvers = await withWorkspace(options, async ({ store }) =>
    listHandOvers(store, filter, (await clockOf(store))()),
  );
  if (options.json) return printJson(handOvers);
  printTable(
    ['案件 case', '接收 to', '状态 state', '图斑', '送出 sent', '回执期限 due', '回执 receipt', 'sha256'],
    handOvers.map((one: HandOver) => [
      one.caseId,
      receiverNamed(one.receiver).zh,
      states[one.state],
      String(one.patches),
      one.sentAt ? localDay(one.sentAt) : '',
      one.dueAt ? localDay(one.dueAt) : '',
      one.receipt === null ? '' : `${one.receipt.number} ${one.receipt.date}`,
      one.sha256.slice(0, 16),
    ]),
  );
  const waiting = handOvers.filter(({ state }) => state === 'waiting' || state === 'late').length;
  process.stdout.write(`${handOvers.length} 件 packages，${waiting} 件待回执 waiting for a receipt\n`);
}
