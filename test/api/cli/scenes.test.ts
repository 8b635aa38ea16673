import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scene } from '../../../imagery/scene.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

let planted: PlantedWorkspace;
let may: Scene;
let june: Scene;
let folder: string;
const product = 'GF2_PMS1_E114.2_N27.1_20240612_L1A0007654321-MSS1.tif';

beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  may = await planted.scene('2024-05-20', { seed: 1 });
  june = await planted.scene('2024-06-12', { seed: 2 });
  folder = planted.path('delivery');
  await mkdir(folder);
  await copyFile(june.path, join(folder, product));
  await writeFile(join(folder, 'html-error-page.tif'), '<!DOCTYPE html><title>404</title>');
});
afterAll(() => planted.remove());

describe('tuban scenes', () => {
  it('adds folders, says what was refused at the end, a line each, and adds the rest', async () => {
    const home = planted.path('added');
    const added = await tuban(['scenes', 'add', folder, '--home', home]);
    expect(added).toMatchObject({ exitCode: 2, stdout: `${june.id}  2024-06-12  ${join(folder, product)}\n` });
    expect(added.stderr).toMatch(
      /^tuban: .*html-error-page\.tif: wanted an image.*\ntuban: 1 of 2 images were refused; the others are added\.\n$/,
    );
    const again = await tuban(['scenes', 'add', join(folder, product), '--home', home]);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\(already there\)\n$/), stderr: '' });
  });

  it('takes what options say over what a sensor usually is', async () => {
    const home = planted.path('options');
    const options = ['--sensor', 'GF-2', '--date', '2024-05-20', '--scale', '0.0002', '--offset', '-0.1'];
    const more = [
      '--saturation',
      'none',
      '--nodata',
      '5',
      '--licence',
      'county',
      '--cloud',
      '0.2',
      '--bands',
      'R,G,B,N',
    ];
    const [scene] = await tubanJson('scenes', 'add', may.path, ...options, ...more, '--home', home);
    expect(scene).toMatchObject({
      preset: 'GF-2',
      bands: ['R', 'G', 'B', 'N'],
      reflectance: { scale: 0.0002, offset: -0.1 },
      saturation: null,
      nodata: 5,
      licence: 'county',
      cloudFraction: 0.2,
    });
    const refused = await tuban(['scenes', 'add', may.path, '--cloud', '20', '--home', home]);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Wanted a share from 0 to 1, got '20'"),
    });
  });

  it('shows all it knows of an image, and draws it', async () => {
    const picture = planted.path('june.png');
    const begin = june.id.slice(0, 6);
    const text = await tuban(['scenes', 'show', begin, '--picture', picture, '--size', '120', '--home', planted.home]);
    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    for (const part of [june.id, june.sha256, '2024-06-12', 'B,G,R,N (optical), uint16', '240 x 200 pixels']) {
      expect(text.stdout).toContain(part);
    }
    expect(await sharp(await readFile(picture)).metadata()).toMatchObject({ format: 'png', width: 120, height: 100 });
    const scene = await tubanJson('scenes', 'show', june.id, '--home', planted.home);
    expect(scene).toMatchObject({
      id: june.id,
      kind: 'optical',
      crs: 'EPSG:32650',
      width: 240,
      height: 200,
      nodata: 0,
    });
    expect(scene.gsdM).toBeCloseTo(10, 1);
    const [[minLon, minLat, maxLon, maxLat], [ring]] = [scene.bbox, scene.footprint.coordinates];
    expect(ring[0]).toEqual(ring.at(-1));
    expect(signedArea(ring)).toBeGreaterThan(0);
    for (const [lon, lat] of ring) {
      expect(lon).toBeGreaterThan(minLon - 1e-6);
      expect(lon).toBeLessThan(maxLon + 1e-6);
      expect(lat).toBeGreaterThan(minLat - 1e-6);
      expect(lat).toBeLessThan(maxLat + 1e-6);
    }
    const none = await tuban(['scenes', 'show', 'nothing', '--home', planted.home]);
    expect(none).toMatchObject({ exitCode: 2, stdout: '', stderr: 'tuban: There is no scene nothing.\n' });
    const over = await tuban(['scenes', 'show', june.id, '--picture', june.path, '--home', planted.home]);
    expect(over).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--picture') });
  });

  it('checks images, with exit code 2 and a line for each that is not what it was', async () => {
    const { home } = planted;
    expect(await tuban(['scenes', 'check', 'all', '--all', '--home', home])).toMatchObject({ exitCode: 0, stderr: '' });
    await rename(may.path, `${may.path}.away`);
    const checked = await tuban(['scenes', 'check', '--home', home]);
    expect(checked.exitCode).toBe(2);
    expect(checked.stdout).toMatch(new RegExp(`^${may.id}  2024-05-20  missing  .*\n${june.id}  2024-06-12  good, `));
    expect(checked.stderr).toBe(
      `tuban: ${may.path}: is missing: moved or deleted; add it again from where it lies now.\n`,
    );
    expect((await tuban(['scenes', 'check', june.id, '--home', home])).exitCode).toBe(0);
    await rename(`${may.path}.away`, may.path);
  });

  it('lists the sensors it knows', async () => {
    expect((await tuban(['scenes', 'sensors'])).stdout).toMatch(/^GF-6 WFV +B,G,R,N,RE1,RE2,C,Y +16 /m);
    expect(await tubanJson('scenes', 'sensors')).toContainEqual(
      expect.objectContaining({ name: 'Sentinel-1 GRD', kind: 'sar', reflectance: null }),
    );
  });
});

describe('an inbox', () => {
  it('is emptied once: good images are added, bad ones refused with exit code 2', async () => {
    const home = planted.path('emptied');
    const inbox = join(home, 'inbox');
    await mkdir(inbox, { recursive: true });
    await copyFile(june.path, join(inbox, product));
    await writeFile(join(inbox, 'bad.tif'), 'no image');
    const emptied = await tuban(['scenes', 'inbox', '--once', '--settle', '0.05', '--home', home]);
    expect(emptied).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('bad.tif: wanted an image') });
    expect(emptied.stdout).toBe(`${june.id}  2024-06-12  ${join(home, 'scenes', '2024-06', product)}\n`);
    expect(await tubanJson('scenes', 'list', '--home', home)).toMatchObject([{ id: june.id, sensor: 'GF-2' }]);
    expect(await tuban(['scenes', 'inbox', '--once', '--home', home])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('is watched until Ctrl-C, by itself and by serve', async () => {
    for (const command of [
      ['scenes', 'inbox'],
      ['serve', '--inbox'],
    ]) {
      const home = planted.path(`watched-by-${command[0]}`);
      const inbox = join(home, 'in');
      const settle = command[0] === 'scenes' ? ['--settle', '0.1'] : [];
      const environment = { PORT: '0', TUBAN_SCHEDULE: 'off' };
      const watching = new TubanProcess([...command, inbox, ...settle, '--home', home], environment);
      await watching.printed(/Watching|API:/);
      if (command[0] === 'scenes') {
        await copyFile(june.path, join(inbox, product));
        await watching.printed(new RegExp(`^${june.id}  2024-06-12`, 'm'));
      } else {
        expect(await readdir(inbox)).toEqual([]);
      }
      expect(await watching.stop('SIGINT')).toBe(0);
    }
  });
});

/** Shoelace: positive when the ring turns anticlockwise. */
function signedArea(ring: [number, number][]): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
}
