import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChipFrame } from '../../../services/evidence/chip-frame.ts';
import { PatchChips } from '../../../services/evidence/chips.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';

const sizePx = 400;
/** A light building site of 20 × 16 pixels; the later image lies 1.4 px too far right and 0.8 px too high. */
const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
const later = { seed: 2, built: [site], shiftPx: { dx: 1.4, dy: -0.8 }, gain: 1.3, offset: 150 };

let workspace: PlantedWorkspace;
let chips: PatchChips;
let patchId: string;

beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', later);
  await workspace.run('2024-06');
  const { store } = workspace;
  const largest = store.db.selectFrom('patches').selectAll().orderBy('areaM2', 'desc');
  patchId = (await largest.executeTakeFirstOrThrow()).id;
  chips = new PatchChips(store);
});
afterAll(async () => {
  await chips.close();
  await workspace.remove();
});

/** Mean grey of the picture inside and outside a frame's outline, two pixels round it left out. */
async function brightness(png: Uint8Array, { width, height, outline }: ChipFrame) {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  const sums = { inside: 0, outside: 0 };
  const counts = { inside: 0, outside: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = contains(outline, x + 0.5, y + 0.5);
      const near = [-9, 0, 9].flatMap((dx) => [-9, 0, 9].map((dy) => contains(outline, x + 0.5 + dx, y + 0.5 + dy)));
      if (near.some((one) => one !== here)) continue;
      sums[here ? 'inside' : 'outside'] += data[y * width + x];
      counts[here ? 'inside' : 'outside']++;
    }
  }
  return { inside: sums.inside / counts.inside, outside: sums.outside / counts.outside };
}

/** By the even-odd rule over all rings. */
function contains(rings: [number, number][][], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[x1, y1], [x2, y2]] = [ring[i], ring[j]];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

describe('the pictures of a patch', () => {
  it('show a new building site bright inside the outline after, and what grew there before', async () => {
    const frame = await chips.frame(patchId, sizePx);
    const before = await brightness(await chips.picture(patchId, 'before', sizePx), frame);
    const after = await brightness(await chips.picture(patchId, 'after', sizePx), frame);
    expect(after.inside - before.inside).toBeGreaterThan(60);
    expect(after.inside - after.outside).toBeGreaterThan(60);
    // What did not change looks the same under the one stretch, though the later sensor is brighter.
    expect(Math.abs(after.outside - before.outside)).toBeLessThan(6);
  });

  it('have the outline where the site was drawn, the shift of the later image taken back', async () => {
    const frame = await chips.frame(patchId, sizePx);
    expect(frame).toMatchObject({ width: sizePx, height: sizePx, beforeDate: '2024-05-20', afterDate: '2024-06-20' });
    const xs = frame.outline.flat().map(([x]) => x);
    const ys = frame.outline.flat().map(([, y]) => y);
    // 20 × 16 pixels and 24 round them: 68 pixels in 400.
    const scale = sizePx / 68;
    const pixels = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)].map((at) => at / scale);
    for (const [i, wanted] of [24, 44, 26, 42].entries()) expect(Math.abs(pixels[i] - wanted)).toBeLessThanOrEqual(1.5);
  });

  it('are drawn once for both dates: the second one is there at once', async () => {
    const fresh = new PatchChips(workspace.store);
    const before = await fresh.picture(patchId, 'before', sizePx);
    const began = performance.now();
    const after = await fresh.picture(patchId, 'after', sizePx);
    expect(performance.now() - began).toBeLessThan(20);
    expect(after).not.toEqual(before);
    await fresh.close();
  });

  it('are refused for a patch that is not there', async () => {
    await expect(chips.picture('nothing', 'after', sizePx)).rejects.toThrow('There is no patch nothing.');
    await expect(chips.frame('nothing', sizePx)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('say which file is gone, and come back with it', async () => {
    const own = await PlantedWorkspace.create();
    const scene = await own.scene('2024-05-20', { seed: 1 });
    await own.scene('2024-06-20', later);
    await own.run('2024-06');
    const { id } = await own.store.db
      .selectFrom('patches')
      .selectAll()
      .orderBy('areaM2', 'desc')
      .executeTakeFirstOrThrow();
    await rm(scene.path);
    const fresh = new PatchChips(own.store);
    await expect(fresh.picture(id, 'before', 64)).rejects.toThrow(scene.path);
    await own.scene('2024-05-20', { seed: 1 });
    expect((await fresh.picture(id, 'before', 64)).length).toBeGreaterThan(500);
    await fresh.close();
    await own.remove();
  });
});
