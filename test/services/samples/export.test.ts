import { existsSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRaster } from '../../../imagery/open-raster.ts';
import { exportSamples } from '../../../services/samples/export.ts';
import type { Sample } from '../../../services/samples/library.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';

const sites = [
  { x: 224_600, y: 2_999_000, width: 200, height: 160 },
  { x: 225_400, y: 2_998_700, width: 180, height: 180 },
  { x: 225_800, y: 2_999_500, width: 200, height: 200 },
];
const request = { sizePx: 128, seed: '1', at: new Date('2024-08-01T00:00:00Z') };
const reviewed = 'warn acknowledge verify judge submit approve approve approve';

describe('the sample library', () => {
  let workspace: PlantedWorkspace;
  let numbers: string[];

  beforeAll(async () => {
    workspace = await PlantedWorkspace.create();
    await workspace.scene('2024-05-20', { seed: 1 });
    await workspace.scene('2024-06-20', { seed: 2, built: sites });
    await workspace.run('2024-06');
    const rows = await workspace.store.db.selectFrom('patches').selectAll().orderBy('areaM2', 'desc').execute();
    expect(rows.length).toBeGreaterThanOrEqual(3);
    const at = new Date('2024-07-03T01:00:00Z');
    await takeSteps(workspace.store, rows[0].id, reviewed, { at });
    await takeSteps(workspace.store, rows[1].id, 'dismiss', { at });
    numbers = rows.slice(0, 2).map(({ number }) => number);
  });
  afterAll(() => workspace.remove());

  it('is written with what was concluded, and with nothing that is still open', async () => {
    const to = workspace.path('samples');
    expect(await exportSamples(workspace.store, { to, ...request })).toEqual({
      samples: 2,
      missing: [],
      withoutPixels: [],
    });
    const lines = readFileSync(join(to, 'samples.jsonl'), 'utf8').trim().split('\n');
    const samples = lines.map((line) => JSON.parse(line) as Sample);
    const labels = Object.fromEntries(samples.map(({ number, label, reason }) => [number, `${label} ${reason}`]));
    expect(labels).toEqual({ [numbers[0]]: 'change illegal-construction', [numbers[1]]: 'false-change season' });
    // Both were seen in the same two scenes: they may not be in two parts.
    expect(new Set(samples.map(({ splits }) => splits.scene)).size).toBe(1);
    const about = JSON.parse(readFileSync(join(to, 'dataset.json'), 'utf8'));
    expect(about).toMatchObject({
      samples: 2,
      simulated: false,
      labels: { change: 1, 'false-change': 1 },
      missing: [],
    });
  });

  it('has the mask where the chips show the building site, as large as the site is', async () => {
    const place = join(workspace.path('samples'), 'chips', numbers[0]);
    const mask = await sharp(join(place, 'mask.png')).extractChannel(0).raw().toBuffer();
    const after = await sharp(join(place, 'after.png')).greyscale().raw().toBuffer();
    const before = await sharp(join(place, 'before.png')).greyscale().raw().toBuffer();
    const mean = (wanted: number, of: (i: number) => number) => {
      const inside = [...mask.keys()].filter((i) => mask[i] === wanted);
      return inside.reduce((sum, i) => sum + of(i), 0) / inside.length;
    };
    const change = (i: number) => after[i] - before[i];
    expect(mean(255, change)).toBeGreaterThan(mean(0, change) + 40);
    // 200 × 160 m or 200 × 200 m of ground in a square of the patch's longer side and 2 × 24 pixels of 10 m.
    const share = mask.filter((value) => value === 255).length / mask.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.12);
  });

  it('keeps the raw samples of both dates beside the pictures', async () => {
    const clip = await openRaster(join(workspace.path('samples'), 'chips', numbers[0], 'after.tif'));
    const scene = await openRaster(workspace.path('2024-06-20-2.tif'));
    try {
      const { grid, bandCount } = clip.info;
      expect(bandCount).toBe(4);
      const column = Math.round((grid.originX - plantedGrid.originX) / 10);
      const row = Math.round((grid.originY - plantedGrid.originY) / -10);
      const window = { column, row, width: grid.width, height: grid.height };
      const whole = { column: 0, row: 0, width: grid.width, height: grid.height };
      expect((await clip.read(whole)).bands).toEqual((await scene.read(window)).bands);
    } finally {
      await clip.close();
      await scene.close();
    }
  });

  it('names the samples whose images are gone, and keeps their features', async () => {
    const [from, away] = [workspace.path('2024-06-20-2.tif'), workspace.path('away.tif')];
    await rename(from, away);
    try {
      const to = workspace.path('without');
      const { samples, missing } = await exportSamples(workspace.store, { to, ...request });
      expect(samples).toBe(2);
      expect(missing.map(({ number }) => number).sort()).toEqual([...numbers].sort());
      expect(missing[0].why).toContain('2024-06-20-2.tif');
      expect(existsSync(join(to, 'chips', numbers[0]))).toBe(false);
    } finally {
      await rename(away, from);
    }
  });

  it('is refused where the folder is there, or nothing of what is asked for', async () => {
    const there = { to: workspace.path('samples'), ...request };
    await expect(exportSamples(workspace.store, there)).rejects.toThrow('wanted a folder that is not there yet');
    const to = workspace.path('none');
    const none = exportSamples(workspace.store, { to, ...request, labels: ['unclear'] });
    await expect(none).rejects.toThrow('There is no sample yet');
    expect(existsSync(to)).toBe(false);
    expect(existsSync(`${to}.part`)).toBe(false);
  });
});
