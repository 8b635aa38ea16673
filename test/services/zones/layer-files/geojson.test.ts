import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { JsonScanner } from '../../../../services/zones/layer-files/geojson/json-scanner.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { readLayer, refusal } from './sample-layer.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

function written(text: string | Buffer, name = 'a.geojson'): string {
  writeFileSync(folder.path(name), text);
  return folder.path(name);
}

const ring = [
  [112, 27],
  [112.1, 27],
  [112.1, 27.1],
  [112, 27],
];
const feature = (properties: object | null, more: object = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: [ring] },
  ...more,
});
const collection = (features: unknown, more: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', ...more, features });

/** What a scan finds, told in chunks of some length. */
function scan(text: string, chunkBytes: number): { items: string[]; members: [string, string][]; broken: boolean } {
  const bytes = Buffer.from(text);
  const cut = (start: number, end: number) => bytes.subarray(start, end).toString();
  const items: string[] = [];
  const members: [string, string][] = [];
  const scanner = new JsonScanner({
    item: (start, end) => items.push(cut(start, end)),
    member: (key, start, end) => members.push([key, cut(start, end).trim()]),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes), at);
  return { items, members, broken: scanner.brokenAt >= 0 || scanner.end() !== null };
}

describe('the scan of GeoJSON finds the features JSON.parse finds', () => {
  const spaced = (value: unknown, indent: number) => JSON.stringify(value, null, indent);

  it('of any collection, in any layout, in chunks of any length', () => {
    const any = fc.record({
      a: fc.jsonValue(),
      'features"\\': fc.string({ unit: 'binary' }),
      features: fc.array(fc.jsonValue()),
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(any, fc.jsonValue())),
        fc.jsonValue(),
        fc.nat(3),
        fc.integer({ min: 1, max: 60 }),
        (features, other, indent, chunk) => {
          const found = scan(spaced({ type: 'x', crs: other, features, last: [features, other] }, indent), chunk);
          expect(found.items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(features)));
          expect(found.members.map(([key]) => key)).toEqual(['type', 'crs', 'last']);
          expect(JSON.parse(found.members[1][1])).toEqual(JSON.parse(JSON.stringify(other)));
          expect(found.broken).toBe(false);
        },
      ),
      { seed: 41, numRuns: 1000 },
    );
  });

  it('of any sequence, parted by anything', () => {
    const value = fc.record({ type: fc.constant('Feature'), properties: fc.dictionary(fc.string(), fc.jsonValue()) });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1 }),
        fc.constantFrom('\n', '\r\n', ' ', '\n\u001e', ''),
        fc.integer({ min: 1, max: 60 }),
        (values, between, chunk) => {
          const found = scan(values.map((one) => JSON.stringify(one)).join(between), chunk);
          expect(found.items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(values)));
          expect(found.broken).toBe(false);
        },
      ),
      { seed: 42, numRuns: 1000 },
    );
  });
});

describe('GeoJSON is read', () => {
  it('with its members in any order, with a BOM, laid out over lines', async () => {
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4526' } };
    const inMetres = feature(
      { a: '"}]' },
      {
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [38_400_000, 2.9e6],
              [38_400_100, 2.9e6],
              [38_400_100, 2.9001e6],
              [38_400_000, 2.9e6],
            ],
          ],
        },
      },
    );
    const text = `\uFEFF${JSON.stringify({ features: [inMetres, inMetres], name: 'x', crs, type: 'FeatureCollection' }, null, 2)}\n`;
    const layer = await readLayer(written(text), { pieceSize: 1 });
    expect(layer.crs).toEqual({ crs: 'EPSG:4526', because: 'EPSG:4526, as its crs member says' });
    expect(layer.features.map(({ properties, geometry }) => [properties, geometry!.parts[0][0][0]])).toEqual([
      [{ a: '"}]' }, 38_400_000],
      [{ a: '"}]' }, 38_400_000],
    ]);
  });

  it('as one Feature, as a bare geometry, and as texts one after another', async () => {
    const geometry = feature({}).geometry;
    for (const [text, format, count] of [
      [JSON.stringify(feature({})), 'geojson', 1],
      [JSON.stringify(geometry), 'geojson', 1],
      [`${JSON.stringify(geometry, null, 1)}\n${JSON.stringify(feature({}), null, 1)}`, 'geojsonseq', 2],
      [`\u001e${JSON.stringify(feature({}), null, 1)}\n\u001e${JSON.stringify(feature({}))}\n`, 'geojsonseq', 2],
      [collection([]), 'geojson', 0],
    ] as const) {
      const layer = await readLayer(written(text));
      expect([layer.format, layer.count], text).toEqual([format, count]);
      for (const { geometry: read } of layer.features) expect(read!.parts).toEqual([[Float64Array.from(ring.flat())]]);
    }
  });

  it('feature by feature: what is wrong with one is its damage', async () => {
    const { features } = await readLayer(
      written(
        collection([
          feature({ a: 1 }, { id: 7 }),
          null,
          5,
          feature(null, { id: 'x' }),
          feature([] as object),
          feature({}, { geometry: { type: 'Polygon', coordinates: 'x' } }),
          feature({}, { geometry: { type: 'Polygon', coordinates: [[112, 27]] } }),
          feature({}, { geometry: { type: 'Circle', coordinates: [] } }),
          feature(
            {},
            {
              geometry: {
                type: 'Polygon',
                coordinates: [
                  [
                    [112, 27, 5],
                    ['x', null],
                    [112, 28],
                  ],
                ],
              },
            },
          ),
        ]),
      ),
    );
    expect(features.map(({ fid, damage }) => [fid, damage])).toEqual([
      ['7', null],
      [null, 'is null; wanted a GeoJSON Feature'],
      [null, 'is 5; wanted a GeoJSON Feature'],
      ['x', null],
      [null, 'has the properties []; wanted an object or null'],
      [null, 'has "x" as coordinates; wanted an array'],
      [null, 'has 112 where a position belongs'],
      [null, 'has a geometry of type "Circle"; wanted one of GeoJSON\'s'],
      [null, null],
    ]);
    const last = features[8].geometry!;
    expect([[...last.parts[0][0]], last.hadHeights]).toEqual([[112, 27, Number.NaN, Number.NaN, 112, 28], true]);
  });

  it('past the fourth gigabyte, where no text of the engine reaches', () => {
    const places: number[][] = [];
    const scanner = new JsonScanner({ item: (...place) => places.push(place), member: () => {} });
    scanner.push(Buffer.from('{"features":[{"a":1},'), 0);
    scanner.push(Buffer.from('{"b":2},{"c":'), 2 ** 33);
    scanner.push(Buffer.from('3}]}'), 2 ** 33 + 13);
    expect([places, scanner.end()]).toEqual([
      [
        [13, 20],
        [2 ** 33, 2 ** 33 + 7],
        [2 ** 33 + 8, 2 ** 33 + 15],
      ],
      null,
    ]);
  });
});

describe('what is no GeoJSON is refused in one line', () => {
  const gbk = Buffer.concat([
    Buffer.from('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"'),
    Buffer.from([0xba, 0xe2, 0xd1, 0xf4]),
    Buffer.from('"},"geometry":null}]}'),
  ]);
  it.each<[what: string, text: string | Buffer, line: RegExp]>([
    ['GBK', gbk, /not UTF-8 text, which GeoJSON must be; if its Chinese is GBK, convert it: iconv -f GB18030 -t UTF-8/],
    [
      'cut off in a feature',
      collection([feature({}), feature({})]).slice(0, -30),
      /cut off within brackets at byte \d+, after 1 features/,
    ],
    ['cut off in a string', collection([feature({ a: 'x' })]).slice(0, 60), /cut off in a string/],
    [
      'a feature that is no JSON',
      collection([feature({}), feature({ a: 1 })]).replace('"a":1', '"a":01'),
      /features\[1\] .* is not JSON: it begins with/,
    ],
    ['text behind it', `${collection([])} and more`, /not JSON: it has "and more" at byte/],
    ['two collections', collection([]) + collection([]), /2 texts one after another, FeatureCollections among them/],
    [
      'ArcGIS JSON',
      JSON.stringify({ geometryType: 'esriGeometryPolygon', features: [{ attributes: {} }] }),
      /esriJSON/,
    ],
    ['TopoJSON', JSON.stringify({ type: 'Topology', objects: {} }), /object of type "Topology"/],
    ['an object of nothing', '{}', /is not a GeoJSON|object without a type/],
    ['features that are none', collection('x'), /"x\\?".* as features; wanted an array/],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), /UTF-16/],
    [
      'an unknown CRS',
      collection([feature({})], { crs: { type: 'name', properties: { name: 'EPSG:2414' } } }),
      /as its crs member says: CRS "EPSG:2414" is not known/,
    ],
    [
      'metres without a crs member',
      collection([
        feature(
          {},
          {
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [4e5, 2.9e6],
                  [4e5, 2.91e6],
                  [4.1e5, 2.9e6],
                  [4e5, 2.9e6],
                ],
              ],
            },
          },
        ),
      ]),
      /no crs member, .*one of EPSG:4534/,
    ],
  ])('%s', async (_, text, line) => {
    const found = await refusal(written(text, 'bad.json'));
    expect(found).toMatch(line);
    expect(found).not.toContain('\n');
  });
});
