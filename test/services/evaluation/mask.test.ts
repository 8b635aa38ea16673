import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { fromLonLat, toLonLat } from '../../../imagery/crs.ts';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { openMask, openPolygons } from '../../../services/evaluation/mask.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../support/gdal-python.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid: Grid = {
  width: 8,
  height: 6,
  crs: 'EPSG:32650',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};

/** What a mask file says of each pixel of a grid, a row a line: '.' unset, '#' set, '?' unknown. */
async function saidOf(path: string, on: Grid): Promise<string[]> {
  const file = await openMask(path);
  try {
    const whole = await file.layOn(on, 'score.tif').read({ column: 0, row: 0, width: on.width, height: on.height });
    const line = (row: number) => [...whole.subarray(row * on.width, (row + 1) * on.width)];
    return Array.from({ length: on.height }, (_, row) => line(row).map((what) => '.#?'[what]).join('')); // biome-ignore format: one line
  } finally {
    await file.close();
  }
}

async function maskTiff(name: string, on: Grid, lines: string[], set = 1, nodata: number | null = null) {
  const values = Uint8Array.from(lines.join(''), (character) => (character === '#' ? set : 0));
  await writeTiff(temporary.path(name), on, [values], { nodata });
  return temporary.path(name);
}

const picture = ['#.......', '##......', '........', '...##...', '...##...', '.......#'];

describe('a mask that is an image', () => {
  it('is set where it is not black', async () => {
    expect(await saidOf(await maskTiff('ones.tif', grid, picture), grid)).toEqual(picture);
    expect(await saidOf(await maskTiff('nines.tif', grid, picture, 9), grid)).toEqual(picture);
  });

  it('may call 0 its nodata: nothing is unknown then', async () => {
    expect(await saidOf(await maskTiff('nodata-0.tif', grid, picture, 1, 0), grid)).toEqual(picture);
  });

  it('says nothing where it has no data', async () => {
    const path = await maskTiff('nodata-7.tif', grid, picture, 7, 7);
    expect(await saidOf(path, grid)).toEqual(picture.map((line) => line.replaceAll('#', '?')));
  });

  it('without a place on the Earth lies pixel on pixel', async () => {
    const path = await maskTiff('bare.tif', pixelGrid(8, 6), picture);
    expect(await saidOf(path, grid)).toEqual(picture);
    expect(await saidOf(path, pixelGrid(8, 6))).toEqual(picture);
  });

  it('may be a PNG in colours, or a JPEG whose edges are smeared', async () => {
    const raw = { width: 8, height: 6, channels: 3 } as const;
    const red = Buffer.from(
      picture.join('').replace(/./g, (one) => (one === '#' ? '\x01\0\0' : '\0\0\0')),
      'latin1',
    );
    await sharp(red, { raw }).png().toFile(temporary.path('red.png'));
    expect(await saidOf(temporary.path('red.png'), grid)).toEqual(picture);
    const large = ['#'.repeat(16), ...new Array<string>(15).fill(`${'#'.repeat(7)}${'.'.repeat(9)}`)];
    const white = Buffer.from(large.join(''), 'latin1').map((one) => (one === 0x23 ? 255 : 0));
    await sharp(white, { raw: { width: 16, height: 16, channels: 1 } })
      .jpeg({ quality: 80 })
      .toFile(temporary.path('smeared.jpg'));
    expect(await saidOf(temporary.path('smeared.jpg'), pixelGrid(16, 16))).toEqual(large);
  });
});

describe('a mask on another grid', () => {
  it('is asked at the pixel centres, and knows nothing outside itself', async () => {
    // The mask's pixels are three times as fine, and it begins 2 columns and 1 row further in.
    const fine: Grid = { ...grid, width: 9, height: 6, originX: 500_020, originY: 2_999_990, pixelWidth: 10 / 3, pixelHeight: -10 / 3 }; // biome-ignore format: a grid
    const lines = ['#########', '#...#...#', '#########', '.........', '....#....', '.........'];
    expect(await saidOf(await maskTiff('fine.tif', fine, lines), grid)).toEqual([
      '????????',
      '??.#.???',
      '??.#.???',
      '????????',
      '????????',
      '????????',
    ]);
  });

  it('may be in another CRS', async () => {
    const [lon, lat] = toLonLat('EPSG:32650')(500_000, 3_000_000);
    const degrees: Grid = {
      width: 400,
      height: 400,
      crs: 'EPSG:4326',
      originX: lon - 1e-4,
      originY: lat + 1e-4,
      pixelWidth: 5e-6,
      pixelHeight: -5e-6,
    };
    const project = fromLonLat('EPSG:32650');
    const set = Uint8Array.from({ length: 400 * 400 }, (_, i) => {
      const [x, y] = project(
        degrees.originX + ((i % 400) + 0.5) * 5e-6,
        degrees.originY - (Math.floor(i / 400) + 0.5) * 5e-6,
      );
      const [column, row] = [Math.floor((x - 500_000) / 10), Math.floor((3_000_000 - y) / 10)];
      return picture[row]?.[column] === '#' ? 1 : 0;
    });
    await writeTiff(temporary.path('degrees.tif'), degrees, [set]);
    expect(await saidOf(temporary.path('degrees.tif'), grid)).toEqual(picture);
  });

  it('is read by parts where it is much finer, to the same effect', async () => {
    // 2,400 × 2,400 of its pixels lie under the grid: more than are read at once.
    const side = 2400;
    const fine: Grid = { ...grid, width: side, height: side, pixelWidth: 80 / side, pixelHeight: -80 / side };
    const set = new Uint8Array(side * side);
    for (let i = 0; i < set.length; i++) {
      const [column, row] = [Math.floor((i % side) / 300), Math.floor(i / side / 300)];
      if (picture[row]?.[column] === '#') set[i] = 1;
    }
    await writeTiff(temporary.path('finest.tif'), fine, [set]);
    expect(await saidOf(temporary.path('finest.tif'), grid)).toEqual(picture);
  });
});

/** Polygons whose rings are given in pixels of the grid. */
function polygons(name: string, ...rings: [number, number][][]): string {
  const lonLat = toLonLat(grid.crs!);
  const features = rings.map((ring) => ({
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'Polygon',
      coordinates: [ring.map(([x, y]) => lonLat(grid.originX + 10 * x, grid.originY - 10 * y))],
    },
  }));
  writeFileSync(temporary.path(name), JSON.stringify({ type: 'FeatureCollection', features }));
  return temporary.path(name);
}

const square = (left: number, top: number, side: number): [number, number][] => [
  [left, top],
  [left, top + side],
  [left + side, top + side],
  [left + side, top],
  [left, top],
];

describe('a mask of polygons', () => {
  it('is set inside them, and unset elsewhere; each is an object, though it touches another', async () => {
    const path = polygons('squares.geojson', square(0, 0, 2), square(2, 0, 2), square(6, 4, 9));
    expect(await saidOf(path, grid)).toEqual(['####....', '####....', '........', '........', '......##', '......##']);
    const { objects } = (await openMask(path)).layOn(grid, 'score.tif');
    expect(objects!.count).toBe(3);
  });

  it('is told by what it holds, whatever its name', async () => {
    expect(await saidOf(polygons('mask.txt', square(7, 5, 1)), grid)).toEqual([
      ...new Array<string>(5).fill('........'),
      '.......#',
    ]);
  });

  it('of patches may be empty', async () => {
    const { objects } = (await openPolygons(polygons('empty.geojson'))).layOn(grid, 'score.tif');
    expect(objects).toMatchObject({ count: 0 });
  });
});

const CONVERT = `
gdal.VectorTranslate(sys.argv[2], sys.argv[1], options=sys.argv[3:])
`;

describe.skipIf(osgeoMissing)('a mask of polygons in other formats, written by OGR', () => {
  const drawn = ['####....', '####....', '........', '........', '......##', '......##'];
  const convert = (name: string, ...options: string[]) => {
    const from = polygons(`${name}.from.geojson`, square(0, 0, 2), square(2, 0, 2), square(6, 4, 9));
    osgeo(CONVERT, from, temporary.path(name), ...options);
    return temporary.path(name);
  };

  it.each([
    ['mask.gpkg', ['-f', 'GPKG', '-t_srs', 'EPSG:32650']],
    ['mask.shp', ['-f', 'ESRI Shapefile', '-t_srs', 'EPSG:4548']],
    ['mask.shz', ['-f', 'ESRI Shapefile']],
    ['mask.fgb', ['-f', 'FlatGeobuf']],
    ['mask.geojsonl', ['-f', 'GeoJSONSeq']],
  ])('says the same: %s', async (name, options) => {
    const path = convert(name, ...options);
    expect(await saidOf(path, grid)).toEqual(drawn);
    expect((await openMask(path)).layOn(grid, 'score.tif').objects!.count).toBe(3);
  });

  it('has no patches where a GeoPackage has no rows', async () => {
    const path = convert('none.gpkg', '-f', 'GPKG', '-where', 'FID < 0');
    expect((await openPolygons(path)).layOn(grid, 'score.tif').objects).toMatchObject({ count: 0 });
  });
});

describe('a mask that cannot be laid on a grid is refused in one line', () => {
  it('of another size without a place on the Earth', async () => {
    const path = await maskTiff('small.tif', pixelGrid(2, 2), ['##', '..']);
    await expect(saidOf(path, grid)).rejects.toThrow(
      `${path}: has 2 x 2 pixels, but score.tif has 8 x 6 and ${path} names no CRS; wanted the same size, or both placed on the Earth.`,
    );
    const placed = await maskTiff('placed.tif', { ...grid, width: 2, height: 2 }, ['##', '..']);
    await expect(saidOf(placed, pixelGrid(8, 6))).rejects.toThrow(
      /but score\.tif has 8 x 6 and score\.tif names no CRS/,
    );
  });

  it('of polygons on a grid without CRS', async () => {
    const path = polygons('nowhere.geojson', square(0, 0, 2));
    await expect(saidOf(path, pixelGrid(8, 6))).rejects.toThrow(
      `${path}: lies in lon/lat, but score.tif names no CRS; wanted a --score or --grid that does.`,
    );
  });

  it('that is nothing of the kind', async () => {
    writeFileSync(temporary.path('text'), 'the mask is on the other disk');
    await expect(openMask(temporary.path('text'))).rejects.toThrow(/text: wanted an image \(.*\), got text beginning/);
    await expect(openMask(temporary.path('none.tif'))).rejects.toThrow(/none\.tif: wanted an image, but there is no/);
    await expect(openMask(temporary.path('.'))).rejects.toThrow(/wanted an image, got a folder/);
    await expect(openMask(temporary.path('none.geojson'))).rejects.toThrow(/none\.geojson: is missing/);
    writeFileSync(temporary.path('point.geojson'), '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}]}'); // biome-ignore format: one line
    await expect(openMask(temporary.path('point.geojson'))).rejects.toThrow(
      /features\[0\] \(id none\) is a Point; wanted/,
    );
  });
});
