import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { Inbox, type InboxEvent, type InboxOptions } from '../../../services/scenes/inbox.ts';
import { checkSceneFiles } from '../../../services/scenes/scene-files.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { listScenes, removeScene } from '../../../services/store/scenes.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const june = { date: '2024-06-20', sensor: 'GF-2' };
/** Files as they come: made once, copied into each inbox. */
let stock: PlantedWorkspace;
let workspace: PlantedWorkspace;
let folder: string;
let events: InboxEvent[];

beforeAll(async () => {
  stock = await PlantedWorkspace.create();
  for (const level of [1, 2, 3])
    await writeTiff(stock.path(`${level}.tif`), { ...plantedGrid, width: 64, height: 48 }, bands(level));
});
afterAll(() => stock.remove());
beforeEach(async () => {
  workspace = await PlantedWorkspace.create();
  folder = workspace.path('inbox');
  await mkdir(folder);
  events = [];
});
afterEach(() => workspace.remove());

function bands(level: number): Uint16Array[] {
  return [1, 2, 3, 4].map((band) => Uint16Array.from({ length: 64 * 48 }, (_, i) => 100 * level + ((i * band) % 97)));
}

const scenesFolder = () => workspace.path('scenes');
const inbox = (options: Partial<InboxOptions> = {}) => {
  const usual = { folder, scenesFolder: scenesFolder(), settleMs: 0, factsWaitMs: 0, facts: {}, now: () => new Date() };
  return new Inbox(workspace.store, { ...usual, ...options }, (event) => events.push(event));
};
const drop = (level: number, name: string) => copyFile(stock.path(`${level}.tif`), join(folder, name));
const say = (name: string, facts: object) => writeFile(join(folder, name), JSON.stringify(facts));
const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const scenes = () => listScenes(workspace.store.db);
const files = async (place: string) =>
  (await readdir(place, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
    .sort();
const reasonOf = (name: string) => readFile(join(folder, 'quarantine', `${name}.reason.txt`), 'utf8');

async function lookTwice(watched = inbox()): Promise<void> {
  await watched.look();
  await watched.look();
}

describe('a good image', () => {
  it('is registered with what lies beside it and moved, all together, to the folder of its month', async () => {
    await drop(1, 'a.tif');
    await say('a.json', { ...june, licence: 'county', mask: 'clouds.tif' });
    await drop(2, 'clouds.tif');
    await lookTwice();
    const [scene, ...more] = await scenes();
    expect(more).toEqual([]);
    const path = join(scenesFolder(), '2024-06', 'a.tif');
    expect(scene).toMatchObject({ path, ...june, licence: 'county', sha256: await hashOf(path) });
    expect(JSON.parse(scene.maskJson!)).toMatchObject({ path: join(scenesFolder(), '2024-06', 'clouds.tif') });
    expect(await files(scenesFolder())).toEqual(['2024-06/a.json', '2024-06/a.tif', '2024-06/clouds.tif']);
    expect(await files(folder)).toEqual([]);
    expect(events).toMatchObject([{ what: 'taken', name: 'a.tif', path, scene: { id: scene.id } }]);
    await expect(checkSceneFiles(workspace.store, new Set([scene.id]))).resolves.toBeUndefined();
  });

  it('is taken by its name alone where that tells, and by what is said of all files where nothing else does', async () => {
    await drop(1, 'GF1_PMS1_E112.6_N26.9_20240612_L1A0007654321-MSS1.tif');
    await drop(2, 'b.tif');
    await lookTwice(inbox({ facts: { sensor: 'kite', date: '2024-07-01' } }));
    expect(await scenes()).toMatchObject([
      { date: '2024-07-01', sensor: 'kite' },
      { date: '2024-07-01', sensor: 'kite' },
    ]);
    await drop(3, 'GF1_PMS1_E112.6_N26.9_20240612_L1A0007654322-MSS1.tif');
    await lookTwice();
    expect((await scenes())[0]).toMatchObject({ date: '2024-06-12', sensor: 'GF-1 PMS' });
  });

  it('replaces no image of its name', async () => {
    for (const level of [1, 2]) {
      await drop(level, 'a.tif');
      await say('a.json', june);
      await lookTwice();
    }
    expect(await files(scenesFolder())).toEqual(
      ['a-2.json', 'a-2.tif', 'a.json', 'a.tif'].map((name) => `2024-06/${name}`),
    );
    for (const { path, sha256 } of await scenes()) expect(await hashOf(path)).toBe(sha256);
  });

  it('stays where it is when nothing shall be moved, and is told once', async () => {
    await drop(1, 'a.tif');
    await say('a.json', june);
    await drop(2, 'b.tif');
    const watched = inbox({ scenesFolder: null });
    for (let i = 0; i < 4; i++) await watched.look();
    await lookTwice(inbox({ scenesFolder: null }));
    expect(await scenes()).toMatchObject([{ path: join(folder, 'a.tif') }]);
    expect(await files(folder)).toEqual(['a.json', 'a.tif', 'b.tif']);
    expect(events.map(({ what, name }) => `${what} ${name}`)).toEqual([
      'taken a.tif',
      'refused b.tif',
      'refused b.tif',
    ]);
  });
});

describe('an image that is still being written', () => {
  it('is left alone until it, and what lies beside it, has not changed for as long as asked', async () => {
    const whole = await readFile(stock.path('1.tif'));
    const path = join(folder, 'a.tif');
    const watched = inbox({ settleMs: 30 });
    await say('a.json', june);
    await writeFile(path, whole.subarray(0, 1000));
    for (let at = 1000; at < whole.length; at += 4000) {
      await watched.look();
      await appendFile(path, whole.subarray(at, at + 4000));
    }
    await watched.look();
    expect([events, watched.isWaiting]).toEqual([[], true]);
    await new Promise((resolve) => setTimeout(resolve, 35));
    await say('a.json', { ...june, licence: 'late' });
    await watched.look();
    expect(events).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 35));
    await watched.look();
    expect(events).toMatchObject([{ what: 'taken', scene: { licence: 'late' } }]);
    expect(watched.isWaiting).toBe(false);
  });

  it('waits a while for facts that are to come', async () => {
    await drop(1, 'a.tif');
    const watched = inbox({ factsWaitMs: 60_000 });
    for (let i = 0; i < 3; i++) await watched.look();
    expect(events).toEqual([]);
    await say('a.json', june);
    await lookTwice(watched);
    expect(events).toMatchObject([{ what: 'taken' }]);
  });

  it('that is taken away again is forgotten', async () => {
    await drop(1, 'a.tif');
    const watched = inbox();
    await watched.look();
    await rm(join(folder, 'a.tif'));
    await watched.look();
    expect([events, watched.isWaiting]).toEqual([[], false]);
  });
});

describe('what cannot be a scene goes to quarantine, with one line that says why', () => {
  it.each<[what: string, make: () => Promise<unknown>, reason: RegExp]>([
    [
      'a truncated image',
      () => drop(1, 'a.tif').then(() => truncate(join(folder, 'a.tif'), 2000)),
      /is truncated: wanted/,
    ],
    [
      'an error page',
      () => writeFile(join(folder, 'a.tif'), '<html>404</html>'),
      /a\.tif: wanted an image .*got an HTML page/,
    ],
    ['no day', () => drop(1, 'a.tif').then(() => say('a.json', { sensor: 'GF-2' })), /was taken on no known day/],
    [
      'a slip in the facts',
      () => drop(1, 'a.tif').then(() => say('a.json', { ...june, band: 'B' })),
      /no field 'band'/,
    ],
    [
      'too few roles',
      () => drop(1, 'a.tif').then(() => say('a.json', { ...june, bands: 'B,G' })),
      /has 4 bands, but 2/,
    ],
    [
      'a mask that is not there',
      () => drop(1, 'a.tif').then(() => say('a.json', { ...june, mask: 'm.tif' })),
      /m\.tif: wanted/,
    ],
  ])('%s', async (_, make, reason) => {
    await make();
    const before = await files(folder);
    await lookTwice();
    expect(await files(folder)).toEqual([...before, 'a.tif.reason.txt'].map((name) => `quarantine/${name}`).sort());
    expect(await reasonOf('a.tif')).toMatch(reason);
    expect((await reasonOf('a.tif')).trim()).not.toContain('\n');
    expect(events).toMatchObject([{ what: 'refused', path: join(folder, 'quarantine', 'a.tif') }]);
    expect(await scenes()).toEqual([]);
  });

  it('bytes that cannot be decoded', async () => {
    await drop(1, 'a.tif');
    await say('a.json', june);
    const bytes = await readFile(join(folder, 'a.tif'));
    await writeFile(join(folder, 'a.tif'), bytes.fill(0xff, bytes.length >> 2, bytes.length >> 1));
    await lookTwice();
    expect(await reasonOf('a.tif')).toMatch(/cannot be decoded/);
  });

  it('an image that is there already, which stays as it is', async () => {
    await addSceneFile(workspace.store, stock.path('1.tif'), june, new Date());
    const known = await scenes();
    await drop(1, 'again.tif');
    await say('again.json', june);
    await lookTwice();
    expect(await reasonOf('again.tif')).toMatch(`is there already as scene ${known[0].id}: ${stock.path('1.tif')}`);
    expect(await scenes()).toEqual(known);
  });

  it('twice under one name, and both are kept', async () => {
    for (const text of ['one', 'two']) {
      await writeFile(join(folder, 'a.tif'), text);
      await lookTwice();
    }
    const kept = ['a-2.tif', 'a-2.tif.reason.txt', 'a.tif', 'a.tif.reason.txt'];
    expect(await files(folder)).toEqual(kept.map((name) => `quarantine/${name}`));
  });

  it('and is taken when it is mended and put back', async () => {
    await drop(1, 'a.tif');
    await lookTwice();
    await rename(join(folder, 'quarantine', 'a.tif'), join(folder, 'a.tif'));
    await say('a.json', june);
    await lookTwice();
    expect(events.map(({ what }) => what)).toEqual(['refused', 'taken']);
  });
});

describe('an image that the workspace knew before', () => {
  it('is put back when it was withdrawn, and found again when its file was lost', async () => {
    const lost = workspace.path('lost.tif');
    await copyFile(stock.path('1.tif'), lost);
    const { scene } = await addSceneFile(workspace.store, lost, june, new Date());
    await rm(lost);
    await drop(1, 'a.tif');
    await say('a.json', june);
    await lookTwice();
    expect(await scenes()).toMatchObject([{ id: scene.id, path: join(scenesFolder(), '2024-06', 'a.tif') }]);
    await removeScene(workspace.store.db, scene.id, new Date());
    await drop(1, 'b.tif');
    await say('b.json', june);
    await lookTwice();
    expect(await scenes()).toMatchObject([{ id: scene.id, path: join(scenesFolder(), '2024-06', 'b.tif') }]);
  });
});

describe('two that look at once', () => {
  it('do not fight: one looks, the other is told so, and each image is taken once', async () => {
    for (const level of [1, 2, 3]) {
      await drop(level, `${level}.tif`);
      await say(`${level}.json`, june);
    }
    const both = [inbox(), inbox()];
    for (let i = 0; i < 4; i++) {
      const looks = await Promise.allSettled(both.map((one) => one.look()));
      const refused = looks.filter((look) => look.status === 'rejected');
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'busy' });
      expect(refused.length).toBeLessThan(2);
      both.reverse();
    }
    expect(events.map(({ what, name }) => `${what} ${name}`).sort()).toEqual([
      'taken 1.tif',
      'taken 2.tif',
      'taken 3.tif',
    ]);
    expect(await scenes()).toHaveLength(3);
  });
});

describe('killed at any moment', () => {
  const script = fileURLToPath(new URL('./look-until-killed.ts', import.meta.url));
  const lookAndDie = (n: number) =>
    promisify(execFile)(process.execPath, [script, workspace.home, folder, String(n)]).then(
      ({ stdout }) => stdout,
      ({ signal }) => signal as string,
    );

  it('nothing is lost or done twice: the next look ends what was begun', { timeout: 60_000 }, async () => {
    let deaths = 0;
    for (let n = 0; ; n++) {
      await rm(folder, { recursive: true });
      await rm(scenesFolder(), { recursive: true, force: true });
      for (const { id } of await scenes()) await removeScene(workspace.store.db, id, new Date());
      await mkdir(folder);
      await drop(1, 'good.tif');
      await say('good.json', june);
      await writeFile(join(folder, 'bad.tif'), 'no image');
      const end = await lookAndDie(n);
      if (end === 'SIGKILL') deaths++;
      await lookTwice();
      const known = await scenes();
      expect(known, `killed before step ${n}`).toMatchObject([
        { path: join(scenesFolder(), '2024-06', 'good.tif'), ...june },
      ]);
      expect(await hashOf(known[0].path)).toBe(known[0].sha256);
      expect(await files(scenesFolder())).toEqual(['2024-06/good.json', '2024-06/good.tif']);
      expect(await files(folder)).toEqual(['quarantine/bad.tif', 'quarantine/bad.tif.reason.txt']);
      if (end === 'done') break;
    }
    expect(deaths).toBeGreaterThan(8);
  });
});
