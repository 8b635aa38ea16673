import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PreparedZone, type PrepareOptions, prepareZone } from '../../../../services/zones/geometry/repair.ts';
import { geodesicAreaM2, geodesicDistanceM } from '../../../support/geodesic.ts';
import { ringAt, seeded, starRing } from '../../../support/random-shapes.ts';

type Ring = number[][];

const box = (x: number, y: number, width: number, height = width): Ring => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];

/** Rings in metres round a place, as a file's parts. */
function prepare(
  parts: Ring[][],
  type = 'MultiPolygon',
  kind: 'polygon' | 'line' | 'either' = 'polygon',
  options?: PrepareOptions,
) {
  const flat = parts.map((rings) => rings.map((ring) => Float64Array.from(ringAt([112.5, 26.9], ring).flat())));
  return prepareZone({ type, parts: flat, hadHeights: / Z$/.test(type) }, kind, options);
}

function taken(...args: Parameters<typeof prepare>): PreparedZone {
  const result = prepare(...args);
  if ('rejected' in result) throw new Error(result.rejected);
  return result;
}

function refused(...args: Parameters<typeof prepare>): string {
  const result = prepare(...args);
  return 'rejected' in result ? result.rejected : 'taken';
}

/** As the plane of the rings has it: to a few metres in a hundred. */
const groundM2 = (ring: Ring) => Math.abs(geodesicAreaM2(ringAt([112.5, 26.9], ring)));
const corners = ({ geometry }: PreparedZone) => geometry.parts.map((part) => part.map((ring) => ring.length / 2 - 1));

const square = box(0, 0, 100);
const [a, b, c, d] = square;

describe('a clean polygon', () => {
  it('is taken as it is, with its area on the ellipsoid and its box', () => {
    const raw = Float64Array.from(ringAt([112.5, 26.9], square).flat());
    const zone = prepareZone({ type: 'Polygon', parts: [[raw]], hadHeights: false }, 'polygon') as PreparedZone;
    expect(zone.geometry).toEqual({ kind: 'polygon', parts: [[raw]] });
    expect(zone.areaM2 / groundM2(square)).toBeCloseTo(1, 6);
    expect(zone.box).toEqual({ minLon: 112.5, minLat: 26.9, maxLon: raw[2], maxLat: raw[5] });
    expect([zone.lengthM, zone.repairs]).toEqual([0, []]);
  });

  it('may have holes, islands in them, holes that touch the shell at a corner, and parts that touch', () => {
    const touching = [a, [20, 30], [30, 20], a];
    const zone = taken([[square, box(40, 40, 40).reverse(), touching], [box(50, 50, 10)], [box(100, 100, 9)]]);
    expect(zone.repairs).toEqual([]);
    expect(corners(zone)).toEqual([[4, 4, 3], [4], [4]]);
    const wanted =
      groundM2(square) -
      groundM2(box(40, 40, 40)) -
      groundM2(touching) +
      groundM2(box(0, 0, 10)) +
      groundM2(box(0, 0, 9));
    expect(zone.areaM2 / wanted).toBeCloseTo(1, 5);
  });

  it('of many corners is taken as it is too', () => {
    const ring = starRing(seeded(1), 3000, 5000);
    const zone = taken([[ring]]);
    expect([corners(zone), zone.repairs]).toEqual([[[3000]], []]);
    expect(zone.areaM2 / groundM2(ring)).toBeCloseTo(1, 6);
  });
});

describe('what is safe to put right is, and reported:', () => {
  it.each<[what: string, parts: Ring[][], line: string | RegExp, areaM2: number]>([
    ['an open ring', [[square.slice(0, 4)]], 'a ring was closed', 10_000],
    ['repeated points', [[square.flatMap((p) => [p, p])]], 'a repeated point was dropped (5 times)', 10_000],
    ['a spike', [[[a, b, [170, 30], b, c, d, a]]], /a spike was cut off/, 10_000],
    ['a spike along a side', [[[a, [140, 0], b, c, d, a]]], 'a spike was cut off', 10_000],
    ['a spike where the ring begins', [[[[-50, -50], a, b, c, d, a, [-50, -50]]]], /a spike was cut off/, 10_000],
    ['a shell that turns clockwise', [[[...square].reverse()]], 'a shell was turned anticlockwise', 10_000],
    ['a hole that turns anticlockwise', [[square, box(20, 20, 20)]], 'a hole was turned clockwise', 9600],
    ['a part without area', [[square], [[a, c, a, c]]], /a part without area was left out/, 10_000],
    ['a hole without area', [[square, [a, c, a, c]]], /a hole without area was left out/, 10_000],
    ['a hole along the shell', [[square, box(0, 20, 20).reverse()]], /a hole that met its shell .* was joined/, 9600],
    [
      'a hole out of its shell',
      [[square, box(90, 20, 20).reverse()]],
      /a hole stuck out of its shell by 19\d m²/,
      9800,
    ],
    [
      'a hole outside its shell',
      [[square, box(190, 20, 20).reverse()]],
      /a hole of 39\d m² outside its shell was taken as a part/,
      10_400,
    ],
    [
      'a hole listed with another part',
      [[square, box(220, 20, 20).reverse()], [box(200, 0, 100)]],
      /a hole was listed with another part/,
      19_600,
    ],
    [
      'holes that overlap',
      [[square, box(20, 20, 20).reverse(), box(30, 30, 20).reverse()]],
      /holes overlapped; 9\d+\.?\d* m²|holes overlapped; 100 m²/,
      9300,
    ],
    ['parts that overlap', [[square], [box(90, 0, 100)]], /parts overlapped; 99\d m² were counted once/, 19_000],
    ['parts with a common border', [[square], [box(100, 0, 100)]], 'parts with a common border were joined', 20_000],
    [
      'an outline that touches itself',
      [[[a, [50, 50], b, c, [50, 50], d, a]]],
      'an outline that touched itself was parted there',
      5000,
    ],
    [
      'a figure-eight through a corner',
      [[[a, [50, 50], c, b, [50, 50], d, a]]],
      /its outline crossed itself at a corner near \[112\.5005\d+, 26\.9004\d+\] and was parted there: 249\d m² and 249\d m²/,
      5000,
    ],
    [
      'a loop of the digitiser',
      [[[a, b, [100, 50], [100.2, 50.2], [99.8, 50.2], [100, 50], c, d, a]]],
      /its outline crossed itself near|touched itself/,
      10_000,
    ],
  ])('%s', (_, parts, line, areaM2) => {
    const zone = taken(parts);
    expect(zone.repairs.join('; ')).toMatch(line);
    expect(zone.areaM2 / (groundM2(square) / 1e4) / areaM2).toBeCloseTo(1, 4);
    // Repaired once, it is sound.
    const again = prepareZone({ type: 'MultiPolygon', parts: zone.geometry.parts, hadHeights: false }, 'polygon');
    expect(again).toMatchObject({ repairs: [], areaM2: expect.closeTo(zone.areaM2, 6) });
  });

  it('turning is not reported where the format leaves it open, in the fast way and the thorough one', () => {
    const eitherWay = { shellsMayTurnEitherWay: true };
    const zone = taken([[[...square].reverse()]], 'Polygon', 'polygon', eitherWay);
    expect([zone.repairs, Math.sign(zone.areaM2)]).toEqual([[], 1]);
    expect(taken([[[...square].reverse(), box(20, 20, 20)]], 'Polygon', 'polygon', eitherWay).repairs).toEqual([]);
  });

  it('heights, and what a collection holds besides polygons', () => {
    expect(taken([[square]], 'Polygon Z').repairs).toEqual(['heights were left out']);
    const mixed = taken([[square]], 'GeometryCollection');
    expect([corners(mixed), mixed.repairs]).toEqual([[[4]], ['only the polygons of its GeometryCollection were kept']]);
  });
});

describe('a feature is left out, with the reason,', () => {
  it.each<[what: string, line: RegExp, ...Parameters<typeof prepare>]>([
    [
      'when two corners were swapped',
      /^crosses or overlaps itself near \[112\.5005\d+, 26\.9004\d+\], which leaves 249\d m² in doubt \(it encloses 249\d m², 249\d m²\)/,
      [[[a, c, b, d, a]]],
    ],
    [
      'when it goes round twice',
      /^crosses or overlaps itself near .* 99\d\d m² in doubt/,
      [[[a, b, c, d, a, b, c, d, a]]],
    ],
    [
      'when a part lies in a part',
      /^crosses or overlaps itself with parts inside one another, which leaves 39\d m² in doubt/,
      [[square], [box(30, 30, 20)]],
    ],
    [
      'when a hole lies in a hole',
      /^has a hole inside a hole, which leaves 39\d m² in doubt/,
      [[square, box(20, 20, 50).reverse(), box(30, 30, 20).reverse()]],
    ],
    ['without area', /^has no area$/, [[[a, b, [50, 0], a]]]],
    ['when a hole covers it', /^has no area$/, [[square, [...square].reverse()]]],
    ['of two points', /^has no area$/, [[[a, b]]]],
    ['of no points', /^has no area$/, [[[]]]],
    [
      'with a position that is no number',
      /^has the position \[NaN, 26\.9\]; wanted two finite numbers/,
      [[[a, [Number.NaN, 0], c, a]]],
    ],
    [
      'with an infinite position',
      /^has the position \[Infinity, 26\.9\]; wanted two finite numbers/,
      [[[a, [Infinity, 0], c, a]]],
    ],
    ['out of range', /^has the position \[\S+, \S+\]: the latitude is out of range/, [[[a, [0, 8e6], c, a]]]],
    ['that is empty', /^is an empty MultiPolygon$/, []],
    ['that is a point', /^is a Point; wanted a Polygon or MultiPolygon$/, [], 'Point'],
    ['that is a line', /^is a LineString; wanted a Polygon or MultiPolygon$/, [[[a, b]]], 'LineString'],
    [
      'that is a polygon among lines',
      /^is a Polygon; wanted a LineString or MultiLineString$/,
      [[square]],
      'Polygon',
      'line',
    ],
    ['that is a line without length', /^has no length$/, [[[a, a]]], 'LineString', 'line'],
    ['that is a point among either', /^is a MultiPoint; wanted polygons or lines$/, [], 'MultiPoint', 'either'],
  ])('%s', (_, line, ...args) => {
    expect(refused(...args)).toMatch(line);
  });

  it('when it runs exactly through one of its corners, and so turns round a place twice', () => {
    const grid = [
      [-2, 5],
      [0, 2],
      [4, 2],
      [2, 5],
      [-2, -1],
      [4, -3],
      [4, 5],
      [-2, 5],
    ];
    const ring = Float64Array.from(grid.flatMap(([x, y]) => [112.5 + x / 1024, 26.5 + y / 1024]));
    const result = prepareZone({ type: 'Polygon', parts: [[ring]], hadHeights: false }, 'polygon');
    expect(result).toEqual({ rejected: expect.stringMatching(/^crosses or overlaps itself near .* in doubt/) });
  });

  it('whatever its numbers are: nothing throws', () => {
    const wild = fc.oneof(fc.double({ min: 112, max: 112.01 }), fc.integer({ min: 0, max: 3 }), fc.double());
    const path = fc.array(wild, { maxLength: 16 }).map((values) => Float64Array.from(values.slice(values.length % 2)));
    const parts = fc.array(fc.array(path, { maxLength: 3 }), { maxLength: 3 });
    const types = fc.constantFrom('Polygon', 'MultiPolygon', 'MultiLineString', 'GeometryCollection', 'Point', '');
    const kinds = fc.constantFrom('polygon' as const, 'line' as const, 'either' as const);
    fc.assert(
      fc.property(types, parts, kinds, fc.boolean(), (type, paths, kind, hadHeights) => {
        const result = prepareZone({ type, parts: paths, hadHeights }, kind);
        if ('rejected' in result) expect(result.rejected).toMatch(/^(is|has|crosses) [^\n]+$/);
        else expect(result.areaM2 + result.lengthM).toBeGreaterThan(0);
      }),
      { seed: 4, numRuns: 3000 },
    );
  });
});

describe('a line', () => {
  it('has its length on the ellipsoid and may cross itself', () => {
    const path = [a, [4000, 3000], [4000, 0], [0, 3000]];
    const zone = taken([[path]], 'LineString', 'either');
    const places = ringAt([112.5, 26.9], path);
    const wanted = places.slice(1).reduce((sum, to, i) => sum + geodesicDistanceM(places[i], to), 0);
    expect(zone.geometry.kind).toBe('line');
    expect([zone.lengthM / wanted, zone.areaM2, zone.repairs]).toEqual([expect.closeTo(1, 6), 0, []]);
  });

  it('loses repeated points, and parts without length', () => {
    const zone = taken([[[a, a, b]], [[c, c]]], 'MultiLineString M', 'line');
    expect(zone.geometry.parts).toHaveLength(1);
    expect(zone.repairs).toEqual(['a repeated point was dropped (2 times)', 'a line without length was left out']);
  });
});

describe('a ring of a million corners', () => {
  const ring = (corner: (angle: number, i: number) => number[]) => {
    const count = 1_000_000;
    const flat = new Float64Array(2 * count + 2);
    for (let i = 0; i < count; i++) flat.set(corner((i / count) * 2 * Math.PI, i), 2 * i);
    flat.set(flat.subarray(0, 2), 2 * count);
    return prepareZone({ type: 'Polygon', parts: [[flat]], hadHeights: false }, 'polygon');
  };

  it('is taken, within ten seconds of one core', () => {
    const before = process.cpuUsage();
    const result = ring((angle) => [112.5 + 0.5 * Math.cos(angle), 26.9 + 0.5 * Math.sin(angle)]);
    const { user, system } = process.cpuUsage(before);
    expect(result).toMatchObject({ repairs: [] });
    expect((user + system) / 1e6).toBeLessThan(10);
  });

  it('that is a scribble is refused', () => {
    const random = seeded(9);
    expect(ring(() => [112 + random(), 26 + random()])).toEqual({
      rejected: 'crosses itself in too many places to be put right; wanted a simple outline',
    });
  });
});
