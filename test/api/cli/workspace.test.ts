import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scene } from '../../../imagery/scene.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

/** Images and a layer lie here as files, and are in its own workspace too. */
let planted: PlantedWorkspace;
let scenes: Scene[];
let districts: string;

beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  await planted.layer('districts', { '430421': gridBox(plantedGrid, 50) });
  districts = planted.path('districts-2023-01-01.geojson');
  const built = [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }];
  scenes = [await planted.scene('2024-05-20', { seed: 1 }), await planted.scene('2024-06-20', { seed: 2, built })];
});
afterAll(() => planted.remove());

const facts = (home: string, date: string) => [
  '--date',
  date,
  '--sensor',
  'planted',
  '--bands',
  'B,G,R,N',
  '--home',
  home,
];

async function refusal(args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tuban(args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
}

describe('a workspace on the command line', () => {
  it('lies where --home says, or else TUBAN_HOME, and is made when it is first used', async () => {
    const [named, usual] = [planted.path('named/deep'), planted.path('usual')];
    const first = new TubanProcess(['scenes', 'list', '--home', named, '--json'], { TUBAN_HOME: usual });
    expect([await first.ended, first.stdout]).toEqual([0, '[]\n']);
    expect([existsSync(`${named}/tuban.db`), existsSync(usual)]).toEqual([true, false]);
    const second = new TubanProcess(['scenes', 'list'], { TUBAN_HOME: usual });
    expect(await second.ended).toBe(0);
    expect(existsSync(`${usual}/tuban.db`)).toBe(true);
  });

  it('is filled, run and read; nothing but results is printed where no terminal is', async () => {
    const home = planted.path('filled');
    const [before, after] = scenes;
    const imported = await tuban([
      'zones',
      'import',
      districts,
      '--layer',
      'districts',
      '--valid-from',
      '2023-01-01',
      '--home',
      home,
    ]);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(imported.stdout).toMatch(/^districts: 1 zones, 5\d\d\.\d\d ha, valid from 2023-01-01 /);
    expect(await tuban(['scenes', 'add', before.path, ...facts(home, '2024-05-20')])).toEqual({
      exitCode: 0,
      stdout: `${before.id}  2024-05-20  ${before.path}\n`,
      stderr: '',
    });
    const [added] = await tubanJson('scenes', 'add', after.path, ...facts(home, '2024-06-20'));
    expect(added).toMatchObject({
      id: after.id,
      sha256: after.sha256,
      date: '2024-06-20',
      bands: ['B', 'G', 'R', 'N'],
      isNew: true,
    });
    const run = await tuban(['run', '--month', '2024-06', '--home', home]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain(
      '1 detections: 1 issued, 0 at places already open, 0 as seen before, 0 brought back, 0 kept back by rule',
    );
    const { patches, total } = await tubanJson('patches', 'list', '--home', home);
    expect([patches.length, total, patches[0].number]).toEqual([1, 1, '4304212024060001']);
    const layers = await tubanJson('zones', 'list', '--home', home);
    expect(layers).toMatchObject([{ name: 'districts', validFrom: '2023-01-01', featureCount: 1 }]);
  });

  it('withdraws an image from future runs, and lets it be added anew as another date', async () => {
    const home = planted.path('withdrawn');
    const [before] = scenes;
    await tuban(['scenes', 'add', before.path, ...facts(home, '2024-05-02')]);
    expect(await refusal(['scenes', 'add', before.path, ...facts(home, '2024-05-20')])).toContain(
      'was added as 2024-05-02 planted B,G,R,N EPSG:32650, and now as 2024-05-20',
    );
    expect(await tuban(['scenes', 'remove', before.id, '--home', home])).toMatchObject({
      exitCode: 0,
      stdout: `${before.id}  removed\n`,
    });
    expect(await tubanJson('scenes', 'list', '--home', home)).toEqual([]);
    await tuban(['scenes', 'add', before.path, ...facts(home, '2024-05-20')]);
    expect(await tubanJson('scenes', 'list', '--home', home)).toMatchObject([{ date: '2024-05-20' }]);
  });
});

describe('what is refused in one line with exit code 2', () => {
  it('is a layer whose coordinates are degrees nowhere on earth', async () => {
    const home = planted.path('refused');
    const nowhere = planted.path('nowhere.geojson');
    const coordinates = [
      [
        [271.1, 314.2],
        [271.1, 314.3],
        [271.2, 314.3],
        [271.1, 314.2],
      ],
    ];
    const feature = { type: 'Feature', properties: { id: 'F1' }, geometry: { type: 'Polygon', coordinates } };
    await writeFile(nowhere, JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
    const line = await refusal([
      'zones',
      'import',
      nowhere,
      '--layer',
      'farmland',
      '--valid-from',
      '2024-01-01',
      '--home',
      home,
    ]);
    expect(line).toContain(nowhere);
    expect(line).toContain('degrees');
    expect(await tubanJson('zones', 'list', '--home', home)).toEqual([]);
  });

  it('is a scene to remove that is not there, a filter that is none, a variable that makes no sense', async () => {
    const home = planted.path('refused');
    expect(await refusal(['scenes', 'remove', 'nothing', '--home', home])).toBe('tuban: There is no scene nothing.\n');
    expect(await refusal(['patches', 'list', '--state', 'sleeping', '--home', home])).toContain('sleeping');
    const child = new TubanProcess(['serve', '--home', home], { PORT: 'http' });
    expect(await child.ended).toBe(2);
    expect(child.stderr).toBe("tuban: The environment variable PORT must be a port from 0 to 65535; got 'http'.\n");
  });

  it('is a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const child = new TubanProcess(['serve', '--home', planted.home], { PORT: String(port), TUBAN_SCHEDULE: 'off' });
    expect(await child.ended).toBe(2);
    expect(child.stderr).toBe(
      `tuban: Port ${port} on 127.0.0.1 is in use by another program; set PORT to a free one.\n`,
    );
    await new Promise((resolve) => other.close(resolve));
  });
});

it('a database that is none is refused in one line, and left as it is', async () => {
  const home = planted.path('damaged');
  await mkdir(home);
  await writeFile(`${home}/tuban.db`, 'this is no database, and long enough to be taken for one'.repeat(40));
  const { exitCode, stdout, stderr } = await tuban(['patches', 'list', '--home', home]);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`tuban: The store ${home}/tuban.db is not a SQLite database.\n`);
});

it('a start in a workspace with images of its own prepares no demonstration, says how months stand, and serves', async () => {
  await planted.run('2024-06');
  const server = new TubanProcess(['start', '--home', planted.home], { PORT: '0', TUBAN_SCHEDULE: 'off' });
  const [, url] = await server.printed(/^API: +(http:\S+)\n/m);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/patches`)).status).toBe(401);
  expect(server.stdout).toContain('2024-06');
  expect(`${server.stdout}${server.stderr}`).not.toContain('SIMULATED');
  expect(await server.stop('SIGINT')).toBe(0);
});
