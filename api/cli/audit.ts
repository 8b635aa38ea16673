import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { type Anchor, readAnchor } from '../../services/audit/anchors.ts';
import { setAnchor } from '../../services/audit/set-anchor.ts';
import { verifyAudit } from '../../services/audit/verify.ts';
import { ServiceError } from '../../services/error.ts';
import { endOfDay } from '../../services/lifecycle/deadline.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { listReads } from '../../services/store/reads.ts';
import { printAudit } from './audit-report.ts';
import { positiveNumber } from './options.ts';
import { printJson, printTable } from './output.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ReadArguments extends WorkspaceArguments {
  actor?: string;
  patch?: string;
  from?: string;
  to?: string;
  limit: number;
}

const stages = { events: '事件 events', projections: '状态 states', detections: '检测 detections' };
const dayMs = 86_400_000;

export function auditCommand(): Command {
  const audit = new Command('audit').description('whether the record is whole, and who read what');
  workspaceOptions(audit.command('verify'))
    .description('find any edit, deletion or reordering of the event log; exit code 1 where there is one')
    .option('--from <seq>', 'take the events before this one as they stand, and verify the chain alone', eventNumber)
    .option('--anchor <file or hash>', 'an anchor kept elsewhere: file that holds it, or its hash')
    .action(verify);
  workspaceOptions(audit.command('anchor'))
    .description('note where the log stands now; keep what is printed outside of the workspace')
    .action(anchor);
  workspaceOptions(audit.command('reads'))
    .description('who read restricted data over the API, latest first')
    .option('--actor <name>', 'by this key or person')
    .option('--patch <number or id>', 'of this patch')
    .option('--from <day>', 'first local day, YYYY-MM-DD', localDayName)
    .option('--to <day>', 'last local day, YYYY-MM-DD', localDayName)
    .option('--limit <n>', 'at most so many', positiveNumber, 1000)
    .action(reads);
  return audit;
}

async function verify(options: WorkspaceArguments & { from?: number; anchor?: string }): Promise<void> {
  const anchors = options.anchor === undefined ? [] : [await anchorNamed(options.anchor)];
  const bar = new ProgressBar();
  const began = performance.now();
  const report = await withWorkspace(options, ({ store }) =>
    verifyAudit(store, {
      from: options.from,
      anchors,
      onProgress: (stage, done, total) => bar.draw(stages[stage], done, total),
    }),
  ).finally(() => bar.clear());
  if (options.json) printJson(report);
  else printAudit(report, (performance.now() - began) / 1000);
  if (!report.ok) process.exitCode = 1;
}

async function anchor(options: WorkspaceArguments): Promise<void> {
  const set = await withWorkspace(options, async ({ store }) => setAnchor(store, (await clockOf(store))()));
  if (options.json) return printJson(set);
  process.stdout.write(
    `锚点 anchor ${set.hash}\n至事件 up to event ${set.seq}，共 ${set.count} 条 events，${set.at}\n请另处保存 keep it elsewhere: tuban audit verify --anchor ${set.hash}\n`,
  );
}

async function reads({ patch, from, to, ...options }: ReadArguments): Promise<void> {
  const rows = await withWorkspace(options, async ({ store }) => {
    const filter = {
      actor: options.actor,
      patch: patch === undefined ? undefined : await namesOf(store, patch),
      from: from && new Date(endOfDay(from).getTime() - dayMs + 1).toISOString(),
      to: to && endOfDay(to).toISOString(),
    };
    return listReads(store.db, filter, options.limit);
  });
  if (options.json) return printJson(rows);
  printTable(
    ['时间 at', '人员 actor', '内容 what', '图斑 patch', '条数 rows', '条件 filter'],
    rows.map((row) => [row.at, row.actor, row.what, row.patch ?? '', String(row.rows ?? ''), row.filter]),
  );
}

/** A patch is asked for by id or number; whoever reads its log means both. */
async function namesOf({ db }: Store, patch: string): Promise<string[]> {
  const found = await findPatchNamed(db, patch);
  return found === null ? [patch] : [found.id, found.number];
}

async function anchorNamed(name: string): Promise<Anchor> {
  if (/^[0-9a-f]{64}$/i.test(name)) return readAnchor('--anchor', name);
  const text = await readFile(name, 'utf8').catch((error: Error) => {
    const wanted = 'wanted a file with an anchor, or a hash of 64 hex digits';
    throw new ServiceError('bad-input', `${name}: ${wanted}; it cannot be read: ${error.message}.`);
  });
  return readAnchor(name, text);
}

function eventNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Wanted the number of an event, 1 or more, got '${text}'.`);
}

function localDayName(text: string): string {
  endOfDay(text);
  return text;
}
