import { describe, expect, it } from 'vitest';
import { readAligned } from '../../imagery/aligned.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import type { Raster, RasterSource, Samples } from '../../imagery/raster.ts';
import { type Acquisition, PlantedGround } from '../support/planted-ground.ts';
import { registeredShift } from '../support/registered-shift.ts';

const grid: Grid = {
  width: 420,
  height: 330,
  crs: 'EPSG:32650',
  originX: 520_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};
const whole: Window = { column: 0, row: 0, width: grid.width, height: grid.height };
const ground = new PlantedGround('EPSG:32650', 11, grid.pixelWidth);

/** A file that lies in memory. */
function inMemory(bands: Samples[], on = grid): RasterSource {
  const info = { path: 'memory', grid: on, bandCount: bands.length, sampleType: 'uint16' as const, nodata: null };
  return {
    info: { ...info, compression: 'none', overviews: [], scale: null, bandNames: null },
    read: async (window): Promise<Raster> => {
      const count = window.width * window.height;
      const read: Raster = {
        grid: windowGrid(on, window),
        bands: bands.map(() => new Uint16Array(count)),
        mask: new Uint8Array(count),
      };
      for (let i = 0; i < count; i++) {
        const column = window.column + (i % window.width);
        const row = window.row + Math.floor(i / window.width);
        if (column < 0 || row < 0 || column >= on.width || row >= on.height) continue;
        read.mask[i] = 1;
        for (const [k, band] of bands.entries()) read.bands[k][i] = band[row * on.width + column];
      }
      return read;
    },
    overview: () => Promise.reject(new RangeError('no overviews')),
    close: async () => {},
  };
}

function acquired(acquisition: Acquisition, on = grid): RasterSource {
  return inMemory(ground.bands(on, acquisition), on);
}

/** Mean absolute difference over pixels that both observed. */
function difference(a: Raster, b: Raster, band: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.mask.length; i++) {
    if (!a.mask[i] || !b.mask[i]) continue;
    sum += Math.abs(a.bands[band][i] - b.bands[band][i]);
    count++;
  }
  return sum / count;
}

const nearInfrared = 3;

describe('reading a window on its own lattice', () => {
  const source = acquired({ seed: 1 });
  const target = windowGrid(grid, { column: 400, row: -5, width: 40, height: 30 });

  it('copies the samples, in the order of the bands asked for', async () => {
    const { bands } = await source.read({ column: 400, row: -5, width: 40, height: 30 });
    const read = await readAligned(source, target, [3, 0]);
    expect(read.bands).toHaveLength(2);
    expect(read.bands[0]).toEqual(Float32Array.from(bands[3]));
    expect(read.bands[1]).toEqual(Float32Array.from(bands[0]));
  });

  it('leaves unobserved what the file does not cover', async () => {
    const { mask } = await readAligned(source, target, [0]);
    const observed = Array.from(mask, (_, i) => (i % 40 < 20 && Math.floor(i / 40) >= 5 ? 1 : 0));
    expect(Array.from(mask)).toEqual(observed);
  });

  it('is all unobserved where the file shows nothing of it', async () => {
    const far = { ...target, originX: grid.originX + 1_000_000 };
    const { mask, bands } = await readAligned(source, far, [0, 1]);
    expect(mask.includes(1)).toBe(false);
    expect(bands.map((band) => band.length)).toEqual([1200, 1200]);
  });

  it('does not blur for a shift that is within the error of finding it', async () => {
    const still = await readAligned(source, target, [0]);
    expect((await readAligned(source, target, [0], { dx: 0.03, dy: -0.03 })).bands).toEqual(still.bands);
  });
});

describe('ground read through', () => {
  it.each<[string, Partial<Acquisition>, Grid]>([
    ['a shift of 0.6 and -0.35 px', { shiftPx: { dx: 0.6, dy: -0.35 } }, grid],
    ['a shift of several pixels', { shiftPx: { dx: -4.5, dy: 3.2 } }, grid],
    ['pixels half as large', {}, { ...grid, width: 840, height: 660, pixelWidth: 5, pixelHeight: -5 }],
    ['pixels of another size', {}, { ...grid, width: 525, height: 413, pixelWidth: 8, pixelHeight: -8 }],
    [
      'another CRS',
      {},
      {
        ...grid,
        crs: 'EPSG:4490',
        originX: 117.2005,
        originY: 27.123,
        pixelWidth: 1e-4,
        pixelHeight: -9e-5,
        width: 450,
        height: 345,
      },
    ],
  ])('%s is the same ground, centre to centre', async (_, how, on) => {
    const truth = await readAligned(acquired({ seed: 1 }), grid, [0, 1, 2, 3]);
    const laid = await readAligned(acquired({ seed: 2, ...how }, on), grid, [0, 1, 2, 3], how.shiftPx);
    const observed = laid.mask.filter((one) => one === 1).length / laid.mask.length;
    expect(observed).toBeGreaterThan(0.95);
    // Fields differ by 1,000 and more; noise alone makes 14.
    expect(difference(truth, laid, nearInfrared)).toBeLessThan(20);
  });

  it('a shift the wrong way round would not be', async () => {
    const truth = await readAligned(acquired({ seed: 1 }), grid, [0, 1, 2, 3]);
    const shifted = acquired({ seed: 2, shiftPx: { dx: 0.6, dy: -0.35 } });
    const right = await readAligned(shifted, grid, [0, 1, 2, 3], { dx: 0.6, dy: -0.35 });
    const wrong = await readAligned(shifted, grid, [0, 1, 2, 3], { dx: -0.6, dy: 0.35 });
    expect(difference(truth, wrong, nearInfrared)).toBeGreaterThan(3 * difference(truth, right, nearInfrared));
  });
});

describe('the shift of a pair', () => {
  const before = { source: acquired({ seed: 1 }), bands: [0, 1, 2, 3] };

  it.each([
    [0, 0],
    [0.3, -0.3],
    [0.7, 0.2],
    [-1.4, 1.4],
    [3.3, -4.6],
  ])('is found where %f, %f px were planted', async (dx, dy) => {
    const after = { source: acquired({ seed: 2, shiftPx: { dx, dy }, gain: 1.2, offset: 90 }), bands: [0, 1, 2, 3] };
    const shift = await registeredShift(before, after, grid, whole);
    expect(Math.abs(shift!.dx - dx)).toBeLessThan(0.06);
    expect(Math.abs(shift!.dy - dy)).toBeLessThan(0.06);
    expect(shift!.residualPx).toBeLessThan(0.2);
  });

  it('is not told beyond 5 px: such images were not georeferenced alike', async () => {
    const after = { source: acquired({ seed: 2, shiftPx: { dx: 9, dy: 0 } }), bands: [0, 1, 2, 3] };
    expect(await registeredShift(before, after, grid, whole)).toBeNull();
  });

  it('is not told where the images are too small or show nothing', async () => {
    const after = { source: acquired({ seed: 2 }), bands: [0, 1, 2, 3] };
    expect(await registeredShift(before, after, grid, { column: 0, row: 0, width: 60, height: 60 })).toBeNull();
    const flat = { source: inMemory([new Uint16Array(grid.width * grid.height).fill(1000)]), bands: [0] };
    expect(await registeredShift(flat, flat, grid, whole)).toBeNull();
  });
});
