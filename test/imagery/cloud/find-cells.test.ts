import { describe, expect, it } from 'vitest';
import type { Cells } from '../../../imagery/cloud/cells.ts';
import {
  CLEAR,
  CLOUD,
  cellSizePx,
  findCloudCells,
  findPairCloudCells,
  NEAR,
  SHADOW,
  THIN,
} from '../../../imagery/cloud/find.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import type { Raster } from '../../../imagery/raster.ts';
import type { BandRole } from '../../../imagery/scene.ts';
import { FieldMosaic } from '../../support/field-mosaic.ts';
import { plantVeil, underVeil, type VeilPlan } from '../../support/planted-veil.ts';

const roles: BandRole[] = ['B', 'G', 'R', 'N'];
const side = 256;
const mosaic = new FieldMosaic(21, side);
const before = ground(1);
const after = ground(2);

/** Fields on cells of 8 m, one in five sown anew between dates, as dark in the visible as fields are. */
function ground(date: number): Raster<Float32Array> {
  const bands = mosaic.look({ date, shiftTenths: { dx: 0, dy: 0 }, changedShare: 0.2, noise: 0.005 });
  const shares = [0.5, 0.6, 0.6, 1.6];
  return {
    grid: pixelGrid(side, side),
    bands: bands.map((band, b) => band.map((value) => value * shares[b])),
    mask: new Uint8Array(side * side).fill(1),
  };
}

function cellsOf({ bands, mask }: Raster<Float32Array>): Cells {
  return { columns: side, rows: side, observed: mask, bands };
}

const sky: VeilPlan = { seed: 6, cover: 0.2, radiusPx: 30, thickness: 1, fadePx: 0, brightness: 0.65 };
const countOf = (marks: Uint8Array, mark: number) => marks.filter((one) => one === mark).length;

describe('findCloudCells', () => {
  it('marks hard-edged clouds cell for cell', () => {
    const veil = plantVeil(side, side, sky);
    const marks = findCloudCells(cellsOf(underVeil(after, veil)), roles, 8, cellsOf(before));
    const wrong = marks.filter((mark, k) => (mark === CLOUD) !== veil.alpha[k] > 0.2).length;
    expect(wrong).toBeLessThan(0.003 * marks.length);
    expect(countOf(marks, SHADOW)).toBe(0);
  });

  it('marks the thin edge of soft clouds THIN and what lies within 300 m of cloud NEAR, as seen', () => {
    const veil = plantVeil(side, side, { ...sky, cover: 0.05, fadePx: 16 });
    const marks = findCloudCells(cellsOf(underVeil(after, veil)), roles, 8, cellsOf(before));
    const edge = marks.filter((_, k) => veil.alpha[k] > 0.06 && veil.alpha[k] < 0.13);
    expect(countOf(edge, THIN) / edge.length).toBeGreaterThan(0.85);
    expect(
      countOf(
        marks.filter((_, k) => veil.alpha[k] > 0.4),
        CLOUD,
      ),
    ).toBe(veil.alpha.filter((a) => a > 0.4).length);
    const far = marks.filter((_, k) => clearRound(veil.alpha, k, 40));
    expect(far.length).toBeGreaterThan(1000);
    expect(countOf(far, CLEAR)).toBe(far.length);
    const close = marks.filter((_, k) => veil.alpha[k] === 0 && !clearRound(veil.alpha, k, 15));
    expect((countOf(close, NEAR) + countOf(close, THIN)) / close.length).toBeGreaterThan(0.98);
  });

  it('marks the shadow where the clouds throw it', () => {
    const veil = plantVeil(side, side, { ...sky, shadow: { dx: 40, dy: -25 } });
    const marks = findCloudCells(cellsOf(underVeil(after, veil)), roles, 8, cellsOf(before));
    const wrong = marks.filter((mark, k) => veil.alpha[k] === 0 && (mark === SHADOW) !== veil.shade[k] > 0.2).length;
    expect(wrong).toBeLessThan(0.02 * marks.length);
  });

  it('takes bands in whatever order their roles say', () => {
    const veil = plantVeil(side, side, sky);
    const cloudy = cellsOf(underVeil(after, veil));
    const turned = ({ bands, ...cells }: Cells): Cells => ({
      ...cells,
      bands: [bands[3], bands[2], bands[0], bands[1]],
    });
    const marks = findCloudCells(turned(cloudy), ['N', 'R', 'B', 'G'], 8, turned(cellsOf(before)));
    expect(marks).toEqual(findCloudCells(cloudy, roles, 8, cellsOf(before)));
  });

  it('marks both dates of a pair as each for itself', () => {
    const [one, other] = [plantVeil(side, side, sky), plantVeil(side, side, { ...sky, seed: 9, cover: 0.1 })];
    const [a, b] = [cellsOf(underVeil(before, one)), cellsOf(underVeil(after, other))];
    const pair = findPairCloudCells(a, b, roles, 8);
    expect(pair.before).toEqual(findCloudCells(a, roles, 8, b));
    expect(pair.after).toEqual(findCloudCells(b, roles, 8, a));
    expect(countOf(pair.before, CLOUD)).toBeGreaterThan(countOf(pair.after, CLOUD));
  });

  it('says nothing of cells that were not observed', () => {
    const cloudy = cellsOf(underVeil(after, plantVeil(side, side, sky)));
    const nothing = {
      ...cloudy,
      observed: new Uint8Array(side * side),
      bands: cloudy.bands.map((band) => band.fill(0)),
    };
    expect(countOf(findCloudCells(nothing, roles, 8, cellsOf(before)), CLEAR)).toBe(side * side);
  });
});

describe('the cells clouds are looked for on', () => {
  it.each([
    [0.5, 16],
    [1, 8],
    [2, 4],
    [10, 1],
    [30, 1],
  ])('are about 8 m wide, or a pixel: of %d m, %d', (pixelSizeM, cellPx) => {
    expect(cellSizePx(pixelSizeM)).toBe(cellPx);
  });
});

/** True where nothing within so many cells, to a square, is veiled. */
function clearRound(alpha: Float32Array, k: number, reach: number): boolean {
  const [column, row] = [k % side, Math.floor(k / side)];
  for (let y = Math.max(0, row - reach); y <= Math.min(side - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(side - 1, column + reach); x++) {
      if (alpha[y * side + x] > 0) return false;
    }
  }
  return true;
}
