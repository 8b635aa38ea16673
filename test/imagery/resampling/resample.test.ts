import { describe, expect, it } from 'vitest';
import { transformer } from '../../../imagery/crs.ts';
import { ImageryError } from '../../../imagery/error.ts';
import { type Grid, pixelGrid, windowGrid } from '../../../imagery/grid.ts';
import type { Raster } from '../../../imagery/raster.ts';
import { resample, sourceWindow } from '../../../imagery/resampling/resample.ts';

const utm: Grid = {
  width: 60,
  height: 50,
  crs: 'EPSG:32649',
  originX: 500000,
  originY: 2975000,
  pixelWidth: 10,
  pixelHeight: -10,
};

/** A raster whose value is f(x, y) at each pixel centre, in the grid's own CRS units. */
function field(grid: Grid, f: (x: number, y: number) => number): Raster<Float32Array> {
  const band = new Float32Array(grid.width * grid.height);
  for (let r = 0; r < grid.height; r++) {
    for (let c = 0; c < grid.width; c++) {
      band[r * grid.width + c] = f(
        grid.originX + (c + 0.5) * grid.pixelWidth,
        grid.originY + (r + 0.5) * grid.pixelHeight,
      );
    }
  }
  return { grid, bands: [band], mask: new Uint8Array(band.length).fill(1) };
}

const plane = (x: number, y: number) => (x - 500000) / 10 + ((2975000 - y) / 10) * 3;

/** Greatest |got − wanted| over observed pixels. */
function worst(got: Raster<Float32Array>, wanted: Raster<Float32Array>): number {
  let error = 0;
  got.mask.forEach((m, k) => {
    if (m === 1) error = Math.max(error, Math.abs(got.bands[0][k] - wanted.bands[0][k]));
  });
  return error;
}

const observed = (raster: Raster) => raster.mask.reduce((sum, m) => sum + m, 0);

describe('resample on one lattice', () => {
  it('copies values exactly and marks what lies outside the source as unobserved', () => {
    const source = field(utm, plane);
    const target = windowGrid(utm, { column: -3, row: 5, width: 20, height: 60 });
    const out = resample(source, target, 'auto');
    expect(worst(out, field(target, plane))).toBe(0);
    expect(observed(out)).toBe(17 * 45);
    expect(out.mask[2]).toBe(0);
    expect(out.mask[3]).toBe(1);
  });

  it('keeps integer samples and the mask of the source as they are', () => {
    const grid = pixelGrid(4, 1);
    const source: Raster = { grid, bands: [Uint16Array.of(1, 2, 65535, 4)], mask: Uint8Array.of(1, 0, 1, 1) };
    const out = resample(source, grid, 'nearest');
    expect([...out.bands[0]].filter((_, k) => out.mask[k] === 1)).toEqual([1, 65535, 4]);
    expect([...out.mask]).toEqual([1, 0, 1, 1]);
  });

  it('takes the content of pixel (c, r) from (c + dx, r + dy)', () => {
    const source = field(pixelGrid(30, 20), (x, y) => x + 100 * y);
    const whole = resample(source, source.grid, 'auto', { dx: 2, dy: -1 });
    expect(whole.bands[0][10 * 30 + 10]).toBe(source.bands[0][9 * 30 + 12]);
    const fraction = resample(source, source.grid, 'auto', { dx: 0.25, dy: 0.5 });
    expect(fraction.bands[0][10 * 30 + 10]).toBeCloseTo(10.75 + 100 * 11, 3);
  });
});

describe('resample to another pixel size', () => {
  it('is centred: the nearest of 9 → 3 pixels are 1, 4 and 7, not the corners 0, 3 and 6', () => {
    const source = field(pixelGrid(9, 9), (x) => x - 0.5);
    const target: Grid = { ...pixelGrid(3, 3), pixelWidth: 3, pixelHeight: 3 };
    expect([...resample(source, target, 'nearest').bands[0].subarray(0, 3)]).toEqual([1, 4, 7]);
  });

  it('gives back a plane exactly, bilinear onto finer and area onto coarser pixels', () => {
    const finer: Grid = {
      ...utm,
      originX: 500100,
      originY: 2974900,
      width: 90,
      height: 70,
      pixelWidth: 4,
      pixelHeight: -4,
    };
    const coarser: Grid = {
      ...utm,
      originX: 500013,
      originY: 2974987,
      width: 15,
      height: 12,
      pixelWidth: 30,
      pixelHeight: -30,
    };
    const source = field(utm, plane);
    expect(worst(resample(source, finer, 'auto'), field(finer, plane))).toBeLessThan(1e-3);
    expect(worst(resample(source, coarser, 'auto'), field(coarser, plane))).toBeLessThan(1e-3);
  });

  it('averages every source pixel under a much coarser one, where bilinear would pick four', () => {
    const source = field(pixelGrid(40, 40), (x, y) => (Math.floor(x) + Math.floor(y)) % 2);
    const target: Grid = { ...pixelGrid(10, 10), pixelWidth: 4, pixelHeight: 4 };
    expect(resample(source, target, 'auto').bands[0].every((v) => v === 0.5)).toBe(true);
  });

  it('reads a grid whose rows run up as it reads one whose rows run down', () => {
    const up: Grid = { ...utm, originY: 2975000 - 500, pixelHeight: 10 };
    const out = resample(field(up, plane), utm, 'auto');
    expect(observed(out)).toBe(60 * 50);
    expect(worst(out, field(utm, plane))).toBeLessThan(1e-3);
  });
});

describe('resample beside unobserved pixels', () => {
  const source = field(pixelGrid(6, 6), () => 7);
  source.mask[2 * 6 + 2] = 0;
  source.bands[0][2 * 6 + 2] = Number.NaN;

  it('averages the observed neighbours while they carry half of the weight', () => {
    const out = resample(source, source.grid, 'bilinear', { dx: 0.3, dy: 0 });
    expect(out.mask[2 * 6 + 1]).toBe(1);
    expect(out.bands[0][2 * 6 + 1]).toBeCloseTo(7, 5);
  });

  it('is unobserved where they carry less', () => {
    const out = resample(source, source.grid, 'bilinear', { dx: 0.3, dy: 0 });
    expect(out.mask[2 * 6 + 2]).toBe(0);
    expect(observed(out)).toBe(35);
  });

  it('keeps an area average of which half was seen, and drops one of which less was', () => {
    const half = field(pixelGrid(4, 2), (x) => x);
    half.mask.set([0, 1, 0, 0, 0, 1, 0, 1]);
    const target: Grid = { ...pixelGrid(2, 1), pixelWidth: 2, pixelHeight: 2 };
    const out = resample(half, target, 'area');
    expect([...out.mask]).toEqual([1, 0]);
    expect(out.bands[0][0]).toBeCloseTo(1.5, 6);
  });
});

describe('resample between CRSs', () => {
  const degrees: Grid = {
    width: 300,
    height: 250,
    crs: 'EPSG:4326',
    originX: 111.0,
    originY: 26.9,
    pixelWidth: 0.0001,
    pixelHeight: -0.0001,
  };
  const metric: Grid = { ...utm, width: 200, height: 180, originX: 500300, originY: 2974800 };

  /** A smooth field told in degrees, so that truth in metres needs the exact transform. */
  const wave = (lon: number, lat: number) => Math.sin((lon - 111) * 900) + Math.cos((lat - 26.9) * 700);
  const toDegrees = transformer('EPSG:32649', 'EPSG:4326');
  const source = field(degrees, wave);
  const truth = field(metric, (x, y) => wave(...toDegrees(x, y)));

  it('puts every pixel within 0.05 source pixels of where the exact transform puts it', () => {
    const columns = field(degrees, (x) => (x - degrees.originX) / degrees.pixelWidth);
    const rows = field(degrees, (_x, y) => (y - degrees.originY) / degrees.pixelHeight);
    const exactColumns = field(metric, (x, y) => (toDegrees(x, y)[0] - degrees.originX) / degrees.pixelWidth);
    const exactRows = field(metric, (x, y) => (toDegrees(x, y)[1] - degrees.originY) / degrees.pixelHeight);
    const out = resample(columns, metric, 'bilinear');
    expect(observed(out)).toBeGreaterThan(0.99 * metric.width * metric.height);
    expect(worst(out, exactColumns)).toBeLessThan(0.05);
    expect(worst(resample(rows, metric, 'bilinear'), exactRows)).toBeLessThan(0.05);
  });

  it('reproduces a smooth field, and averages it onto 50 m pixels', () => {
    expect(worst(resample(source, metric, 'auto'), truth)).toBeLessThan(0.01);
    const coarse: Grid = { ...metric, width: 40, height: 36, pixelWidth: 50, pixelHeight: -50 };
    expect(
      worst(
        resample(source, coarse, 'auto'),
        field(coarse, (x, y) => wave(...toDegrees(x, y))),
      ),
    ).toBeLessThan(0.02);
  });

  it('leaves unobserved what was masked, and at its edge averages over what was seen', () => {
    const holed = field(degrees, wave);
    holed.mask.fill(0, 100 * 300, 150 * 300);
    const out = resample(holed, metric, 'auto');
    expect(worst(out, truth)).toBeLessThan(0.03);
    expect(observed(out)).toBeLessThan(0.8 * metric.width * metric.height);
  });

  it('refuses a CRS on one side only', () => {
    const blind = field(pixelGrid(10, 10), () => 0);
    expect(() => resample(blind, utm, 'auto')).toThrow(ImageryError);
    expect(() => resample(blind, utm, 'auto')).toThrow(
      'The source grid has no CRS but the target grid is in EPSG:32649',
    );
  });
});

describe('sourceWindow', () => {
  it('is the exact block on a shared lattice, widened by the margin and clipped to the source', () => {
    const target = windowGrid(utm, { column: 10, row: 8, width: 12, height: 9 });
    expect(sourceWindow(utm, target, 0)).toEqual({ column: 10, row: 8, width: 12, height: 9 });
    expect(sourceWindow(utm, target, 9)).toEqual({ column: 1, row: 0, width: 30, height: 26 });
  });

  it('holds every neighbour a bilinear read needs', () => {
    const target: Grid = { ...utm, originX: 500204, originY: 2974804, width: 10, height: 10 };
    const window = sourceWindow(utm, target, 0)!;
    const source = field(windowGrid(utm, window), plane);
    const out = resample(source, target, 'bilinear');
    expect(observed(out)).toBe(100);
    expect(worst(out, field(target, plane))).toBeLessThan(1e-3);
  });

  it('holds all of a target in another CRS', () => {
    const degrees: Grid = {
      ...utm,
      crs: 'EPSG:4326',
      originX: 110.99,
      originY: 26.91,
      width: 900,
      height: 700,
      pixelWidth: 1e-4,
      pixelHeight: -1e-4,
    };
    const target: Grid = { ...utm, width: 500, height: 400 };
    const window = sourceWindow(degrees, target, 0)!;
    const whole = resample(
      field(degrees, (x, y) => x + y),
      target,
      'bilinear',
    );
    const part = resample(
      field(windowGrid(degrees, window), (x, y) => x + y),
      target,
      'bilinear',
    );
    expect(observed(part)).toBe(observed(whole));
    expect(window.width * window.height).toBeLessThan(degrees.width * degrees.height);
  });

  it('is null where nothing overlaps, touching edges included', () => {
    expect(sourceWindow(utm, { ...utm, originX: 510000 }, 4)).toBeNull();
    expect(sourceWindow(utm, { ...utm, originX: 500600 }, 4)).toBeNull();
  });
});
