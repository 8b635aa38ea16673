import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../api/cache-folder.js';
import { readConfiguration } from '../../api/configuration.ts';
import type { Grid } from '../../imagery/grid.ts';
import { mappingUnitsM2 } from '../../services/detection/mapping-unit.ts';
import { BUILT_IN } from '../../services/legality/built-in.ts';
import { gdalMissing } from '../support/gdal.ts';
import { photo } from '../support/photos.ts';
import { type PlantedBox, PlantedGround } from '../support/planted-ground.ts';
import { boxPolygon, gridBox, plantedGrid } from '../support/planted-workspace.ts';
import { environmentDoors } from './doors.ts';
import {
  readme,
  readmeAnchors,
  readmeCommands,
  readmeHeadings,
  readmeLinks,
  readmeTable,
  repository,
} from './readme.ts';

const commands = readmeCommands(readme);
const mostPictureBytes = 1_200_000;

describe('the README', () => {
  it('begins with what it is for and the two commands, which are there', () => {
    const { scripts } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'));
    expect(commands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
    for (const [, script] of readme.matchAll(/`npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });

  it('links to what exists, with pictures that are soon fetched', () => {
    const links = readmeLinks(readme);
    expect(links.filter((link) => !existsSync(repository + link))).toEqual([]);
    const pictures = links.filter((link) => link.endsWith('.png'));
    expect(pictures.length).toBeGreaterThan(0);
    const bytes = pictures.reduce((sum, picture) => sum + statSync(repository + picture).size, 0);
    expect(bytes).toBeLessThan(mostPictureBytes);
  });

  it('leads to its own sections', () => {
    const anchors = readmeAnchors(readme);
    expect(anchors.length).toBeGreaterThan(0);
    expect(anchors.filter((anchor) => !readmeHeadings(readme).includes(anchor))).toEqual([]);
  });

  it('tells every variable of the configuration, with its default', () => {
    const known = [...sourceOf('api/configuration.ts').matchAll(/^ {2}([A-Z_]+): \{/gm)].map((match) => match[1]);
    const told = readmeTable(readme, 'variable');
    const own = [...known, 'TUBAN_CACHE', 'TUBAN_PRIVATE_HOSTS'];
    expect(told.map(([name]) => name).sort()).toEqual(own.sort());
    const environment = Object.fromEntries(told.filter(([, value]) => !/^(–|one per core)$/.test(value)));
    expect(readConfiguration(environment)).toEqual(readConfiguration({}));
    expect(cacheFolder({ TUBAN_CACHE: environment['TUBAN_CACHE'].replace('~', homedir()) })).toBe(cacheFolder({}));
  });

  it('tells the variables of storage and cache that are read, and no other', () => {
    const read = environmentDoors.flatMap((file) => variablesIn(sourceOf(file)));
    const told = [...readme.matchAll(/`([^`\n]+)`/g)].flatMap((match) => variablesIn(match[1]));
    expect([...new Set(told)].sort()).toEqual([...new Set(read)].sort());
  });

  it('tells the smallest patch of each theme, and where the readers end, as the code has them', () => {
    const [[, themes]] = readmeTable(readme, 'option').filter(([option]) => option.startsWith('--theme'));
    const told = [...themes.matchAll(/(\w+) (\d+)/g)].map(([, theme, area]) => [theme, Number(area)]);
    expect(Object.fromEntries(told)).toEqual(mappingUnitsM2);
    const ends = {
      'imagery/tiff/image.ts': [/LARGEST_CHUNK_MIB = 96;/, /MOST_CHUNKS = 2 \*\* 23;/],
      'imagery/decode-guard/tiff-directory.ts': [/MOST_TAGS = 4096;/, /MOST_VALUE_BYTES = 192 \* 2 \*\* 20;/],
      'imagery/picture-file/picture.ts': [/MOST_MIB: .* = \{ png: 256, jpeg: 160, webp: 128 \};/],
      'imagery/tiff/nodata.ts': [/LARGEST_SAMPLE = 1e18;/],
    };
    for (const [file, lines] of Object.entries(ends)) for (const line of lines) expect(sourceOf(file)).toMatch(line);
    expect(readme).toContain(`over 96 MiB or more than ${(2 ** 23).toLocaleString('en')} of them`);
    expect(readme).toContain("more than 4,096 tags or 192 MiB of them in a TIFF's directory");
    expect(readme).toContain('pictures over 256 MiB (PNG), 160 (JPEG) or 128 (WebP) decoded');
    expect(readme).toContain('A float beyond ±10¹⁸');
  });

  it('names folders that are there', () => {
    const folders = readmeTable(readme, 'folder').map(([name]) => name);
    expect(folders).toEqual(['imagery/', 'detectors/', 'services/', 'api/', 'test/']);
    const named = [...readme.matchAll(/`((?:imagery|detectors|services|api|test)\/[\w/]*)`/g)].map((match) => match[1]);
    expect(named.filter((folder) => !existsSync(repository + folder))).toEqual([]);
  });
});

function sourceOf(file: string): string {
  return readFileSync(repository + file, 'utf8');
}

function variablesIn(text: string): string[] {
  return text.match(/\b(TUBAN|AWS|XDG)_[A-Z0-9_]+/g) ?? [];
}

/** Every command of the README, in its order, in an empty folder that holds the files it names. */
describe('the commands of the README', () => {
  let folder: string;
  let server: ChildProcess | null = null;
  /** Any free port, whatever else runs here, and nothing configured but what the README says. */
  const unset = { HOST: '', TUBAN_HOME: '', TUBAN_DATABASE: '', TUBAN_SCHEDULE: '', TUBAN_WORKERS: '', TUBAN_LOG: '' };
  const environment: Record<string, string | undefined> = { ...process.env, ...unset, PORT: '0' };
  const run = (command: string) => inBash(command, folder, environment);
  /** What each command has printed. */
  const printed = new Map<string, string>();
  const scenes = async (home = 'my-county'): Promise<{ id: string; date: string; path: string }[]> =>
    JSON.parse((await run(`npx tuban scenes list --json --home ${home}`)).stdout);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-readme-'));
    await writeReadmeFiles(folder);
  });
  afterAll(async () => {
    server?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  for (const command of commands.slice(2)) {
    const assigned = /^(export )?([A-Z_]+)=(\S+)$/.exec(command);
    const missing = missingProgram(command);
    if (missing) console.log(`SKIPPED: ${missing} is not installed: ${command}`);
    it.skipIf(missing)(command, { timeout: 60_000 }, async () => {
      if (assigned) {
        // Address and key are what the server printed.
        environment[assigned[2]] ||= assigned[3];
      } else if (command === 'npx tuban serve') {
        server = spawnTuban(['serve'], folder, environment);
        const greeting = await printedUntil(server, /API: +(\S+)/);
        environment['API'] = /API: +(\S+)/.exec(greeting)![1];
        environment['KEY'] = /#key=(\S+)/.exec(greeting)![1];
      } else {
        expect(command).toMatch(/^(npx tuban|curl|ogrinfo) /);
        // ID stands for what the list shows.
        const typed = /\bID\b/.test(command) ? command.replace(/\bID\b/, (await scenes())[0].id) : command;
        const ended = await run(typed);
        expect(ended).toMatchObject({ exitCode: 0 });
        printed.set(command, ended.stdout);
      }
    });
  }

  it('have found what was planted, sent out its task and acknowledged it', async () => {
    const found = JSON.parse(await readFile(join(folder, 'patches.geojson'), 'utf8'));
    expect(found.features).toHaveLength(2);
    expect(existsSync(join(folder, 'score.tif'))).toBe(true);
    expect((await run('npx tuban patches list --state acknowledged')).stdout).toMatch(
      /4304212025060001[\s\S]*1 of 1 patches/,
    );
  });

  it('have told how good that was', () => {
    const of = (beginning: string) => [...printed].find(([command]) => command.startsWith(beginning))?.[1];
    expect(of('npx tuban evaluate --score score.tif --patches')).toMatch(/IoU ≥ 0\.5 +2 +2 +1\.000 +1\.000/);
    expect(of('npx tuban evaluate --confusion')).toMatch(/deforestation[^\n]* 21158 +6158 /);
  });

  it('have taken an image out of the inbox, and handed all scenes on', async () => {
    const own = await scenes();
    expect(own.map(({ date }) => date).sort()).toEqual([
      '2025-05-20',
      '2025-05-20',
      '2025-06-18',
      '2025-06-18',
      '2025-07-15',
    ]);
    expect(own.at(-1)?.path).toBe(join(folder, 'my-county', 'scenes', '2025-07', 'july.tif'));
    const ids = (all: { id: string }[]) => all.map(({ id }) => id).sort();
    expect(ids(await scenes('another-county'))).toEqual(ids(own));
  });

  it('have formed an opinion, and said what it rests on', () => {
    const of = (beginning: string) => [...printed].find(([command]) => command.startsWith(beginning))?.[1];
    expect(of('npx tuban rules explain')).toMatch(/批〔2025〕1号/);
    expect(of('npx tuban rules explain')).toMatch(/按原规则重算一致/);
    expect(of('npx tuban gauges show')).toMatch(/430421/);
  });

  it('have drawn pictures', async () => {
    const drawn = missingProgram('curl ') ? ['look.png'] : ['look.png', 'before.png'];
    for (const name of drawn) {
      const picture = await readFile(join(folder, name));
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  it('leave a server that ends with Ctrl-C', async () => {
    const ended = new Promise((resolve) => server!.once('exit', resolve));
    server!.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});

function missingProgram(command: string): string | null {
  const program = command.split(' ')[0];
  if (program === 'ogrinfo') return gdalMissing ? program : null;
  if (program !== 'curl') return null;
  return spawnSync(program, ['--version']).error === undefined ? null : program;
}

const tuban = `${repository}api/tuban.js`;

function spawnTuban(args: string[], cwd: string, env: Record<string, string | undefined>): ChildProcess {
  return spawn(process.execPath, [tuban, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function printedUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const take = (text: Buffer) => {
      printed += text;
      if (wanted.test(printed)) resolve(printed);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${printed}`)));
  });
}

/** As typed, except that npx takes the tuban of this checkout and curl fails where the server refuses. */
function inBash(command: string, cwd: string, env: Record<string, string | undefined>) {
  const npx = `npx() { shift; '${process.execPath}' '${tuban}' "$@"; }`;
  const curl = 'curl() { command curl --fail-with-body --silent --show-error "$@"; }';
  return new Promise<{ exitCode: number | string; stdout: string; stderr: string }>((resolve) => {
    execFile('bash', ['-c', `${npx}\n${curl}\n${command}`], { cwd, env }, (error, stdout, stderr) => {
      resolve({ exitCode: error?.code ?? 0, stdout, stderr });
    });
  });
}

const { originX, originY } = plantedGrid;
const inWest: PlantedBox = { x: originX + 600, y: originY - 700, width: 120, height: 100 };
const inEast: PlantedBox = { x: originX + 1700, y: originY - 1500, width: 200, height: 160 };

/** What the zones of each layer state. */
const told: Record<string, object> = {
  districts: { XZQDM: '430421', XMC: '试验县' },
  farmland: { DLBM: '0101' },
  approvals: { number: '批〔2025〕1号', date: '2025-03-01', holder: '某公司' },
};

/** Table 8 of Olofsson et al. 2014: sample counts, and mapped pixels of 30 m as hectares. */
const sample = `map,deforestation,gain,forest,other,area_ha
deforestation,66,0,5,4,18000
gain,0,55,8,12,13500
forest,1,0,153,11,288000
other,2,1,9,313,580500
`;

/**
 * The files that the README names: two dates of one ground, whole and in two tiles, what changed between them, three
 * layers, an image that has arrived, and a sample.
 */
async function writeReadmeFiles(folder: string): Promise<void> {
  const ground = new PlantedGround('EPSG:32650', 5, 10);
  const west: Grid = { ...plantedGrid, width: 130 };
  const east: Grid = { ...plantedGrid, width: 110, originX: originX + 130 * 10 };
  const built = [inWest, inEast];
  for (const month of ['may', 'june']) await mkdir(join(folder, month));
  await ground.draw(join(folder, 'before.tif'), plantedGrid, { seed: 1 });
  await ground.draw(join(folder, 'after.tif'), plantedGrid, { seed: 2, built });
  for (const [name, grid] of Object.entries({ west, east })) {
    await ground.draw(join(folder, 'may', `${name}.tif`), grid, { seed: 3 });
    await ground.draw(join(folder, 'june', `${name}.tif`), grid, { seed: 4, built });
  }
  await mkdir(join(folder, 'arrived'));
  await ground.draw(join(folder, 'arrived', 'july.tif'), plantedGrid, { seed: 5, built });
  const facts = { date: '2025-07-15', sensor: 'Sentinel-2', bands: 'B,G,R,N' };
  await writeFile(join(folder, 'arrived', 'july.json'), JSON.stringify(facts));
  await writeFile(join(folder, 'photo.jpg'), await photo(1));
  await writeFile(join(folder, 'sample.csv'), sample);
  const changed = built.map((box) => ({ type: 'Feature', properties: {}, geometry: boxPolygon(box) }));
  await writeFile(join(folder, 'changed.geojson'), JSON.stringify({ type: 'FeatureCollection', features: changed }));
  const stricter = {
    ...BUILT_IN[0].ruleSet,
    version: '1.1',
    time: { ...BUILT_IN[0].ruleSet.time, validAtLaterImageSuffices: true },
  };
  await writeFile(join(folder, 'stricter.json'), JSON.stringify(stricter));
  const layers = {
    approvals: inWest,
    districts: gridBox(plantedGrid, 200),
    farmland: gridBox(west),
    'red-line': inEast,
  };
  for (const [layer, box] of Object.entries(layers)) {
    const properties = { id: layer, ...told[layer] };
    const features = [{ type: 'Feature', properties, geometry: boxPolygon(box) }];
    await writeFile(join(folder, `${layer}.geojson`), JSON.stringify({ type: 'FeatureCollection', features }));
  }
}
