import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transformer } from '../../../imagery/crs.ts';
import { type Grid, windowGrid } from '../../../imagery/grid.ts';
import { openRaster } from '../../../imagery/open-raster.ts';
import type { Raster, RasterSource } from '../../../imagery/raster.ts';
import { resample, sourceWindow } from '../../../imagery/resampling/resample.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { levelFor, readReduced, reductionOf, smallCopy, tileWindow } from '../../../imagery/tiles/reduced.ts';
import { mercatorBox, tileAt, tileGrid } from '../../../imagery/tiles/web-mercator.ts';
import { gdal, gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../support/gdal-python.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const size = { width: 700, height: 620 };
/** One image in a UTM zone, one in a CGCS2000 zone with its number in front, away from the central meridian. */
const images: Record<string, Grid> = {
  'UTM 50N': { ...size, crs: 'EPSG:32650', originX: 224_000.5, originY: 3_000_001.25, pixelWidth: 2, pixelHeight: -2 },
  'CGCS2000 3° zone 38': {
    ...size,
    ...{ crs: 'EPSG:4526', originX: 38_570_000, originY: 2_975_000, pixelWidth: 2, pixelHeight: -2 },
  },
};

/** The tile of a level over the middle of a grid. */
function middleTile(grid: Grid, z: number, dx = 0, dy = 0): Grid {
  const project = transformer(grid.crs!, 'EPSG:4326');
  const x = grid.originX + (grid.width / 2) * grid.pixelWidth;
  const y = grid.originY + (grid.height / 2) * grid.pixelHeight;
  const at = tileAt(z, ...project(x, y));
  return tileGrid({ z, x: at.x + dx, y: at.y + dy }, 256);
}

/** What GDAL makes of a file on a tile: band, then alpha. */
function warped(path: string, tile: Grid, method: string): { band: Float32Array; alpha: Float32Array } {
  const out = `${path}.${method}.raw`;
  const box = [tile.originX, tile.originY + 256 * tile.pixelHeight, tile.originX + 256 * tile.pixelWidth, tile.originY];
  osgeo(
    `b = [float(v) for v in sys.argv[3].split(',')]
w = gdal.Warp('', sys.argv[1], format='MEM', dstSRS='EPSG:3857', outputBounds=b, width=256, height=256,
  resampleAlg=sys.argv[4], errorThreshold=0, dstAlpha=True, outputType=gdal.GDT_Float32, overviewLevel='NONE')
open(sys.argv[2], 'wb').write(w.ReadAsArray().astype('<f4').tobytes())`,
    path,
    out,
    box.join(','),
    method,
  );
  const all = new Float32Array(new Uint8Array(readFileSync(out)).buffer);
  return { band: all.slice(0, 65_536), alpha: all.slice(65_536, 131_072) };
}

async function read(source: RasterSource, tile: Grid, nearest: boolean): Promise<Raster> {
  if (!nearest) return readReduced(source, tile, [0], reductionOf(source.info.grid, tile));
  const window = sourceWindow(source.info.grid, tile, 2)!;
  return resample(await source.read(window), tile, 'nearest');
}

/** Shares of pixels that both show, with values within `tolerance`; and of pixels that one shows and the other not. */
function agreement(ours: Raster, theirs: ReturnType<typeof warped>, tolerance: number) {
  let [both, equal, one] = [0, 0, 0];
  for (let i = 0; i < 65_536; i++) {
    const [a, b] = [ours.mask[i] === 1, theirs.alpha[i] > 0];
    if (a && b) both++;
    if (a && b && Math.abs(ours.bands[0][i] - theirs.band[i]) <= tolerance) equal++;
    if (a !== b) one++;
  }
  return { both, equal: equal / both, edge: one };
}

describe.skipIf(gdalMissing || osgeoMissing)('an image on a tile, beside what GDAL makes of it', () => {
  const path = (name: string) => folder.path(`${name.replaceAll(/\W/g, '')}.tif`);
  beforeAll(async () => {
    for (const [name, grid] of Object.entries(images)) {
      await writeTiff(path(name), grid, groundBands(size.width, size.height, 1, 'uint16'));
    }
  });

  for (const [name, grid] of Object.entries(images)) {
    // Level 17 is about 1.06 m at this latitude, finer than the image; 15 is coarser by 2.1.
    for (const [z, dx] of [
      [17, 0],
      [16, 1],
    ] as const) {
      it(`takes the very same pixels of ${name} at level ${z} as gdalwarp -r near does`, async () => {
        const tile = middleTile(grid, z, dx);
        const source = await openRaster(path(name));
        const { both, equal, edge } = agreement(await read(source, tile, true), warped(path(name), tile, 'near'), 0);
        await source.close();
        expect(both).toBeGreaterThan(20_000);
        expect(equal).toBeGreaterThan(0.999);
        expect(edge).toBeLessThan(8);
      });
    }

    it(`draws the values of ${name} that gdalwarp -r bilinear gives, to a thousandth of their range`, async () => {
      const tile = middleTile(grid, 17);
      const source = await openRaster(path(name));
      const { both, equal } = agreement(await read(source, tile, false), warped(path(name), tile, 'bilinear'), 3);
      await source.close();
      expect(both).toBe(65_536);
      expect(equal).toBeGreaterThan(0.999);
    });

    it(`averages ${name} further out as gdalwarp -r average does, but for what lies on a pixel's edge`, async () => {
      const tile = middleTile(grid, 14);
      const source = await openRaster(path(name));
      const { both, equal } = agreement(await read(source, tile, false), warped(path(name), tile, 'average'), 90);
      await source.close();
      expect(both).toBeGreaterThan(15_000);
      expect(equal).toBeGreaterThan(0.97);
    });
  }
});

describe('a bright square on an image', () => {
  for (const [name, grid] of Object.entries(images)) {
    for (const z of [18, 17, 16]) {
      it(`of ${name} lies where it must on tiles of level ${z}, to a twentieth of a pixel`, async () => {
        const band = new Uint16Array(size.width * size.height).fill(100);
        for (let row = 300; row < 320; row++) band.fill(1100, row * size.width + 340, row * size.width + 360);
        const path = folder.path(`square-${z}.tif`);
        await writeTiff(path, grid, [band]);
        const source = await openRaster(path);
        const project = transformer(grid.crs!, 'EPSG:3857');
        const [x, y] = project(grid.originX + 350 * grid.pixelWidth, grid.originY + 310 * grid.pixelHeight);
        const tile = { ...tileGrid({ z, x: 0, y: 0 }, 256) };
        const place = (far: number, pixel: number) => Math.floor(far / pixel / 256) * 256 * pixel;
        tile.originX += place(x - tile.originX, tile.pixelWidth);
        tile.originY += place(y - tile.originY, tile.pixelHeight);
        // A block of four tiles, so that the square need not lie on one.
        const block = windowGrid(tile, { column: -128, row: -128, width: 512, height: 512 });
        const { bands } = await readReduced(source, block, [0], reductionOf(source.info.grid, block));
        await source.close();
        let [sum, sumX, sumY] = [0, 0, 0];
        for (let i = 0; i < bands[0].length; i++) {
          const above = Math.max(0, bands[0][i] - 100);
          sum += above;
          sumX += above * ((i % 512) + 0.5);
          sumY += above * (Math.floor(i / 512) + 0.5);
        }
        const wanted = [(x - block.originX) / block.pixelWidth, (y - block.originY) / block.pixelHeight];
        expect(Math.hypot(sumX / sum - wanted[0], sumY / sum - wanted[1])).toBeLessThan(0.05);
        // Its area, too: 40 m by 40 m. Web mercator's pixels are not quite square on the ground.
        const ground = transformer('EPSG:3857', grid.crs!);
        const step = (dx: number, dy: number) => {
          const [[x0, y0], [x1, y1]] = [ground(x, y), ground(x + dx, y + dy)];
          return Math.hypot(x1 - x0, y1 - y0);
        };
        const pixelM2 = step(block.pixelWidth, 0) * step(0, block.pixelHeight);
        expect(Math.abs((sum / 1000) * pixelM2 - 1600)).toBeLessThan(4);
      });
    }
  }
});

describe('the level read for a tile', () => {
  it('is the coarsest overview that is as fine as the tile, else the image itself', () => {
    const overviews = [500, 250, 125].map((width) => ({ width, height: width }));
    const image = { info: { grid: { width: 1000 }, overviews } } as unknown as RasterSource;
    expect([0.5, 1, 1.9, 2, 3.9, 4, 8, 100].map((reduction) => levelFor(image, reduction))).toEqual([
      -1, -1, 0, 0, 1, 1, 2, 2,
    ]);
  });

  it('shows the same ground from an overview that GDAL made as from the image', async (context) => {
    if (gdalMissing) return context.skip('GDAL is not installed');
    const grid = images['UTM 50N'];
    const path = folder.path('overviews.tif');
    await writeTiff(path, grid, groundBands(size.width, size.height, 1, 'uint16'));
    gdal('gdaladdo', '-q', '-r', 'average', path, '2', '4', '8');
    const source = await openRaster(path);
    const tile = middleTile(grid, 14);
    const reduction = reductionOf(grid, tile);
    expect(levelFor(source, reduction)).toBe(1);
    const [direct, reduced] = [source, await source.overview(1)];
    const a = await readReduced(direct, tile, [0], reduction);
    const b = await readReduced(reduced, tile, [0], reductionOf(reduced.info.grid, tile));
    let [sum, count] = [0, 0];
    for (let i = 0; i < a.mask.length; i++) {
      if (a.mask[i] === 0 || b.mask[i] === 0) continue;
      sum += Math.abs(a.bands[0][i] - b.bands[0][i]);
      count++;
    }
    await source.close();
    expect(count).toBeGreaterThan(15_000);
    expect(sum / count).toBeLessThan(60); // of a range of 6,000
  });

  it('may be a small copy of an image that holds none, which shows what the image shows', async () => {
    const grid = images['CGCS2000 3° zone 38'];
    const path = folder.path('bare.tif');
    await writeTiff(path, grid, groundBands(size.width, size.height, 2, 'uint16'), { nodata: 0 });
    const source = await openRaster(path);
    const copy = await smallCopy(source, 200);
    expect(copy.info.grid).toMatchObject({ width: 175, height: 155, pixelWidth: 8, crs: 'EPSG:4526' });
    const tile = middleTile(grid, 13);
    const a = await readReduced(source, tile, [1], reductionOf(grid, tile));
    const b = await readReduced(copy, tile, [1], reductionOf(copy.info.grid, tile));
    await source.close();
    let [sum, count, one] = [0, 0, 0];
    for (let i = 0; i < a.mask.length; i++) {
      if (a.mask[i] !== b.mask[i]) one++;
      if (a.mask[i] === 0 || b.mask[i] === 0) continue;
      sum += Math.abs(a.bands[0][i] - b.bands[0][i]);
      count++;
    }
    expect(count).toBeGreaterThan(4000);
    expect(one / count).toBeLessThan(0.02);
    expect(sum / count).toBeLessThan(60);
  });

  it('asks of a scene far from its own zone only for the part of the tile where it lies', () => {
    const world = tileGrid({ z: 0, x: 0, y: 0 }, 256);
    const box = { minLon: 114, minLat: 27, maxLon: 114.2, maxLat: 27.1 };
    const window = tileWindow(world, mercatorBox(box))!;
    expect(window.width * window.height).toBeLessThan(20);
    expect(tileWindow(tileGrid(tileAt(8, 100, 27), 256), mercatorBox(box))).toBeNull();
  });
});

describe('tiles of web mercator', () => {
  it('meet without a gap, and their corners are those of the world to a micrometre', () => {
    const half = 20_037_508.342789244;
    expect(tileGrid({ z: 0, x: 0, y: 0 }, 256)).toMatchObject({ originX: -half, originY: half });
    const a = tileGrid({ z: 14, x: 13_390, y: 6900 }, 256);
    const b = tileGrid({ z: 14, x: 13_391, y: 6901 }, 256);
    expect(a.originX + 256 * a.pixelWidth).toBeCloseTo(b.originX, 6);
    expect(a.originY + 256 * a.pixelHeight).toBeCloseTo(b.originY, 6);
  });

  it('have the corners that PROJ gives', (context) => {
    if (gdalMissing) return context.skip('GDAL is not installed');
    const tile = tileGrid({ z: 15, x: 26_780, y: 13_805 }, 256);
    const given = `${tile.originX} ${tile.originY}\n`;
    const [lon, lat] = execFileSync('gdaltransform', ['-s_srs', 'EPSG:3857', '-t_srs', 'EPSG:4326', '-output_xy'], {
      input: given,
      encoding: 'utf8',
    })
      .split(' ')
      .map(Number)
      .sort((a, b) => b - a);
    expect(tileAt(15, lon + 1e-9, lat - 1e-9)).toEqual({ z: 15, x: 26_780, y: 13_805 });
    expect(lon).toBeCloseTo((26_780 / 2 ** 15) * 360 - 180, 9);
  });
});
