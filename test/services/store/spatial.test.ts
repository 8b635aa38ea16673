import { CompiledQuery, sql } from 'kysely';
import { expect, it } from 'vitest';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { insertDetections, insertPlaces } from '../../../services/store/detections.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import type { Store } from '../../../services/store/open.ts';
import { insertOverlaps, insertPatches } from '../../../services/store/patches.ts';
import { beginRun } from '../../../services/store/runs.ts';
import { type SpatialTable, whereInBox } from '../../../services/store/spatial.ts';
import { insertZones } from '../../../services/store/zones.ts';
import { detectionRow, layerRow, patchRow, placeRow, runRow, zoneRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const COUNT = 400;

/** Numbers 0-1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomBoxes(count: number, seed: number, largest: number): LonLatBox[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const [minLon, minLat] = [106 + random(), 29 + random()];
    return { minLon, minLat, maxLon: minLon + largest * random(), maxLat: minLat + largest * random() };
  });
}

async function fill({ db }: Store, boxes: LonLatBox[]): Promise<void> {
  await insertLayer(db, layerRow());
  await beginRun(db, runRow());
  await insertPlaces(
    db,
    boxes.map((_, i) => placeRow({ id: `p${i}` })),
  );
  await insertZones(
    db,
    boxes.map((box, i) => zoneRow({ id: i, ...box })),
  );
  await insertDetections(
    db,
    boxes.map((box, i) => detectionRow({ id: `i${i}`, placeId: `p${i}`, ...box })),
  );
  const ids = (i: number) => ({ id: `i${i}`, placeId: `p${i}`, detectionId: `i${i}`, number: `${i}` });
  await insertPatches(
    db,
    boxes.map((box, i) => patchRow({ ...ids(i), ...box })),
  );
}

/** The numbers in the ids of the rows whose box meets a box. */
async function numbersInBox({ db, dialect }: Store, table: SpatialTable, box: LonLatBox): Promise<number[]> {
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where(whereInBox(dialect, table, box))
    .execute();
  return rows.map(({ id }) => Number(String(id).replace(/^\D/, ''))).sort((a, b) => a - b);
}

const meets = (a: LonLatBox, b: LonLatBox) =>
  a.minLon <= b.maxLon && a.maxLon >= b.minLon && a.minLat <= b.maxLat && a.maxLat >= b.minLat;

describeOnBothStores('The spatial index', (openFresh, place) => {
  it('finds exactly the boxes that meet, in every indexed table', async () => {
    const store = await openFresh();
    const boxes = randomBoxes(COUNT, 1, 0.05);
    await fill(store, boxes);
    for (const query of [...randomBoxes(20, 2, 0.2), ...boxes.slice(0, 5)]) {
      const expected = boxes.flatMap((box, i) => (meets(box, query) ? [i] : []));
      for (const table of ['zones', 'patches', 'detections'] as SpatialTable[]) {
        expect(await numbersInBox(store, table, query)).toEqual(expected);
      }
    }
  });

  it('counts touching as meeting, and a hair apart as not', async () => {
    const store = await openFresh();
    await insertLayer(store.db, layerRow());
    await insertZones(store.db, [zoneRow({ minLon: 106.1, maxLon: 106.2, minLat: 29.1, maxLat: 29.2 })]);
    const beside = (minLon: number) => ({ minLon, maxLon: 106.3, minLat: 29, maxLat: 30 });
    expect(await numbersInBox(store, 'zones', beside(106.2))).toEqual([1]);
    expect(await numbersInBox(store, 'zones', beside(106.2 + 1e-9))).toEqual([]);
  });

  it('follows rows that are moved or deleted', async () => {
    const store = await openFresh();
    const { db } = store;
    await insertLayer(db, layerRow());
    await insertZones(db, [zoneRow({ id: 1 }), zoneRow({ id: 2 })]);
    const here = { minLon: 106.5, minLat: 29.5, maxLon: 106.6, maxLat: 29.6 };
    const there = { minLon: 110, minLat: 30, maxLon: 111, maxLat: 31 };
    await db.updateTable('zones').set(there).where('id', '=', 1).execute();
    expect([await numbersInBox(store, 'zones', here), await numbersInBox(store, 'zones', there)]).toEqual([[2], [1]]);
    await db.deleteFrom('zones').where('id', '=', 1).execute();
    expect(await numbersInBox(store, 'zones', there)).toEqual([]);
    if (place.dialect === 'sqlite') {
      expect((await sql`select id from zones_box`.execute(db)).rows).toEqual([{ id: 2 }]);
    }
  });

  it('goes into any query, under an alias too', async () => {
    const store = await openFresh();
    const boxes = randomBoxes(50, 3, 0.05);
    await fill(store, boxes);
    const overlap = { zoneId: 0, layer: 'farmland', district: '500101', areaM2: 1 };
    await insertOverlaps(
      store.db,
      boxes.map((_, i) => ({ ...overlap, patchId: `i${i}` })),
    );
    const rows = await store.db
      .selectFrom('patches as p')
      .innerJoin('overlaps as o', 'o.patchId', 'p.id')
      .select('p.id')
      .where(whereInBox(store.dialect, 'patches', boxes[7], 'p'))
      .where('o.layer', '=', 'farmland')
      .orderBy('p.id')
      .execute();
    const inBox = await numbersInBox(store, 'patches', boxes[7]);
    expect(rows.map(({ id }) => Number(id.slice(1))).sort((a, b) => a - b)).toEqual(inBox);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('is used: the plan does not read the whole table', async () => {
    const store = await openFresh();
    await fill(store, randomBoxes(COUNT, 4, 0.01));
    const box = randomBoxes(1, 5, 0.01)[0];
    const query = store.db
      .selectFrom('zones')
      .select('id')
      .where(whereInBox(store.dialect, 'zones', box));
    if (store.dialect === 'postgres') await sql`analyze zones`.execute(store.db);
    const explain = store.dialect === 'sqlite' ? 'explain query plan' : 'explain';
    const { sql: text, parameters } = query.compile();
    const { rows } = await store.db.executeQuery(CompiledQuery.raw(`${explain} ${text}`, [...parameters]));
    const plan = JSON.stringify(rows);
    expect(plan).toMatch(store.dialect === 'sqlite' ? /SCAN zones_box VIRTUAL TABLE INDEX/ : /Index Scan on zones_box/);
    expect(plan).not.toMatch(/SCAN zones[^_]|Seq Scan/);
  });
});
