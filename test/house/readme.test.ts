import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../api/configuration.ts';
import type { Grid } from '../../imagery/grid.ts';
import { gdalMissing } from '../support/gdal.ts';
import { type PlantedBox, PlantedGround } from '../support/planted-ground.ts';
import { boxPolygon, gridBox, plantedGrid } from '../support/planted-workspace.ts';
import { readme, readmeCommands, readmeLinks, readmeTable, repository } from './readme.ts';

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

  it('tells every variable of the configuration, with its default', () => {
    const source = readFileSync(`${repository}api/configuration.ts`, 'utf8');
    const known = [...source.matchAll(/^ {2}([A-Z_]+): \{/gm)].map((match) => match[1]);
    const told = readmeTable(readme, 'variable');
    expect(told.map(([name]) => name).sort()).toEqual(known.sort());
    const environment = Object.fromEntries(told.filter(([, value]) => !/^(–|one per core)$/.test(value)));
    expect(readConfiguration(environment)).toEqual(readConfiguration({}));
  });

  it('names folders that are there', () => {
    const folders = readmeTable(readme, 'folder').map(([name]) => name);
    expect(folders).toEqual(['imagery/', 'detectors/', 'services/', 'api/', 'test/']);
    const named = [...readme.matchAll(/`((?:imagery|detectors|services|api|test)\/[\w/]*)`/g)].map((match) => match[1]);
    expect(named.filter((folder) => !existsSync(repository + folder))).toEqual([]);
  });
});

/** Every command of the README, in its order, in an empty folder that holds the files it names. */
describe('the commands of the README', () => {
  let folder: string;
  let server: ChildProcess | null = null;
  /** Any free port, whatever else runs here, and nothing configured but what the README says. */
  const unset = { HOST: '', TUBAN_HOME: '', TUBAN_DATABASE: '', TUBAN_SCHEDULE: '', TUBAN_WORKERS: '', TUBAN_LOG: '' };
  const environment: Record<string, string | undefined> = { ...process.env, ...unset, PORT: '0' };
  const run = (command: string) => inBash(command, folder, environment);
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
        const printed = await printedUntil(server, /API: +(\S+)/);
        environment['API'] = /API: +(\S+)/.exec(printed)![1];
        environment['KEY'] = /#key=(\S+)/.exec(printed)![1];
      } else {
        expect(command).toMatch(/^(npx tuban|curl|ogrinfo) /);
        expect(await run(command)).toMatchObject({ exitCode: 0 });
      }
    });
  }

  it('have found what was planted, and sent out its task', async () => {
    const found = JSON.parse(await readFile(join(folder, 'patches.geojson'), 'utf8'));
    expect(found.features).toHaveLength(2);
    expect(existsSync(join(folder, 'score.tif'))).toBe(true);
    expect((await run('npx tuban patches list --state warned')).stdout).toMatch(
      /4304212025060001[\s\S]*1 of 1 patches/,
    );
  });

  it.skipIf(missingProgram('curl '))('have fetched a picture', async () => {
    const picture = await readFile(join(folder, 'before.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
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

/** The files that the README names: two dates of one ground, whole and in two tiles, and three layers. */
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
  const layers = { districts: gridBox(plantedGrid, 200), farmland: gridBox(west), 'red-line': inEast };
  for (const [layer, box] of Object.entries(layers)) {
    const properties = layer === 'districts' ? { XZQDM: '430421', XMC: '试验县' } : { id: layer };
    const features = [{ type: 'Feature', properties, geometry: boxPolygon(box) }];
    await writeFile(join(folder, `${layer}.geojson`), JSON.stringify({ type: 'FeatureCollection', features }));
  }
}
