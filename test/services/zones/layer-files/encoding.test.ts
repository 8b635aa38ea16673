import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/gdal.ts';
import { readLayer, refusal } from './sample-layer.ts';
import { dbfOf, polygonOf, type ShapefileParts, square, writeShapefile } from './shapefile-bytes.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Bytes of a text in an encoding, as iconv writes them. */
function bytesIn(encoding: string, text: string): Buffer {
  return execFileSync('iconv', ['-f', 'UTF-8', '-t', encoding], { input: text });
}

const texts = ['衡阳县', '西渡镇', '蒸湘区呆鹰岭', '㙟䶮', 'plain'];

function layerOf(name: string, encoding: string, more: ShapefileParts = {}, languageId = 0): string {
  const columns = [
    { name: bytesIn(encoding, '名称'), type: 'C', width: 40 },
    { name: 'CODE', type: 'C', width: 20 },
  ];
  const rows = texts.map((text, i) => [bytesIn(encoding, text), `00${i}`]);
  const shapes = texts.map((_, i) => polygonOf(square(112 + i / 10, 27, 0.01)));
  return writeShapefile(folder.path(name), { shapes, dbf: dbfOf(columns, rows, languageId), ...more });
}

async function read(path: string, encoding?: string) {
  const layer = await readLayer(path, encoding === undefined ? {} : { encoding });
  return { ...layer.encoding, texts: layer.features.map(({ properties }) => properties['名称']) };
}

describe('the text of a shapefile is read in the encoding', () => {
  it.each<[why: string, path: () => string, option: string | undefined, name: string, because: RegExp]>([
    [
      'the user names, whatever the .cpg says',
      () => layerOf('a.shp', 'GB18030', { cpg: 'UTF-8' }),
      'gb2312',
      'gbk',
      /--encoding/,
    ],
    ['the .cpg names', () => layerOf('b.shp', 'GB18030', { cpg: 'CP936\n' }), undefined, 'gbk', /\.cpg/],
    ['the .cpg names: UTF-8', () => layerOf('c.shp', 'UTF-8', { cpg: 'UTF-8' }), undefined, 'utf-8', /\.cpg/],
    ['the language byte tells', () => layerOf('d.shp', 'GB18030', {}, 0x4d), undefined, 'gbk', /0x4d/],
    [
      'the bytes are in where nothing is said: GBK',
      () => layerOf('e.shp', 'GB18030'),
      undefined,
      'gb18030',
      /not UTF-8/,
    ],
    [
      'the bytes are in where nothing is said: UTF-8',
      () => layerOf('f.shp', 'UTF-8'),
      undefined,
      'utf-8',
      /UTF-8 throughout/,
    ],
    [
      'the bytes are in where the language byte is ANSI',
      () => layerOf('g.shp', 'GB18030', {}, 0x57),
      undefined,
      'gb18030',
      /not UTF-8/,
    ],
    [
      'the bytes are in where the .cpg says nothing known',
      () => layerOf('h.shp', 'GB18030', { cpg: 'x?' }),
      undefined,
      'gb18030',
      /not UTF-8/,
    ],
  ])('%s', async (_, path, option, name, because) => {
    const layer = await read(path(), option);
    expect(layer).toEqual({ name, because: expect.stringMatching(because), texts });
  });
});

describe('a wrong encoding is refused with the right one', () => {
  it.each<[what: string, path: () => string, option: string | undefined, line: RegExp]>([
    [
      'GBK said to be UTF-8 by the .cpg',
      () => layerOf('r1.shp', 'GB18030', { cpg: 'UTF-8' }),
      undefined,
      /names of the fields that are not utf-8 .*--encoding gbk/,
    ],
    ['GBK said to be UTF-8 by the user', () => layerOf('r2.shp', 'GB18030'), 'utf-8', /--encoding gbk\.$/],
    [
      'UTF-8 said to be GBK',
      () => layerOf('r3.shp', 'UTF-8', { cpg: 'GBK' }),
      undefined,
      /as the \.cpg says, but its text is UTF-8: give --encoding utf-8/,
    ],
    [
      'GBK said to be Western',
      () => layerOf('r4.shp', 'GB18030', { cpg: 'ISO-8859-1', ...gb2312() }),
      undefined,
      /Chinese in GBK: give --encoding gbk/,
    ],
    ['an encoding that is none', () => layerOf('r5.shp', 'UTF-8'), 'klingon', /encoding "klingon"; wanted utf-8, gbk/],
  ])('%s', async (_, path, option, line) => {
    const found = await refusal(path(), option === undefined ? {} : { encoding: option });
    expect(found).toMatch(line);
    expect(found.split('\n')).toHaveLength(1);
  });

  it('naming record and field, also far behind the records that were looked at', async () => {
    const rows: Buffer[][] = Array.from({ length: 21_000 }, () => [Buffer.from('衡阳县')]);
    rows[20_500] = [bytesIn('GBK', '衡阳')];
    const dbf = dbfOf([{ name: 'MC', type: 'C', width: 12 }], rows);
    const shapes = rows.map(() => polygonOf(square(112, 27, 0.01)));
    const path = writeShapefile(folder.path('late.shp'), { shapes, dbf });
    expect(await refusal(path)).toMatch(
      /record 20501, field MC, that are not utf-8 \(ba e2 d1 f4\): give --encoding gbk/,
    );
  });
});

/** Columns and rows of nothing but common characters. */
function gb2312(): ShapefileParts {
  const rows = ['衡阳县', '西渡镇', '衡南县'].map((text) => [bytesIn('GBK', text)]);
  return {
    dbf: dbfOf([{ name: 'MC', type: 'C', width: 12 }], rows),
    shapes: rows.map(() => polygonOf(square(112, 27, 0.01))),
  };
}

describe('single values', () => {
  it('that were cut within a character lose its half, no more', async () => {
    for (const [encoding, width] of [
      ['UTF-8', 8],
      ['GBK', 5],
    ] as const) {
      const whole = bytesIn(encoding, '衡阳县');
      const rows = [[whole.subarray(0, width)], [bytesIn(encoding, '城')]];
      const dbf = dbfOf([{ name: 'MC', type: 'C', width }], rows);
      const shapes = rows.map(() => polygonOf(square(112, 27, 0.01)));
      const path = writeShapefile(folder.path(`cut-${encoding}.shp`), { shapes, dbf });
      const { features } = await readLayer(path);
      expect(features.map(({ properties, damage }) => [properties['MC'], damage])).toEqual([
        ['衡阳', null],
        ['城', null],
      ]);
    }
  });

  it('that are text in no encoding are damage of their feature', async () => {
    const rows = [[bytesIn('GBK', '衡阳')], [bytesIn('GBK', '西渡')], [Buffer.from([0xff, 0xff, 0x41])]];
    const dbf = dbfOf([{ name: 'MC', type: 'C', width: 9 }], rows);
    const shapes = rows.map(() => polygonOf(square(112, 27, 0.01)));
    const { features } = await readLayer(writeShapefile(folder.path('noise.shp'), { shapes, dbf, cpg: 'GBK' }));
    expect(features.map(({ damage }) => damage)).toEqual([
      null,
      null,
      'has bytes in field MC that are not gbk (ff ff 41)',
    ]);
    expect(features[2].geometry).not.toBeNull();
  });
});
