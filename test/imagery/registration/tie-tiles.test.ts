import { describe, expect, it } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import { tieShift } from '../../../imagery/registration/shift.ts';
import { planTieTiles, tieTileImage, tieTileSize } from '../../../imagery/registration/tie-tiles.ts';
import { FieldMosaic } from '../../support/field-mosaic.ts';
import { seededNormal } from '../../support/random.ts';

const size = 128;
const everywhere = new Uint8Array(size * size).fill(1);
const still = { dx: 0, dy: 0 };
const mosaic = new FieldMosaic(11, size);
const bands = mosaic.look({ date: 1, shiftTenths: still, changedShare: 0, noise: 0.005 });

/** A mask unobserved in its first `rows` rows and in a square in the middle. */
function gap(rows: number, square: number): Uint8Array {
  return everywhere.map((_, k) => {
    const [x, y] = [k % size, Math.floor(k / size)];
    return y < rows || (Math.abs(x - 70) < square / 2 && Math.abs(y - 60) < square / 2) ? 0 : 1;
  });
}

describe('planTieTiles', () => {
  it('spreads about as many tiles as asked evenly over the grid, inside it', () => {
    const tiles = planTieTiles(pixelGrid(1000, 600), 128, 15);
    expect(tiles).toHaveLength(15);
    expect(tiles[0]).toEqual({ column: 0, row: 0, width: 128, height: 128 });
    expect(tiles.at(-1)).toEqual({ column: 872, row: 472, width: 128, height: 128 });
    expect(new Set(tiles.map((t) => t.column)).size).toBe(5);
  });

  it('never overlaps tiles by more than half, and plans none on a grid smaller than a tile', () => {
    expect(planTieTiles(pixelGrid(200, 128), 128, 30)).toHaveLength(2);
    expect(planTieTiles(pixelGrid(127, 500), 128, 30)).toEqual([]);
  });

  it('takes the largest tile of which enough fit', () => {
    expect(tieTileSize(pixelGrid(4000, 4000))).toBe(256);
    expect(tieTileSize(pixelGrid(563, 339))).toBe(128);
    expect(tieTileSize(pixelGrid(150, 150))).toBe(64);
    expect(tieTileSize(pixelGrid(100, 60))).toBeNull();
  });
});

describe('tieTileImage', () => {
  it('has mean near 0 and 0 where nothing was observed', () => {
    const mask = gap(20, 30);
    const image = tieTileImage(bands, mask, size)!;
    expect(image.every((v, k) => mask[k] === 1 || v === 0)).toBe(true);
    expect(Math.abs(image.reduce((sum, v) => sum + v, 0) / image.length)).toBeLessThan(0.1);
  });

  it('does not register the shape of a gap both dates share', () => {
    const moved = mosaic.look({ date: 1, shiftTenths: { dx: 14, dy: -7 }, changedShare: 0, noise: 0.005 });
    const mask = gap(12, 40);
    const holed = (from: Float32Array[]) => from.map((band) => band.map((v, k) => (mask[k] === 1 ? v : Number.NaN)));
    const before = tieTileImage(holed(bands), mask, size)!;
    const tie = tieShift(before, tieTileImage(holed(moved), mask, size)!, size);
    expect(Math.hypot(tie.dx - 1.4, tie.dy + 0.7)).toBeLessThan(0.1);
  });

  it('refuses a tile less than 70 % observed', () => {
    expect(tieTileImage(bands, gap(30, 0), size)).not.toBeNull();
    expect(tieTileImage(bands, gap(40, 0), size)).toBeNull();
  });

  it('refuses a tile of one value and a tile of noise', () => {
    const normal = seededNormal(1);
    expect(tieTileImage([everywhere], everywhere, size)).toBeNull();
    expect(tieTileImage([Float32Array.from(everywhere, normal)], everywhere, size)).toBeNull();
  });
});
