import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { parseCql } from '../../../services/features/cql2/parse.ts';
import type { Condition } from '../../../services/features/cql2/tree.ts';
import { patchCondition } from '../../../services/features/patch-condition.ts';
import { PATCH_QUERYABLES } from '../../../services/features/queryables.ts';
import { listPatches } from '../../../services/queue/list.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const parse = (text: string) => parseCql(text, PATCH_QUERYABLES);

describe('A filter in CQL2 text', () => {
  it('binds NOT before AND before OR', () => {
    expect(parse("NOT areaM2 = 1 AND score > 2 OR state = 'found'")).toMatchObject({
      kind: 'or',
      conditions: [{ kind: 'and', conditions: [{ kind: 'not' }, { kind: 'compare' }] }, { kind: 'compare' }],
    });
  });

  it('takes words in any case, names in quotes, quotes in texts and times of any zone', () => {
    expect(parse(`"state" in ('it''s')`)).toEqual({ kind: 'in', property: 'state', values: ["it's"] });
    expect(parse("t_before(dueAt, timestamp('2025-06-01T08:00:00+08:00'))")).toMatchObject({
      comparison: '<',
      value: '2025-06-01T00:00:00.000Z',
    });
  });

  it.each([
    ['', /needs the name of a property .* at letter 1; got 'its end'/],
    ['areaM2 >', /needs a number at letter 9/],
    ["areaM2 > '3'", /needs a number at letter 10; got '3'/],
    ['colour = 1', /needs the name of a property \(number, .*got 'colour'/],
    ["afterDate > DATE('2025-02-30')", /needs a day such as/],
    ["dueAt > DATE('2025-02-03')", /needs a UTC time such as/],
    ["areaM2 LIKE '1%'", /needs a comparison, IN, BETWEEN or IS NULL/],
    ['areaM2 = 1 areaM2 = 2', /needs AND, OR or its end at letter 12/],
    ['S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))', /closed rings/],
    ['S_INTERSECTS(geometry, POINT(200 0))', /longitude and latitude/],
    ["state = 'found", /at letter 9/],
    [`${'('.repeat(60)}areaM2 = 1${')'.repeat(60)}`, /at most 40 brackets/],
    [`areaM2 = ${'1'.repeat(20_001)}`, /at most 20000 letters/],
    ['areaM2 = 1; drop table patches', /at letter 11/],
  ])('refuses %s, saying where', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('is read or refused, whatever is sent', () => {
    const words = ['(', ')', ',', 'AND', 'OR', 'NOT', 'areaM2', 'state', 'dueAt', "'x'", "'", '3', '=', '<>', 'IN'];
    const more = [
      'BETWEEN',
      'LIKE',
      'IS',
      'NULL',
      'S_INTERSECTS',
      'geometry',
      'POINT',
      'BBOX',
      'T_AFTER',
      'DATE',
      '\\',
    ];
    const piece = fc.oneof(fc.constantFrom(...words, ...more), fc.string({ maxLength: 4, unit: 'binary' }));
    const filter = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' '));
    const readOrRefused = (text: string) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
        expect((error as ServiceError).message).not.toMatch(/[\n\r]/);
      }
    };
    fc.assert(fc.property(filter, readOrRefused), { seed: 6, numRuns: 3000 });
  });
});

interface Row {
  number: string;
  type: string;
  areaM2: number;
  dueAt: string | null;
}

/** Filters as text, with what each means of a row: true, false or unknown (null), as SQL has it. */
interface Told {
  text: string;
  means(row: Row): boolean | null;
}
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const areas = fc.constantFrom(100, 200.5, 300, 400, 1000);
const types = fc.constantFrom('TD', 'td', '20', "it's", '*', '[a]', '50%', 'a_b');
const compares = fc.constantFrom<[string, (a: number, b: number) => boolean]>(
  ['=', (a, b) => a === b],
  ['<>', (a, b) => a !== b],
  ['<', (a, b) => a < b],
  ['>=', (a, b) => a >= b],
);
const leaf: fc.Arbitrary<Told> = fc.oneof(
  fc
    .tuple(compares, areas)
    .map(([[mark, is], b]) => ({ text: `areaM2 ${mark} ${b}`, means: (row: Row) => is(row.areaM2, b) })),
  fc.array(types as fc.Arbitrary<string>, { minLength: 1, maxLength: 3 }).map((list) => ({
    text: `type IN (${list.map(text).join(', ')})`,
    means: (row: Row) => list.includes(row.type),
  })),
  fc.tuple(areas, areas).map(([a, b]) => ({
    text: `areaM2 BETWEEN ${a} AND ${b}`,
    means: (row: Row) => row.areaM2 >= a && row.areaM2 <= b,
  })),
  types.map((one) => ({ text: `type LIKE ${text(`${one[0]}%`)}`, means: (row: Row) => row.type.startsWith(one[0]) })),
  types.map((one) => ({
    text: `type LIKE ${text(one.replaceAll(/[%_]/g, '\\$&'))}`,
    means: (row: Row) => row.type === one,
  })),
  fc.constant({ text: 'dueAt IS NULL', means: (row: Row) => row.dueAt === null }),
  fc.constant({
    text: "T_AFTER(dueAt, TIMESTAMP('2025-01-01T00:00:00Z'))",
    means: (row: Row) => (row.dueAt === null ? null : row.dueAt > '2025-01-01T00:00:00.000Z'),
  }),
);
const filters = fc.letrec<{ any: Told }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('any').map(({ text, means }) => ({
      text: `NOT (${text})`,
      means: (row: Row) => (means(row) === null ? null : !means(row)),
    })),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
      text: `(${a.text} AND ${b.text})`,
      means: (row: Row) => both(a.means(row), b.means(row)),
    })),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
      text: `((${a.text}) OR ${b.text})`,
      means: (row: Row) => either(a.means(row), b.means(row)),
    })),
  ),
})).any;
const both = (a: boolean | null, b: boolean | null) =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const either = (a: boolean | null, b: boolean | null) =>
  a === true || b === true ? true : a === null || b === null ? null : false;

describeOnBothStores('A filter in CQL2 text over patches', (openFresh) => {
  const numbersOf = async (store: Store, condition: Condition<readonly string[]>) => {
    const { patches, total } = await listPatches(
      store,
      { condition },
      { limit: 1000, at: new Date('2025-07-10T00:00:00Z') },
    );
    expect(total).toBe(patches.length);
    return patches.map(({ number }) => number);
  };

  it('means what it says, whatever is put together', async () => {
    const store = await openFresh();
    for (const type of ['TD', 'td', '20', "it's", '*', '[a]', '50%', 'a_b']) {
      for (const areaM2 of [100, 300]) await plantPatch(store, { type, areaM2 });
    }
    await store.db
      .updateTable('patches')
      .set({ dueAt: '2025-06-01T00:00:00.000Z' })
      .where('areaM2', '=', 100)
      .execute();
    const rows = await store.db.selectFrom('patches').selectAll().orderBy('number').execute();
    await fc.assert(
      fc.asyncProperty(filters, async ({ text, means }) => {
        const expected = rows.filter((row) => means(row) === true).map(({ number }) => number);
        expect(await numbersOf(store, await patchCondition(store.db, parseCql(text, PATCH_QUERYABLES), ''))).toEqual(
          expected,
        );
      }),
      { seed: 20, numRuns: 150 },
    );
  }, 60_000);

  it('finds what a place truly meets, not its box, and only what the asker may see', async () => {
    const store = await openFresh();
    const ring = (x: number) => [
      [x, 26],
      [x + 0.3, 26],
      [x, 26.3],
      [x, 26],
    ];
    const frame = [
      [114, 26],
      [114.3, 26],
      [114.3, 26.3],
      [114, 26.3],
      [114, 26],
    ];
    const hole = [
      [114.1, 26.1],
      [114.2, 26.1],
      [114.2, 26.2],
      [114.1, 26.2],
      [114.1, 26.1],
    ];
    const plant = (district: string, lon: number, coordinates: number[][][]) =>
      plantPatch(store, { district, lon, lat: 26, geometryJson: JSON.stringify({ type: 'Polygon', coordinates }) });
    await plant('430421', 112, [ring(112)]);
    await plant('430422', 113, [ring(113)]);
    await plant('430422', 114, [frame, hole]);
    await store.db
      .updateTable('patches')
      .set((eb) => ({ maxLon: eb('minLon', '+', 0.3), maxLat: 26.3 }))
      .execute();
    const meeting = async (wkt: string, within = '') =>
      numbersOf(
        store,
        await patchCondition(store.db, parseCql(`S_INTERSECTS(geometry, ${wkt})`, PATCH_QUERYABLES), within),
      );
    const corner = (x: number) => `POLYGON((${x + 0.25} 26.25, ${x + 0.3} 26.25, ${x + 0.3} 26.3, ${x + 0.25} 26.25))`;
    expect(await meeting(corner(112))).toEqual([]);
    expect(await meeting('POINT(112.1 26.1)')).toEqual(['4304212025060001']);
    expect(await meeting('LINESTRING(112.5 26.05, 113.05 26.05)')).toEqual(['4304222025060001']);
    expect(await meeting('BBOX(112, 26, 113.1, 26.1)')).toHaveLength(2);
    expect(await meeting('BBOX(112, 26, 113.1, 26.1)', '430422')).toEqual(['4304222025060001']);
    expect(await meeting('BBOX(114.12, 26.12, 114.18, 26.18)')).toEqual([]);
    expect(await meeting('BBOX(114.12, 26.12, 114.22, 26.18)')).toEqual(['4304222025060002']);
  });
});
