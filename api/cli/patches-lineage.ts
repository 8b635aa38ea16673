import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { drawnLines, drawnParts } from '../../services/lineage/drawn.ts';
import type { Entered } from '../../services/lineage/enter.ts';
import { type FamilyTree, lineageOf } from '../../services/lineage/lineage-of.ts';
import { mergePatches } from '../../services/lineage/merge.ts';
import { splitPatch } from '../../services/lineage/split.ts';
import { undoLineage } from '../../services/lineage/take-back.ts';
import { localTime } from '../../services/local-time.ts';
import { MU_PER_M2, patchDetail } from '../../services/queue/detail.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface DeedArguments extends WorkspaceArguments {
  actor: string;
  reason: string;
}

type SplitArguments = DeedArguments & { by?: string; line?: string };

/** `tuban patches split|merge|undo|lineage` */
export function lineageCommands(): Command[] {
  const split = deedOptions(new Command('split'))
    .description('拆分: cut an open patch into pieces that stand for it')
    .argument('<patch>', 'number or id')
    .option('--by <file>', 'GeoJSON polygons, one for each piece; of one alone the rest is the other piece')
    .option('--line <file>', 'GeoJSON lines to cut along, instead')
    .addHelpText('after', '\nExample: tuban patches split 4304022026070001 --line 界线.geojson --reason 两个权利人')
    .action(splitOne);
  const merge = deedOptions(new Command('merge'))
    .description('合并: make one of several open patches of one district, month and state')
    .argument('<patch...>', 'numbers or ids')
    .addHelpText('after', '\nExample: tuban patches merge 4304022026070001 4304022026070002 --reason 同一建设项目')
    .action(mergeSome);
  const undo = deedOptions(new Command('undo'))
    .description('take a split or merge back, while nothing was done to what came of it')
    .argument('<patch>', 'number or id of any patch of it')
    .addHelpText('after', '\nExample: tuban patches undo 4304022026070001 --reason 划错界线')
    .action(undoOne);
  const lineage = workspaceOptions(new Command('lineage'))
    .description('what a patch came out of and what came out of it')
    .argument('<patch>', 'number or id')
    .addHelpText('after', '\nExample: tuban patches lineage 4304022026070001')
    .action(showLineage);
  return [split, merge, undo, lineage];
}

function deedOptions(command: Command): Command {
  return workspaceOptions(command)
    .option('--actor <name>', 'who does it (default: the user of this machine)', userInfo().username)
    .requiredOption('--reason <text>', 'why; it is kept with it');
}

async function splitOne(patch: string, options: SplitArguments): Promise<void> {
  const by = await drawnOf(options);
  const { actor, reason } = options;
  const result = await withWorkspace(options, async ({ store }) =>
    splitPatch(store, { patch, by, actor, reason, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(result);
  printPieces([result.parent], result.pieces, '拆分为 split into');
}

async function drawnOf({ by, line }: SplitArguments) {
  if ((by === undefined) === (line === undefined)) {
    throw new ServiceError(
      'bad-input',
      'A patch is split by one file: --by FILE with polygons or --line FILE with lines.',
    );
  }
  const file = (by ?? line) as string;
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${file}: wanted a GeoJSON file; it cannot be read: ${error.message}.`);
  });
  return by === undefined ? drawnLines(text, file) : drawnParts(text, file);
}

async function mergeSome(patches: string[], options: DeedArguments): Promise<void> {
  const { actor, reason } = options;
  const result = await withWorkspace(options, async ({ store }) =>
    mergePatches(store, { patches, actor, reason, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(result);
  printPieces(result.parents, [result.merged], '合并为 merged into');
}

async function undoOne(patch: string, options: DeedArguments): Promise<void> {
  const { actor, reason } = options;
  const result = await withWorkspace(options, async ({ store }) =>
    undoLineage(store, patch, { actor, reason, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(result);
  printPieces(result.withdrawn, result.back, '撤回，恢复 withdrawn; back');
}

async function showLineage(patch: string, options: WorkspaceArguments): Promise<void> {
  const family = await withWorkspace(options, async ({ store }) =>
    lineageOf(store.db, (await patchDetail(store, patch)).patch.id),
  );
  if (options.json) printJson(family);
  else printFamily(family);
}

/** The family as a table; splits and merges below it. */
export function printFamily({ patches, acts }: FamilyTree): void {
  const numbers = new Map(patches.map(({ id, number }) => [id, number]));
  const named = (ids: readonly string[]) => ids.map((id) => numbers.get(id)).join(' ') || '–';
  printTable(
    ['图斑 patch', '状态 state', 'm²', '出自 from', '现为 now'],
    patches.map(({ number, state, areaM2, parents, children }) => [
      ...[number, `${stateOf('patch', state).label.zh} ${state}`, areaM2.toFixed(2), named(parents), named(children)],
    ]),
  );
  const kinds = { split: '拆分 split', merge: '合并 merge', undo: '撤回 undo' };
  for (const { at, actor, kind, reason } of acts) {
    process.stdout.write(`${localTime(at)}  ${actor}  ${kinds[kind]}  ${reason}\n`);
  }
}

function printPieces(from: readonly Entered[], to: readonly Entered[], what: string): void {
  process.stdout.write(`${from.map(({ number }) => number).join(' ')} ${what}\n`);
  const rows = to.map(({ number, areaM2 }) => [number, areaM2.toFixed(2), (areaM2 * MU_PER_M2).toFixed(2)]);
  printTable(['图斑 patch', 'm²', '亩'], rows);
}
