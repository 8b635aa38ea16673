import { describe, expect, it } from 'vitest';
import type { PairWindow } from '../../../detectors/features.ts';
import { ChangeFinder } from '../../../detectors/kernels/change-finder.ts';
import type { PairPlanes } from '../../../detectors/kernels/pair-planes.ts';
import { TileMarks } from '../../../detectors/kernels/tile-marks.ts';
import {
  applyTies,
  blurOfNeighbours,
  type ChangeModel,
  fitChangeModel,
  scoreWindow,
} from '../../../detectors/model.ts';
import { RunSums } from '../../../detectors/run-sums.ts';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { masked, plantedPair } from '../../support/planted-pair.ts';

const side = 203;
const inBlock = (column: number, row: number) => column >= 50 && column < 91 && row >= 101 && row < 140;
const { window: rough, changed: truth } = plantedPair({ seed: 5, side, bands: 4, noise: 25, changed: inBlock });
/** Whole numbers, as files of 16 bits hold them. */
const window: PairWindow = {
  ...rough,
  before: rough.before.map((band) => band.map(Math.round)),
  after: rough.after.map((band) => band.map(Math.round)),
};
const holed = masked(window, (column, row) => !(column > 70 && column < 80) && (column + row) % 13 !== 0);

function inArena({ width, height, before, after, mask }: PairWindow, sample: PairPlanes['sample']) {
  const Type = sample === 'uint16' ? Uint16Array : Float32Array;
  const pixels = width * height;
  const planeBytes = pixels * Type.BYTES_PER_ELEMENT;
  // A few rows more: the screen looks at eight columns at a time.
  const block = allocate(2 * before.length * planeBytes + 4 * pixels);
  [...before, ...after].forEach((band, k) => {
    new Type(arenaMemory.buffer, block + k * planeBytes, pixels).set(band);
  });
  const maskAt = block + 2 * before.length * planeBytes;
  new Uint8Array(arenaMemory.buffer, maskAt, pixels).set(mask);
  const places = { before: block, after: block + before.length * planeBytes, maskBefore: maskAt, maskAfter: maskAt };
  const planes: PairPlanes = { sample, bands: before.length, planeBytes, stride: width, width, height, ...places };
  return { planes, free: () => release(block) };
}

/** What changed, told pixel by pixel by the scores of the whole window. */
function changedPixels(model: ChangeModel, of: PairWindow): Uint8Array {
  const score = scoreWindow(model, of);
  const blurred = blurOfNeighbours(model, applyTies(of, model.ties), score);
  return Uint8Array.from(score, (value, i) => (value > model.threshold.value && !blurred[i] ? 1 : 0));
}

interface Search {
  sample?: PairPlanes['sample'];
  screenScore?: number;
  /** Areas searched one by one: [column, row, width, height]. */
  areas?: [number, number, number, number][];
}

function search(model: ChangeModel, of: PairWindow, { sample = 'uint16', screenScore = 0, areas }: Search = {}) {
  const { planes, free } = inArena(of, sample);
  const marks = new TileMarks(side, 0, side);
  const finder = new ChangeFinder(model, screenScore);
  const found = new RunSums(4);
  const at = { planes, column: 0, row: 0 };
  finder.screen(at, !of.mask.includes(0), marks);
  for (const [column, row, width, height] of areas ?? [[0, 0, side, side]]) {
    finder.find(at, { column, row, width, height }, marks, found);
  }
  const regions = found.regions(1, -1, -1);
  for (const part of [finder, marks]) part.release();
  free();
  const pixels = new Uint8Array(side * side);
  for (const { runs } of regions) {
    runs.row.forEach((row, i) => {
      pixels.fill(1, row * side + runs.start[i], row * side + runs.end[i]);
    });
  }
  return { regions, pixels };
}

const differing = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, value, i) => sum + (value === b[i] ? 0 : 1), 0);

describe.each(['cva', 'irmad', 'isfa'] as const)('changes found by kernels, by %s', (method) => {
  const model = fitChangeModel([window], method, { red: 2, nearInfrared: 3 });

  it.each([
    ['of a window wholly observed', window],
    ['of a window with holes', holed],
  ])('are those of the pixels’ scores, %s', (_, of) => {
    const wanted = changedPixels(model, of);
    expect(wanted.includes(1)).toBe(true);
    // Single and double precision part at scores that are all but the threshold.
    expect(differing(search(model, of).pixels, wanted)).toBeLessThanOrEqual(2);
  });

  it('are the same in 16-bit and in float planes, and in whatever pieces they are searched', () => {
    const whole = search(model, holed);
    expect(search(model, holed, { sample: 'float32' }).pixels).toEqual(whole.pixels);
    const areas: [number, number, number, number][] = [
      [0, 0, 77, 90],
      [77, 0, side - 77, 90],
      [0, 90, 128, side - 90],
      [128, 90, side - 128, side - 90],
    ];
    const pieces = search(model, holed, { areas });
    expect(pieces.pixels).toEqual(whole.pixels);
    expect(pieces.regions.map(({ runs }) => runs)).toEqual(whole.regions.map(({ runs }) => runs));
  });

  it('carry the sums of their pixels', () => {
    const score = scoreWindow(model, window);
    for (const region of search(model, window).regions) {
      const sums = { pixels: 0, score: 0, peak: 0, before: 0, after: 0 };
      region.runs.row.forEach((row, k) => {
        for (let i = row * side + region.runs.start[k]; i < row * side + region.runs.end[k]; i++) {
          sums.pixels++;
          sums.score += score[i] / model.threshold.value;
          sums.peak = Math.max(sums.peak, score[i] / model.threshold.value);
          sums.before += window.before[1][i];
          sums.after += model.ties[1].gain * window.after[1][i] + model.ties[1].offset;
        }
      });
      expect(region.pixels).toBe(sums.pixels);
      expect(region.score / sums.score).toBeCloseTo(1, 4);
      expect(region.peak / sums.peak).toBeCloseTo(1, 4);
      expect(region.before[1] / sums.before).toBeCloseTo(1, 6);
      expect(region.after[1] / sums.after).toBeCloseTo(1, 6);
    }
  });
});

describe('the screen', () => {
  const model = fitChangeModel([window], 'cva', null);
  const screenScore = 1.5 * model.threshold.value;

  it('leaves strong change whole and drops what is weak and far from it', () => {
    const all = search(model, window).pixels;
    const { pixels, regions } = search(model, window, { screenScore });
    const strong = regions.filter((region) => region.peak >= 3);
    expect(strong.length).toBeGreaterThan(0);
    for (const { runs } of strong) expect(runs.row.every((row) => row >= 99 && row < 142)).toBe(true);
    truth.forEach((changed, i) => {
      if (changed) expect(pixels[i]).toBe(all[i]);
    });
    expect(pixels.every((one, i) => one <= all[i])).toBe(true);
  });

  it('keeps what is only partly observed, since half a block tells little', () => {
    const all = search(model, holed).pixels;
    const { pixels } = search(model, holed, { screenScore });
    truth.forEach((changed, i) => {
      if (changed) expect(pixels[i]).toBe(all[i]);
    });
  });

  it('leaves nothing where nothing changed', () => {
    const still = { ...window, after: window.before };
    expect(search(model, still, { screenScore }).regions).toEqual([]);
  });
});

it('a model that no kernel scores by is refused', () => {
  const model = fitChangeModel([window], 'pca-kmeans', null);
  expect(() => new ChangeFinder(model, 1)).toThrow('No kernel scores by pca-kmeans.');
});
