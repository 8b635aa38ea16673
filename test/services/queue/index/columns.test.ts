import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Columns } from '../../../../services/queue/index/columns.ts';
import type { IndexRow } from '../../../../services/store/index-rows.ts';

const row = (place: number, edition: number): IndexRow => {
  const month = `2025-0${1 + (place % 3)}`;
  return {
    id: `p${place}`,
    number: `430421${month.replace('-', '')}${String(place).padStart(4, '0')}`,
    month,
    district: place % 2 === 0 ? '430421' : '430422',
    type: 'built',
    areaM2: 100 + edition,
    score: 1,
    state: `state-${edition % 4}`,
    dueAt: edition % 3 === 0 ? null : '2025-07-01T00:00:00.000Z',
    version: edition,
    ...{ minLon: place, minLat: 0, maxLon: place + 1, maxLat: 1, updatedAt: '2025-06-01T00:00:00.000Z' },
    ...{ beforeDate: '2025-05-20', afterDate: '2025-06-18', layers: ['farmland'], themes: [] },
  };
};

/** Everything that a filter could see, in the words of the rows. */
function seen(columns: Columns) {
  const { rows, numbers, codes, dictionaries } = columns;
  return rows.map((one, place) => [
    one,
    ...Object.values(numbers).map((column) => column[place]),
    ...Object.entries(codes).map(([name, column]) => dictionaries[name as 'state'].texts[column[place]]),
  ]);
}

it('columns that rows were added to and changed in are those that are made of all at once', () => {
  const place = fc.integer({ min: 0, max: 40 });
  const steps = fc.array(fc.uniqueArray(place, { maxLength: 12 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (changes) => {
      const all = new Map<string, IndexRow>();
      let columns = Columns.of([]);
      for (const [edition, places] of changes.entries()) {
        const rows = places.map((one) => row(one, edition));
        for (const one of rows) all.set(one.id, one);
        columns = columns.with(rows);
        const whole = Columns.of([...all.values()]);
        expect(seen(columns)).toEqual(seen(whole));
        for (const month of ['2025-01', '2025-02', '2025-03']) {
          expect(columns.ofMonth(month)).toEqual(whole.ofMonth(month));
        }
      }
    }),
    { seed: 6, numRuns: 300 },
  );
});
