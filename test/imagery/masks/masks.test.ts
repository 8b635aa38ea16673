import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Grid, windowGrid } from '../../../imagery/grid.ts';
import { withSuppliedMask } from '../../../imagery/masks/masked-source.ts';
import { openSuppliedMask } from '../../../imagery/masks/read-mask.ts';
import type { SuppliedMask, SuppliedMaskKind } from '../../../imagery/masks/supplied-mask.ts';
import type { Samples } from '../../../imagery/raster.ts';
import { describeScene, openSceneFile } from '../../../imagery/scene-file.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdalBands, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { seededRandom } from '../../support/random.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

/** A scene of 60 × 40 pixels of 10 m. */
const grid: Grid = {
  width: 60,
  height: 40,
  crs: 'EPSG:32650',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};

let files = 0;

async function maskOf(kind: SuppliedMaskKind, place: Grid, numbers: Samples): Promise<SuppliedMask> {
  const path = temporary.path(`mask-${files++}.tif`);
  await writeTiff(path, place, [numbers]);
  return { path, kind, sha256: '' };
}

async function observedBy(mask: SuppliedMask, target: Grid = grid): Promise<Uint8Array> {
  const reader = await openSuppliedMask(mask, grid);
  try {
    return await reader.read(target);
  } finally {
    await reader.close();
  }
}

/** 1 × n pixels in which pixel i has value i. */
async function observedValues(kind: SuppliedMaskKind, values: Uint8Array | Uint16Array): Promise<number[]> {
  const place = { ...grid, width: values.length, height: 1 };
  const reader = await openSuppliedMask(await maskOf(kind, place, values), place);
  const observed = await reader.read(place);
  await reader.close();
  return [...observed.keys()].filter((i) => observed[i] === 1).map((i) => values[i]);
}

describe('what a supplied mask says is observed', () => {
  it('is 0 and nothing else in a plain mask', async () => {
    expect(await observedValues('mask', Uint8Array.of(0, 1, 2, 255))).toEqual([0]);
  });

  it('is dark, vegetation, bare, water and unclassified in a Sentinel-2 scene classification', async () => {
    expect(
      await observedValues(
        'scl',
        Uint8Array.from({ length: 14 }, (_, i) => i),
      ),
    ).toEqual([2, 4, 5, 6, 7]);
  });

  it('is what has no bit of fill, cloud, cirrus, shadow and snow in QA_PIXEL', async () => {
    // Numbers of the Landsat 8-9 Collection 2 handbook: clear, water, fill, dilated, cloud, shadow, snow, cirrus.
    const [clear, water] = [21824, 21952];
    const hidden = [1, 21826, 22280, 23888, 30048, 54596];
    expect(await observedValues('landsat-qa', Uint16Array.of(clear, ...hidden, water))).toEqual([clear, water]);
  });
});

describe('where a supplied mask lies', () => {
  const random = seededRandom(3);

  it('is told pixel for pixel on the same grid, for any window of it, and what it leaves out is unobserved', async () => {
    const numbers = Uint8Array.from({ length: 60 * 40 }, () => (random() < 0.3 ? 7 : 0));
    const mask = await maskOf('mask', grid, numbers);
    expect(await observedBy(mask)).toEqual(numbers.map((value) => (value === 0 ? 1 : 0)));
    const window = { column: 50, row: -3, width: 20, height: 30 };
    const expected = Uint8Array.from({ length: 20 * 30 }, (_, i) => {
      const [column, row] = [50 + (i % 20), Math.floor(i / 20) - 3];
      return column < 60 && row >= 0 && numbers[row * 60 + column] === 0 ? 1 : 0;
    });
    expect(await observedBy(mask, windowGrid(grid, window))).toEqual(expected);
  });

  it('is told by pixel centres where it is coarser: 20 m classes on 10 m pixels, on a lattice of their own', async () => {
    // Its corner is 15 m west and 5 m north of the scene's.
    const place = {
      ...grid,
      width: 32,
      height: 22,
      originX: 499_985,
      originY: 3_000_005,
      pixelWidth: 20,
      pixelHeight: -20,
    };
    const classes = Uint8Array.from({ length: 32 * 22 }, () => (random() < 0.3 ? 9 : 4));
    const expected = Uint8Array.from({ length: 60 * 40 }, (_, i) => {
      const column = Math.floor(((i % 60) * 10 + 5 + 15) / 20);
      const row = Math.floor((Math.floor(i / 60) * 10 + 5 + 5) / 20);
      return classes[row * 32 + column] === 4 ? 1 : 0;
    });
    expect(await observedBy(await maskOf('scl', place, classes))).toEqual(expected);
  });

  it.skipIf(gdalMissing)('is told in another CRS as GDAL lays it, nearest to pixel centres', async () => {
    const classes = Uint8Array.from({ length: 60 * 40 }, (_, i) => ((i % 60) + Math.floor(i / 120) > 45 ? 8 : 4));
    const mask = await maskOf('scl', grid, classes);
    const warped = temporary.path('degrees.tif');
    execFileSync('gdalwarp', ['-q', '-t_srs', 'EPSG:4326', '-tr', '0.00004', '0.00004', mask.path, warped]);
    const back = temporary.path('back.tif');
    const extent = ['-te', '500000', '2999600', '500600', '3000000', '-tr', '10', '10'];
    execFileSync('gdalwarp', ['-q', '-r', 'near', '-t_srs', 'EPSG:32650', ...extent, warped, back]);
    const oracle = Uint8Array.from(gdalBands(back)[0], (value) => (value === 4 ? 1 : 0));
    const observed = await observedBy({ ...mask, path: warped });
    const differing = observed.filter((value, i) => value !== oracle[i]).length;
    // Centres that fall on the edge of a source pixel may go either way.
    expect(differing).toBeLessThan(0.005 * observed.length);
  });

  it('is the whole scene where it names no CRS but has its proportions', async () => {
    const place = { width: 30, height: 20, crs: null, originX: 0, originY: 0, pixelWidth: 1, pixelHeight: 1 };
    const numbers = Uint8Array.from({ length: 600 }, (_, i) => (i % 30 < 12 ? 1 : 0));
    const observed = await observedBy(await maskOf('mask', place, numbers));
    expect(observed).toEqual(Uint8Array.from({ length: 60 * 40 }, (_, i) => (i % 60 < 24 ? 0 : 1)));
  });

  it('cannot be told where it has neither', async () => {
    const place = { width: 30, height: 30, crs: null, originX: 0, originY: 0, pixelWidth: 1, pixelHeight: 1 };
    const mask = await maskOf('mask', place, new Uint8Array(900));
    await expect(openSuppliedMask(mask, grid)).rejects.toMatchObject({
      code: 'crs-missing',
      message: `${mask.path}: names no CRS and has 30 x 30 pixels; wanted the proportions of its scene, 60 x 40.`,
    });
  });
});

describe('a supplied mask that is not what it is said to be', () => {
  it('is refused where bits or classes are fractions', async () => {
    const mask = await maskOf('landsat-qa', grid, new Float32Array(60 * 40));
    await expect(openSuppliedMask(mask, grid)).rejects.toMatchObject({
      code: 'sample-type-differs',
      message: `${mask.path}: wanted a mask of whole numbers (QA_PIXEL bits), got float32.`,
    });
  });

  it('is refused where it is no image', async () => {
    const path = temporary.path('words.tif');
    writeFileSync(path, 'no mask at all');
    await expect(openSuppliedMask({ path, kind: 'mask', sha256: '' }, grid)).rejects.toMatchObject({
      code: 'not-an-image',
    });
  });

  it.skipIf(gdalMissing)('may declare 0, its clear value, as nodata and is clear there all the same', async () => {
    const numbers = Uint8Array.from({ length: 60 * 40 }, (_, i) => (i % 60 < 20 ? 1 : 0));
    const mask = await maskOf('mask', grid, numbers);
    const declared = temporary.path('declared.tif');
    execFileSync('gdal_translate', ['-q', '-a_nodata', '0', mask.path, declared]);
    expect(await observedBy({ ...mask, path: declared })).toEqual(numbers.map((value) => 1 - value));
  });
});

describe('a scene with a mask', () => {
  const bands = [0, 1, 2, 3].map((b) => Uint16Array.from({ length: 60 * 40 }, (_, i) => 500 + 100 * b + (i % 60)));
  const clouds = Uint8Array.from({ length: 60 * 40 }, (_, i) => (i % 60 >= 30 && i % 60 < 45 ? 1 : 0));

  it('is opened without what the mask hides, window by window and in its overviews', async () => {
    const path = temporary.path('scene.tif');
    await writeTiff(path, grid, bands);
    if (!gdalMissing) execFileSync('gdaladdo', ['-q', '-r', 'average', path, '2']);
    const mask = await maskOf('mask', grid, clouds);
    const source = await openSceneFile(await describeScene(path, { mask }));
    const window = { column: 20, row: 5, width: 20, height: 10 };
    const { mask: observed, bands: read } = await source.read(window);
    expect([...observed.subarray(0, 20)]).toEqual([...new Array(10).fill(1), ...new Array(10).fill(0)]);
    expect(read[0][0]).toBe(520);
    if (!gdalMissing) {
      const half = await source.overview(0);
      const { mask: coarse } = await half.read({ column: 0, row: 0, width: 30, height: 1 });
      // Columns 15 to 21: the centre of overview pixel 22 lies at 45, where it is clear again.
      expect([...coarse.keys()].filter((i) => coarse[i] === 0)).toEqual([15, 16, 17, 18, 19, 20, 21]);
    }
    await source.close();
  });

  it('says which mask cannot be opened', async () => {
    const path = temporary.path('maskless.tif');
    await writeTiff(path, grid, bands);
    const mask: SuppliedMask = { path: temporary.path('gone.tif'), kind: 'mask', sha256: '' };
    const scene = { ...(await describeScene(path)), mask };
    await expect(openSceneFile(scene)).rejects.toMatchObject({ code: 'file-missing' });
  });
});

describe('saturated pixels', () => {
  it('are unobserved where any band reaches the declared value, and nowhere when none is declared', async () => {
    const path = temporary.path('bright.tif');
    const band = (bright: number) => Uint8Array.from({ length: 60 * 40 }, (_, i) => (i === bright ? 255 : 200));
    await writeTiff(path, grid, [band(7), band(7), band(11)]);
    const row = { column: 0, row: 0, width: 60, height: 1 };
    const unobserved = async (saturation: number | null) => {
      const source = await withSuppliedMask(await openTiff(path), { mask: null, saturation });
      const { mask } = await source.read(row);
      await source.close();
      return [...mask.keys()].filter((i) => mask[i] === 0);
    };
    expect(await unobserved(null)).toEqual([]);
    expect(await unobserved(255)).toEqual([7, 11]);
    expect(await unobserved(201)).toEqual([7, 11]);
  });
});
