import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { campaignFigures } from '../../services/batches/campaign-figures.ts';
import { type BatchImport, importBatch } from '../../services/batches/import-batch.ts';
import { matchBatch } from '../../services/batches/match-batch.ts';
import { overruleMatch } from '../../services/batches/overrule.ts';
import { BUILT_IN_PROFILES, profileNamed } from '../../services/batches/profile.ts';
import { returnBatch } from '../../services/batches/return/return-batch.ts';
import { type Routing, routeRow } from '../../services/batches/route-row.ts';
import { standingRows } from '../../services/batches/row-states.ts';
import { localDay } from '../../services/local-time.ts';
import { type BatchFile, batchNamed, batchRowNamed, listBatches } from '../../services/store/batch-files.ts';
import { linksOfRow } from '../../services/store/batch-links.ts';
import type { Store } from '../../services/store/open.ts';
import { printBatches, printCampaign, printMatch, printReturn, printRows } from './batch-tables.ts';
import { crsName, dateName, monthName } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ImportArguments extends WorkspaceArguments {
  profile: string;
  campaign?: string;
  cutOff?: string;
  month?: string;
  crs?: string;
  encoding?: string;
  sourceLayer?: string;
  by: string;
}

export function batchCommand(): Command {
  const batch = new Command('batch').description(
    'files from province or ministry: in, matched, and back in the same form',
  );
  const known = BUILT_IN_PROFILES.map(({ id }) => id).join(', ');
  workspaceOptions(batch.command('import'))
    .description('take a file in; the same file again changes nothing')
    .argument('<file>', 'shapefile, GeoPackage, GeoJSON or GeoJSONSeq, as it came')
    .requiredOption('--profile <name>', `which column holds what: ${known}, or a JSON file of your own`)
    .option('--campaign <name>', 'the special campaign it belongs to, e.g. 历史违法清零')
    .option('--cut-off <date>', 'of a new campaign: what was built before it is 存量', dateName)
    .option('--month <month>', 'the month whose queue its new patches enter (default: this one)', monthName)
    .option('--crs <crs>', 'CRS of the coordinates, where the file says none or a wrong one', crsName)
    .option('--encoding <name>', 'encoding of the text, e.g. gbk, where the file says none or a wrong one')
    .option('--source-layer <name>', 'the table of a GeoPackage, where there are several')
    .option('--by <name>', 'who imports it', 'tuban')
    .action(importFile);
  ofBatch(batch, 'match', 'say of each row: known, part of a known place, growing over one, or new').action(match);
  workspaceOptions(batch.command('list')).description('the batches received').action(list);
  ofBatch(batch, 'show', 'the rows of a batch, what they were matched with and how that stands').action(show);
  ofBatch(batch, 'overrule', 'say that a row is another patch, or a new one; the match before stays on record')
    .argument('<row>', 'number of the row, or its place as #12')
    .requiredOption('--to <patch>', "number of the patch it is, or 'new'")
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <name>', 'who says so')
    .action(overrule);
  ofBatch(batch, 'route', "send a row's patch to another department, or record its answer")
    .argument('<row>', 'number of the row, or its place as #12')
    .addArgument(new Argument('<step>', 'what is done').choices(['refer', 'accept', 'refuse']))
    .option('--department <name>', 'refer: to whom')
    .option('--note <text>', 'refer: what for')
    .option('--reason <code>', "refuse: why, a code of the lifecycle's list")
    .requiredOption('--by <name>', 'who does it')
    .action(route);
  ofBatch(batch, 'return', 'write the file back as it came, with the answers, and a receipt beside it')
    .requiredOption('-o, --out <path>', 'file to write, with the ending that came, or a folder')
    .option('--force', 'replace files that are there')
    .option('--by <name>', 'who returns it', 'tuban')
    .action(giveBack);
  workspaceOptions(batch.command('campaign'))
    .description('the figures of a campaign: 存量, cleared and remaining, by district, with their checks')
    .argument('<name>')
    .action(campaign);
  return batch;
}

function ofBatch(batch: Command, name: string, description: string): Command {
  return workspaceOptions(batch.command(name)).description(description).argument('<batch>', 'id, or its beginning');
}

async function importFile(file: string, options: ImportArguments): Promise<void> {
  const { home: _, json, profile, ...rest } = options;
  const result = await withWorkspace(options, async ({ store }) => {
    const now = (await clockOf(store))();
    return importBatch(store, { ...rest, path: resolve(file), profile: await profileNamed(profile), now });
  });
  if (json) printJson({ ...result, batch: shownBatch(result.batch) });
  else printImport(result);
}

function printImport({ batch, rows, notes, alreadyImported, resumedFrom }: BatchImport): void {
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  out(`${batch.id}: ${batch.name}，${rows} 行 rows${alreadyImported ? '，此前已导入 were imported before' : ''}`);
  if (resumedFrom > 0) out(`  从第 ${resumedFrom} 行续传 went on after row ${resumedFrom}`);
  out(
    `  ${batch.format}, ${batch.crs}, ${batch.encoding}; 方案 profile ${batch.profile}; 入列月份 month ${batch.month}`,
  );
  for (const note of notes) out(`  note: ${note}`);
}

async function onBatch<T>(
  options: WorkspaceArguments,
  name: string,
  work: (store: Store, batch: BatchFile, now: Date) => Promise<T>,
): Promise<T> {
  return withWorkspace(options, async ({ store }) =>
    work(store, await batchNamed(store.db, name), (await clockOf(store))()),
  );
}

async function match(name: string, options: WorkspaceArguments): Promise<void> {
  const result = await onBatch(options, name, (store, batch, now) => matchBatch(store, batch, now));
  if (options.json) printJson(result);
  else printMatch(result);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const batches = await withWorkspace(options, ({ store }) => listBatches(store.db));
  if (options.json) printJson(batches.map(shownBatch));
  else printBatches(batches);
}

async function show(name: string, options: WorkspaceArguments): Promise<void> {
  const { batch, rows } = await onBatch(options, name, async (store, batch) => {
    const rows = [];
    for await (const standing of standingRows(store, batch.id)) {
      const { geometry: _, propertiesJson, ...row } = standing.row;
      const { comparedJson = '[]', ...link } = standing.link ?? {};
      const history = standing.link === null ? [] : await linksOfRow(store.db, batch.id, row.row);
      rows.push({
        ...row,
        properties: JSON.parse(propertiesJson),
        link: standing.link === null ? null : { ...link, compared: JSON.parse(comparedJson) },
        links: history.length,
        state: standing.state,
      });
    }
    return { batch, rows };
  });
  if (options.json) printJson({ ...shownBatch(batch), rows });
  else printRows(rows);
}

async function overrule(
  name: string,
  row: string,
  { to, by, reason, ...options }: WorkspaceArguments & { to: string; by: string; reason: string },
): Promise<void> {
  const link = await onBatch(options, name, async (store, batch, now) =>
    overruleMatch(store, batch, await batchRowNamed(store.db, batch.id, row), { to, by, reason, now }),
  );
  if (options.json) printJson(link);
  else process.stdout.write(`${row}: ${link.kind} ${link.patchId}，由 ${link.actor} 认定：${link.reason}\n`);
}

async function route(
  name: string,
  row: string,
  action: Routing['action'],
  { home, json, ...given }: WorkspaceArguments & Omit<Routing, 'action' | 'now'>,
): Promise<void> {
  const options = { ...(home !== undefined && { home }) };
  const moved = await onBatch(options, name, async (store, batch, now) =>
    routeRow(store, batch, await batchRowNamed(store.db, batch.id, row), { ...given, action, now }),
  );
  if (json) printJson(moved);
  else process.stdout.write(`${row}: ${moved.state}，期限 due ${moved.dueAt ? localDay(moved.dueAt) : '—'}\n`);
}

async function giveBack(
  name: string,
  { out, force, by, ...options }: WorkspaceArguments & { out: string; force?: boolean; by: string },
): Promise<void> {
  const result = await onBatch(options, name, (store, batch, now) =>
    returnBatch(store, batch, { out, by, now, overwrite: force ?? false }),
  );
  if (options.json) printJson(result);
  else printReturn(result);
}

async function campaign(name: string, options: WorkspaceArguments): Promise<void> {
  const figures = await withWorkspace(options, ({ store }) => campaignFigures(store, name));
  if (options.json) printJson(figures);
  else printCampaign(figures);
}

/** Without the JSON that is kept as text. */
function shownBatch({ fieldsJson, profileJson, notesJson, ...batch }: BatchFile) {
  const columns = (JSON.parse(fieldsJson) as { name: string }[]).map(({ name }) => name);
  return { ...batch, columns, profile: JSON.parse(profileJson), notes: JSON.parse(notesJson) };
}
