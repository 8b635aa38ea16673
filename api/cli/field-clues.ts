import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { MultiPolygon, Polygon } from 'geojson';
import { ServiceError } from '../../services/error.ts';
import { addPhotos, readPhotoFiles } from '../../services/field/add-photos.ts';
import { addClue } from '../../services/field/clues/add-clue.ts';
import { areaOfText, circleAround } from '../../services/field/clues/clue-place.ts';
import { finderFigures, type Median } from '../../services/field/clues/finder-figures.ts';
import { type FirstFinder, firstFinders } from '../../services/field/clues/first-finder.ts';
import { localDay, localTime } from '../../services/local-time.ts';
import { CHANGE_TYPES, type NamedChangeType } from '../../services/queue/change-types.ts';
import { listClues, sightings } from '../../services/store/field-clues.ts';
import { stoppingEvents } from '../../services/store/stopping.ts';
import { dateName, positiveNumber } from './options.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  source: 'public' | 'patrol';
  who: string;
  text: string;
  when?: Date;
  at?: [lon: number, lat: number];
  radius: number;
  area?: string;
  photo: string[];
  type: NamedChangeType['code'];
  unchangedOn?: string;
}

type ListArguments = WorkspaceArguments & { district: string };

const sources = { public: '群众举报', patrol: '巡查发现' };
const finders = { satellite: '卫星', papers: '批件到期', ...sources };

export function fieldClueCommand(): Command {
  const clue = new Command('clue').description('reports of the public and findings of patrols');
  workspaceOptions(clue.command('add'))
    .description('take a report in: it opens a patch, or joins the one that deals with the place')
    .addOption(new Option('--source <who>', 'where it comes from').choices(['public', 'patrol']).makeOptionMandatory())
    .requiredOption('--who <name>', "who reported it ('anonymous' will do)")
    .requiredOption('--text <text>', 'what was reported')
    .option('--when <time>', 'when it was seen, e.g. 2024-06-05T10:00+08:00 (default: now)', timeName)
    .option('--at <lon,lat>', 'where, in degrees', lonLat)
    .option('--radius <m>', 'round that, metres', positiveNumber, 30)
    .option('--area <file>', 'where, as a GeoJSON polygon, instead')
    .option('--photo <file...>', 'photos handed in with it', [])
    .addOption(
      new Option('--type <type>', 'what it is').choices(CHANGE_TYPES.map(({ code }) => code)).default('unknown'),
    )
    .option('--unchanged-on <date>', 'last day on which nothing had happened yet', dateName)
    .action(add);
  workspaceOptions(clue.command('list'))
    .description('the reports')
    .option('--district <code>', 'district code or its first digits', '')
    .action(list);
  workspaceOptions(clue.command('finders'))
    .description(
      'who found each place first, satellite, patrol or the public, and the days from onset to found to stopped',
    )
    .option('--district <code>', 'district code or its first digits', '')
    .option('--figures', 'medians and counts by month, district and source in place of the places')
    .addHelpText('after', '\nExample: tuban field clue finders --district 430421 --figures')
    .action(finderList);
  return clue;
}

async function add(options: AddArguments): Promise<void> {
  const { source, who, text, type, unchangedOn = null } = options;
  const geometry = await geometryOf(options);
  const files = await readPhotoFiles(options.photo);
  const { clue, photos } = await withWorkspace(options, async ({ store, home }) => {
    const now = (await clockOf(store))();
    const at = options.when ?? now;
    const clue = await addClue(store, { source, who, text, at, geometry, type: type as never, unchangedOn }, now);
    const adding = { takenBy: who, readings: [], now };
    const photos = files.length === 0 ? [] : await addPhotos(store, home, clue.patchId, files, adding);
    return { clue, photos };
  });
  if (options.json) return printJson({ ...clue, photos });
  const what = clue.opened ? '已立为图斑 opened patch' : '并入图斑 joined patch';
  process.stdout.write(`${clue.id}  ${what} ${clue.patchId}，照片 photos ${photos.length}\n`);
}

async function list(options: ListArguments): Promise<void> {
  const clues = await withWorkspace(options, ({ store }) => listClues(store.db, options.district));
  if (options.json) return printJson(clues);
  printTable(
    ['线索 clue', '来源 source', '时间 (UTC)', '区划', '图斑 patch', '举报人 who', '内容 text'],
    clues.map(({ id, source, at, district, patchId, who, text }) => [
      ...[id, sources[source], localTime(at), district, patchId, who],
      text.replace(/\s+/g, ' ').slice(0, 60),
    ]),
  );
}

async function finderList(options: ListArguments & { figures?: boolean }): Promise<void> {
  const { district } = options;
  const ledger = await withWorkspace(options, async ({ store: { db } }) =>
    firstFinders(await sightings(db, district), await listClues(db, district), await stoppingEvents(db, district)),
  );
  if (options.figures) {
    printFigures(ledger, options.json ?? false);
    return;
  }
  if (options.json) return printJson(ledger);
  printTable(
    ['地点 place', '区划', '首先发现 first', '发现 found (UTC)', '距发生 days from onset', '制止 stopped', '天 days'],
    ledger.map(({ placeId, district, foundBy, foundAt, daysAtLeast, daysAtMost, ending, stoppedAt, daysToStop }) => [
      ...[placeId, district, finders[foundBy], localTime(foundAt)],
      `${daysAtLeast ?? '?'}–${daysAtMost ?? '?'}`,
      ...[stoppedAt ? localDay(stoppedAt) : endings[ending], daysToStop === null ? '' : String(daysToStop)],
    ]),
  );
}

const endings: Record<FirstFinder['ending'], string> = {
  stopped: '已制止',
  nothing: '无违法 no breach',
  'going-on': '未制止 going on',
};

/** Each month and district, then all months of a district, then everything. */
function printFigures(ledger: readonly FirstFinder[], json: boolean): void {
  const byMonth = finderFigures(ledger);
  const byDistrict = finderFigures(ledger, { months: false, districts: true });
  const whole = finderFigures(ledger, { months: false, districts: false });
  if (json) {
    printJson({ byMonth, byDistrict, whole });
    return;
  }
  const median = ({ days, count }: Median) => (days === null ? '–' : `${days} (${count})`);
  printTable(
    [
      '月份',
      '区划',
      '首先发现 first',
      '地点',
      '已制止',
      '未制止',
      '无违法',
      '发生至发现 中位天数 (n)',
      '发现至制止 (n)',
    ],
    [...byMonth, ...byDistrict, ...whole].map((row) => [
      ...[row.month || '合计 all', row.district || '全部 all', finders[row.foundBy]],
      ...[row.places, row.stopped, row.goingOn, row.nothing].map(String),
      `${median(row.onsetToFoundAtLeast)} – ${median(row.onsetToFoundAtMost)}`,
      median(row.foundToStopped),
    ]),
  );
}

async function geometryOf({ at, radius, area }: AddArguments): Promise<Polygon | MultiPolygon> {
  if ((at === undefined) === (area === undefined)) {
    throw new ServiceError('bad-input', 'A clue needs its place once: --at LON,LAT or --area FILE.');
  }
  if (at !== undefined) return circleAround(at, radius);
  const text = await readFile(area as string, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${area}: wanted a GeoJSON polygon; it cannot be read: ${error.message}.`);
  });
  return areaOfText(text, area as string);
}

function timeName(text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError(`Wanted a time with its offset, as 2024-06-05T10:00+08:00; got '${text}'.`);
}

function lonLat(text: string): [number, number] {
  const [lon, lat, ...more] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (more.length === 0 && Math.abs(lon) <= 180 && Math.abs(lat) <= 85) return [lon, lat];
  throw new InvalidArgumentError(`Wanted longitude and latitude in degrees as LON,LAT; got '${text}'.`);
}
