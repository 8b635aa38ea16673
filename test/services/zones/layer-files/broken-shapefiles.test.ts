import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/gdal.ts';
import { readLayer, refusal } from './sample-layer.ts';
import { dbfOf, polygonOf, shpHeader, shpOf, square, writeShapefile } from './shapefile-bytes.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const shapes = Array.from({ length: 10 }, (_, i) => polygonOf(square(112 + i / 10, 27, 0.01)));
const corners = (features: Awaited<ReturnType<typeof readLayer>>['features']) =>
  features.map(({ geometry }) => geometry && Math.round((geometry.parts[0][0][0] - 112) * 10));
const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('a shapefile is read as far as it goes', () => {
  it('without .shx, or with one that is cut off or of another file', async () => {
    const { shx } = shpOf(shapes);
    const other = shpOf([polygonOf(square(0, 0, 1), square(5, 5, 1)), ...shapes]).shx;
    for (const [name, own, note] of [
      ['none', null, 'no .shx: its shapes were found by reading the .shp through'],
      ['cut', shx.subarray(0, 140), /the \.shx is cut off \(140 of 180 bytes\)/],
      ['stump', shx.subarray(0, 10), /the \.shx is broken/],
      ['other', other, /the \.shx does not fit/],
    ] as const) {
      const layer = await readLayer(writeShapefile(folder.path(`${name}.shp`), { shapes, shx: own as Buffer | null }));
      expect(layer.notes, name).toEqual([typeof note === 'string' ? note : expect.stringMatching(note)]);
      expect(corners(layer.features), name).toEqual(all);
      expect(layer.features.every(({ damage }) => damage === null)).toBe(true);
    }
  });

  it('with a .shp that is cut off: the rest is damage, none is left out', async () => {
    const path = writeShapefile(folder.path('shp-cut.shp'), { shapes });
    truncateSync(path, 100 + 6 * (8 + shapes[0].length) + 50);
    const layer = await readLayer(path);
    expect(corners(layer.features)).toEqual([0, 1, 2, 3, 4, 5, null, null, null, null]);
    expect(layer.notes).toEqual([expect.stringMatching(/the \.shp is cut off: \d+ of 1460 bytes/)]);
    expect(layer.features[6].damage).toMatch(
      /its record of 128 bytes runs past the end of the \.shp \(42 bytes are left\)/,
    );
    expect(layer.features[9].damage).toMatch(/0 bytes are left/);
    expect(layer.features[9].properties).toEqual({ ID: 10 });
  });

  it('with a .dbf that is cut off: shapes stay, and say what they lack', async () => {
    const path = writeShapefile(folder.path('dbf-cut.shp'), { shapes });
    truncateSync(folder.path('dbf-cut.dbf'), 65 + 4 * 10 + 3);
    const layer = await readLayer(path);
    expect(corners(layer.features)).toEqual(all);
    expect(layer.features.map(({ properties }) => properties['ID'])).toEqual([1, 2, 3, 4, ...Array(6)]);
    expect(layer.features[4].damage).toBe('has its attributes past the end of the .dbf');
    expect(layer.notes).toEqual(['the .dbf is cut off: 4 of 10 records are there']);
  });

  it('with counts that differ, both ways', async () => {
    const rows = all.map((i) => [String(i)]);
    const column = { name: 'ID', type: 'N', width: 4 };
    const few = await readLayer(
      writeShapefile(folder.path('few.shp'), { shapes: shapes.slice(0, 7), dbf: dbfOf([column], rows) }),
    );
    expect(few.features.map(({ damage }) => damage)).toEqual([
      ...Array(7).fill(null),
      ...Array(3).fill('has no shape in the .shp'),
    ]);
    const many = await readLayer(
      writeShapefile(folder.path('many.shp'), { shapes, dbf: dbfOf([column], rows.slice(0, 8)) }),
    );
    expect(many.features.map(({ damage }) => damage)).toEqual([
      ...Array(8).fill(null),
      ...Array(2).fill('has no record in the .dbf'),
    ]);
    expect([...few.notes, ...many.notes]).toEqual([
      'the .shp has 7 shapes, the .dbf 10 records',
      'the .shp has 10 shapes, the .dbf 8 records',
    ]);
  });

  it('without .dbf, and without the records marked as deleted', async () => {
    const bare = await readLayer(writeShapefile(folder.path('bare.shp'), { shapes, dbf: null }));
    expect([bare.fields, bare.notes]).toEqual([[], ['no .dbf: its features have no attributes']]);
    expect(corners(bare.features)).toEqual(all);
    const rows = all.map((i) => [i % 3 === 1 ? '*' : ' ', String(i)]);
    const dbf = dbfOf([{ name: 'ID', type: 'N', width: 4 }], rows);
    const layer = await readLayer(writeShapefile(folder.path('deleted.shp'), { shapes, dbf }), { pieceSize: 2 });
    expect(layer.features.map(({ fid, properties }) => [fid, properties['ID']])).toEqual(
      [0, 2, 3, 5, 6, 8, 9].map((i) => [String(i + 1), i]),
    );
    expect([layer.count, layer.notes]).toEqual([7, ['3 records are marked as deleted in the .dbf and left out']]);
  });

  it('shape by shape: null, points, patches, and bytes that make no sense', async () => {
    const word = (...values: number[]) =>
      Buffer.concat(
        values.map((value) => {
          const b = Buffer.alloc(4);
          b.writeInt32LE(value);
          return b;
        }),
      );
    const counts = (parts: number, points: number) => {
      const b = Buffer.from(shapes[0]);
      b.writeInt32LE(parts, 36);
      b.writeInt32LE(points, 40);
      return b;
    };
    const starts = Buffer.from(shapes[0]);
    starts.writeInt32LE(3, 44);
    const odd = [
      word(0),
      Buffer.concat([word(1), Buffer.alloc(16)]),
      Buffer.concat([word(31), Buffer.alloc(60)]),
      Buffer.concat([word(18), Buffer.alloc(60)]),
      word(77),
      word(5, 1),
      counts(1, 1e6),
      counts(-1, 5),
      starts,
      counts(0, 0),
      counts(1, 2 ** 31 - 1),
    ];
    const { features } = await readLayer(writeShapefile(folder.path('odd.shp'), { shapes: [...odd, shapes[3]] }));
    expect(
      features.map(({ geometry, damage }) => damage ?? (geometry && `${geometry.type} ${geometry.parts.length}`)),
    ).toEqual([
      null,
      'Point 0',
      'MultiPatch 0',
      'MultiPoint Z 0',
      'has shape type 77, which is none',
      'has a Polygon of 8 bytes, too few for one',
      'has a Polygon of 1 parts and 1000000 points in 128 bytes, too few for them',
      'has a Polygon of -1 parts and 5 points in 128 bytes, too few for them',
      'has a Polygon whose parts begin at points that are not there',
      null,
      'has a Polygon of 1 parts and 2147483647 points in 128 bytes, too few for them',
      'Polygon 1',
    ]);
  });

  it('numbers that are none stay, for the repair to judge', async () => {
    const ring = square(112, 27, 0.1);
    ring[2] = Number.NaN;
    const { features } = await readLayer(writeShapefile(folder.path('nan.shp'), { shapes: [polygonOf(ring)] }));
    expect([...features[0].geometry!.parts[0][0]]).toEqual(ring);
  });
});

describe('a shapefile of which nothing can be told is refused in one line', () => {
  it.each<[what: string, write: () => string, line: RegExp]>([
    [
      'a .shp of some bytes',
      () => writeShapefile(folder.path('x1.shp'), { shp: shpHeader(100).subarray(0, 60) }),
      /has 60 bytes; wanted a \.shp header of 100/,
    ],
    [
      'another version',
      () => {
        const shp = shpHeader(100);
        shp.writeInt32LE(999, 28);
        return writeShapefile(folder.path('x2.shp'), { shp });
      },
      /version 999/,
    ],
    [
      'a .dbf of some bytes',
      () => writeShapefile(folder.path('x3.shp'), { dbf: Buffer.from('abc') }),
      /a \.dbf of 3 bytes/,
    ],
    [
      'a .dbf cut off in its header',
      () =>
        writeShapefile(folder.path('x4.shp'), { dbf: dbfOf([{ name: 'A', type: 'C', width: 9 }], []).subarray(0, 50) }),
      /header is broken or cut off/,
    ],
    [
      'a .dbf whose fields are longer than its records',
      () => {
        const dbf = dbfOf([{ name: 'A', type: 'C', width: 9 }], [['x']]);
        dbf[10] = 4;
        return writeShapefile(folder.path('x5.shp'), { dbf });
      },
      /records of 4 bytes, but its fields take 10/,
    ],
    [
      'a .dbf without fields',
      () => {
        const dbf = dbfOf([{ name: 'A', type: 'C', width: 9 }], []);
        dbf[32] = 0x0d;
        return writeShapefile(folder.path('x6.shp'), { dbf });
      },
      /no fields are there/,
    ],
    [
      'a part without its .shp',
      () => {
        writeFileSync(folder.path('alone.dbf'), 'x');
        return folder.path('alone.dbf');
      },
      /\.shp is not beside it/,
    ],
  ])('%s', async (_, write, line) => {
    const found = await refusal(write());
    expect(found).toMatch(line);
    expect(found).not.toContain('\n');
  });

  it('or read, whatever single byte of it is wrong: never an error of the program', async () => {
    const dbf = dbfOf(
      [
        { name: 'ID', type: 'N', width: 4 },
        { name: 'T', type: 'C', width: 6 },
      ],
      all.map((i) => [String(i), `t${i}`]),
    );
    const path = writeShapefile(folder.path('fuzz.shp'), { shapes, dbf });
    for (const [ending, step] of [
      ['shp', 37],
      ['shx', 7],
      ['dbf', 5],
    ] as const) {
      const bytes = readFileSync(folder.path(`fuzz.${ending}`));
      for (let at = 0; at < bytes.length; at += step) {
        const wrong = Buffer.from(bytes);
        wrong[at] ^= 0x80;
        writeFileSync(folder.path(`fuzz.${ending}`), wrong);
        // Anything but a refusal is thrown on.
        await refusal(path);
      }
      writeFileSync(folder.path(`fuzz.${ending}`), bytes);
    }
  });
});

describe('a shapefile of more than 4 GB', () => {
  it('is read right at its far end: positions are words of 16 bits, without a sign', async () => {
    const path = writeShapefile(folder.path('big.shp'), { shapes: shapes.slice(0, 4) });
    const offsets = [100, 2 ** 31 + 2000, 2 ** 32 + 4000, 7 * 2 ** 30];
    const descriptor = openSync(path, 'r+');
    const { shx } = shpOf(shapes.slice(0, 4));
    writeSync(descriptor, shpHeader(7 * 2 ** 30 + 136), 0, 100, 0);
    for (const [i, offset] of offsets.entries()) {
      const header = Buffer.alloc(8);
      header.writeInt32BE(i + 1, 0);
      header.writeInt32BE(64, 4);
      writeSync(descriptor, Buffer.concat([header, shapes[i]]), 0, 136, offset);
      shx.writeUInt32BE(offset / 2, 100 + 8 * i);
    }
    closeSync(descriptor);
    writeFileSync(folder.path('big.shx'), shx);
    // Hashing seven gigabytes of nothing takes longer than a test may: the reader is asked directly.
    const { indexShp } = await import('../../../../services/zones/layer-files/shapefile/shp-index.ts');
    const { readShapefile } = await import('../../../../services/zones/layer-files/shapefile/read-shapefile.ts');
    const index = indexShp(path, folder.path('big.shx'), path);
    expect([...index.offsets]).toEqual(offsets);
    const reading = {
      format: 'shapefile',
      path,
      file: path,
      names: {},
      asText: [],
      swapped: false,
      projectFrom: null,
      dbf: null,
      shpBytes: 7 * 2 ** 30 + 136,
      encoding: 'utf-8',
    } as const;
    const features = readShapefile(
      { ...reading, names: {}, asText: [] },
      { record: 0, count: 4, offsets: index.offsets, lengths: index.lengths },
      0,
    );
    expect(corners(features)).toEqual([0, 1, 2, 3]);
  });
});
