import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { MultiPolygon, Polygon } from 'geojson';
import { geometryAreaM2 } from '../../imagery/ellipsoid.ts';
import { ServiceError } from '../../services/error.ts';
import { readPaper } from '../../services/handover/kept-papers.ts';
import type { JudgedOnPaper } from '../../services/handover/new-facts.ts';
import { attachDocument, attachFinding } from '../../services/handover/statements.ts';
import { verdictWords } from '../../services/legality/explain.ts';
import { INSTRUMENT_WORDS } from '../../services/legality/explain-words.ts';
import type { InstrumentKind } from '../../services/zones/layer-roles.ts';
import { type Acting, acting } from './acting.ts';
import { dateName, positiveNumber } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, withWorkspace } from './workspace.ts';

type Handing = Acting & { file: string; from: string; note?: string };

interface DocumentArguments extends Handing {
  kind: InstrumentKind;
  number?: string;
  date?: string;
  expiry?: string;
  area?: number;
  holder?: string;
  over: string;
}

/** document and finding: new facts, on which the patch is judged again. */
export function addNewFactCommands(handover: Command): void {
  const kinds = new Option('--kind <kind>', 'what it is').choices(Object.keys(INSTRUMENT_WORDS)).makeOptionMandatory();
  handing(handover, 'document', '补充材料: keep a document that was produced late; the patch is judged again')
    .addOption(kinds)
    .option('--number <text>', 'its number')
    .option('--date <day>', 'when it was issued, YYYY-MM-DD; left out: it bears none', dateName)
    .option('--expiry <day>', 'last day it is valid, YYYY-MM-DD', dateName)
    .option('--area <m²>', 'as the document says', positiveNumber)
    .option('--holder <name>', 'whom it names')
    .option('--over <file>', 'GeoJSON (lon/lat) of the ground it covers; whole: all of the patch', 'whole')
    .addHelpText(
      'after',
      '\nExample:\n  tuban handover document 4304212025060001 --file 批文.pdf --from 某公司 --kind approval \\\n' +
        '    --number 湘政地〔2025〕12号 --date 2025-03-01 --over 批文.geojson --actor 李',
    )
    .action(document);
  handing(handover, 'finding', '核查认定: keep what was established on site; the patch is judged again')
    .option('--rural-road <yes|no>', 'whether it is a rural road', yesNo)
    .option('--facility-farmland <yes|no>', 'whether it is facility farmland', yesNo)
    .option('--built-before <day>', 'it stood by this day, YYYY-MM-DD', dateName)
    .addHelpText(
      'after',
      '\nExample:\n  tuban handover finding 4304212025060001 --file 核查表.pdf --from 执法队 --rural-road yes --actor 李',
    )
    .action(finding);
}

function handing(handover: Command, name: string, description: string): Command {
  return acting(handover.command(name))
    .description(description)
    .argument('<patch>', 'its number or id')
    .requiredOption('--file <file>', 'the paper: pdf, jpg, png, docx, txt …')
    .requiredOption('--from <name>', 'whose it is')
    .option('--note <text>', 'what is to be known of it');
}

async function document(patch: string, options: DocumentArguments): Promise<void> {
  const { kind, number = null, date = null, expiry = null, area: areaM2 = null, holder = null } = options;
  const over = options.over === 'whole' ? 'whole' : await outlineIn(options.over);
  const polygonM2 = over === 'whole' ? null : geometryAreaM2(over);
  const said = { kind, number, date, expiry, areaM2, holder, over, polygonM2 } as const;
  const paper = await paperOf(options);
  const judged = await withWorkspace(options, async ({ store, home }) =>
    attachDocument(store, home, patch, { ...paper, at: (await clockOf(store))() }, said),
  );
  print(judged, options);
}

async function finding(
  patch: string,
  options: Handing & { ruralRoad?: boolean; facilityFarmland?: boolean; builtBefore?: string },
): Promise<void> {
  const { ruralRoad, facilityFarmland, builtBefore } = options;
  const found = {
    ...(ruralRoad !== undefined && { ruralRoad }),
    ...(facilityFarmland !== undefined && { facilityFarmland }),
    ...(builtBefore !== undefined && { builtBefore }),
  };
  const paper = await paperOf(options);
  const judged = await withWorkspace(options, async ({ store, home }) =>
    attachFinding(store, home, patch, { ...paper, at: (await clockOf(store))() }, found),
  );
  print(judged, options);
}

async function paperOf({ file, from: fromName, note, actor }: Handing) {
  return { file: await readPaper(file), fromName, note: note ?? null, actor };
}

function print(judged: JudgedOnPaper, { json }: Handing): void {
  if (json) printJson(judged);
  else printJudged(judged);
}

function printJudged({ isNew, before, after, differences }: JudgedOnPaper): void {
  if (!isNew) {
    process.stdout.write('此前已入卷，未重新判定 was there before; nothing is judged again\n');
    return;
  }
  const words = (opinion: typeof before) => (opinion === null ? '无 none' : verdictWords(opinion, 'zh'));
  process.stdout.write(`已入卷 kept；意见 opinion：${words(before)} → ${words(after)}\n`);
  for (const { what, before: was, after: is } of differences) {
    process.stdout.write(`  ${what}: ${was ?? '–'} → ${is ?? '–'}\n`);
  }
  if (differences.length === 0) process.stdout.write('  意见未变 nothing differs\n');
}

/** The one polygon of a GeoJSON file, or all of its polygons as one. */
async function outlineIn(path: string): Promise<Polygon | MultiPolygon> {
  const wanted = `${path}: wanted GeoJSON polygons in longitude and latitude`;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${wanted}; it cannot be read: ${error.message}.`);
  });
  const polygons = polygonsIn(parsedJson(text, wanted));
  if (polygons.length === 0 || !polygons.flat(2).every(isLonLat)) {
    throw new ServiceError('bad-input', `${wanted}, got something else.`);
  }
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function parsedJson(text: string, wanted: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', `${wanted}; ${(error as Error).message}.`);
  }
}

function polygonsIn(value: unknown): Polygon['coordinates'][] {
  const { type, features, geometry, coordinates } = (value ?? {}) as Record<string, never>;
  if (type === 'FeatureCollection' && Array.isArray(features)) return (features as unknown[]).flatMap(polygonsIn);
  if (type === 'Feature') return polygonsIn(geometry);
  if (type === 'Polygon') return [coordinates];
  return type === 'MultiPolygon' ? coordinates : [];
}

function isLonLat(position: unknown): boolean {
  const [lon, lat] = Array.isArray(position) ? position : [];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function yesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError(`Wanted yes or no, got '${text}'.`);
}
