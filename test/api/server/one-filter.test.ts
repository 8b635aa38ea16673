import { setTimeout as sleep } from 'node:timers/promises';
import { VectorTile } from '@mapbox/vector-tile';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { expect, it } from 'vitest';
import { addDuties } from '../../../services/people/add-duty.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { replacePatchThemes } from '../../../services/store/patch-themes.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { seededRandom } from '../../support/random.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { now, startService, type TestService } from './service.ts';

const counties = ['430421', '430422', '430481'];
const months = ['2025-04', '2025-05', '2025-06'];
const types = ['TD', '20', 'built', 'DT'];
const themes = ['farmland-quantity', 'red-line'];

/** Any question that the filter can put, as a query. */
const filters = fc
  .record(
    {
      month: fc.constantFrom(...months),
      district: fc.constantFrom('43', '4304', ...counties),
      type: fc.subarray(types, { minLength: 1 }).map(String),
      state: fc.subarray(['found', 'dismissed', 'warned', 'acknowledged'], { minLength: 1 }).map(String),
      stage: fc.constantFrom('find', 'warn', 'resolve'),
      overdue: fc.constantFrom('true', 'false'),
      minArea: fc.integer({ min: 0, max: 3000 }).map(String),
      maxArea: fc.integer({ min: 0, max: 6000 }).map(String),
      layer: fc.subarray(['farmland', 'red-line', 'rivers'], { minLength: 1 }).map(String),
      theme: fc.subarray(themes, { minLength: 1 }).map(String),
      bbox: fc
        .tuple(fc.double({ min: 112, max: 112.9, noNaN: true }), fc.double({ min: 26, max: 26.9, noNaN: true }))
        .map(([lon, lat]) => [lon, lat, lon + 0.4, lat + 0.4].map((degrees) => degrees.toFixed(5)).join()),
      text: fc.constantFrom('衡阳县', '推土', '现场', '4304', '2025060', '衡 推土', 'built', "'%_", '没有'),
      assignee: fc.constantFrom('李四', '王五', '赵六'),
      filter: fc.constantFrom(
        'areaM2 > 900',
        "type IN ('TD','20') AND NOT state = 'dismissed'",
        "district LIKE '43042%' OR score < 1",
        'S_INTERSECTS(geometry, POLYGON((112 26, 112.5 26, 112.5 27, 112 27, 112 26)))',
        'dueAt IS NULL',
      ),
      updatedSince: fc.constantFrom('2025-07-02T01:30:00Z', '2025-05-30T00:00:00Z'),
    },
    { requiredKeys: [] },
  )
  // Few at a time: else nothing is ever found.
  .chain((all) => fc.subarray(Object.entries(all), { maxLength: Math.min(3, Object.keys(all).length) }))
  .map((parts) => new URLSearchParams(parts).toString());

async function plant(store: Store): Promise<string[]> {
  const random = seededRandom(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  for (const [i, code] of counties.entries())
    await plantZone(store, 'districts', code, ['衡阳县', '衡南县', '耒阳市'][i]);
  const zones = [await plantZone(store, 'farmland', 'F1', '水田'), await plantZone(store, 'red-line', 'R1', '红线')];
  await addDuties(
    store,
    [
      { person: '王五', duty: 'handler', district: '4304', from: '2025-01-01' },
      { person: '赵六', duty: 'handler', district: '430422', from: '2025-01-01' },
    ],
    { actor: 'desk', at: now },
  );
  const ids: string[] = [];
  for (let i = 0; i < 60; i++) {
    const month = pick(months);
    const overlaps = zones.flatMap((zoneId, n) => {
      return random() < 0.4 ? [{ zoneId, layer: ['farmland', 'red-line'][n], areaM2: 100 }] : [];
    });
    const seed = { month, district: pick(counties), type: pick(types), areaM2: 100 + random() ** 2 * 5000, overlaps };
    const corner = { lon: 112.1 + random() * 0.8, lat: 26.1 + random() * 0.8 };
    const box = [
      [0, 0],
      [0.001, 0],
      [0.001, 0.001],
      [0, 0],
    ].map(([x, y]) => [corner.lon + x, corner.lat + y]);
    const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [box] });
    const foundAt = new Date(`${month}-28T02:00:00Z`);
    const id = await plantPatch(store, { ...seed, ...corner, geometryJson, foundAt });
    const steps = pick(['', '', 'warn', 'warn', 'dismiss', 'assign', 'warn assign', 'warn acknowledge']);
    if (steps !== '')
      await takeSteps(store, id, steps, { at: new Date(foundAt.getTime() + 3_600_000), given: { note: '现场为推土' } });
    const of = themes.filter(() => random() < 0.3);
    const rows = of.map((theme) => ({ patchId: id, theme, edition: '1', severity: 'minor', becauseJson: '[]' }));
    await replacePatchThemes(store.db, [id], rows);
    ids.push(id);
  }
  return ids;
}

interface Told {
  /** Where it was told, and of which state. */
  at: string;
  snapshot: string;
  patches: number;
  areaM2?: number;
  numbers?: string[];
}

describeOnBothStores('One filter', (_openFresh, { dialect, freshLocation }) => {
  const ask = async (service: TestService, path: string) => {
    const response = await service.ask(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  /** A tile's tag begins with it. */
  const snapshotIn = ({ headers }: Response) =>
    headers.get('tuban-snapshot') ?? /^"(\d+\.[\w-]{8})\./.exec(headers.get('etag') ?? '')![1];

  async function told(service: TestService, query: string): Promise<Told[]> {
    const sums = async (): Promise<Told[]> => {
      const response = await ask(service, `/patches/statistics?${query}&by=state,type,district,month`);
      const { total, groups } = (await response.json()) as {
        total: { patches: number; areaM2: number };
        groups: { by: string; values: { patches: number; areaM2: number }[] }[];
      };
      const snapshot = snapshotIn(response);
      return [
        { at: 'statistics', snapshot, ...total },
        ...groups.map(({ by, values }) => ({
          ...{ at: `statistics by ${by}`, snapshot },
          patches: values.reduce((sum, one) => sum + one.patches, 0),
          areaM2: values.reduce((sum, one) => sum + Math.round(one.areaM2 * 1000), 0) / 1000,
        })),
      ];
    };
    const list = async (): Promise<Told[]> => {
      const response = await ask(service, `/patches?${query}&limit=1000`);
      const page = (await response.json()) as { patches: { number: string; areaM2: number }[]; total: number };
      const areaM2 = page.patches.reduce((sum, { areaM2 }) => sum + Math.round(areaM2 * 1000), 0) / 1000;
      const numbers = page.patches.map(({ number }) => number);
      const snapshot = snapshotIn(response);
      return [{ at: 'list', snapshot, patches: page.total, areaM2, numbers }];
    };
    const features = async (): Promise<Told[]> => {
      const response = await ask(service, `/collections/patches/items?${query}&limit=1000`);
      const page = (await response.json()) as { numberMatched: number; features: { properties: { number: string } }[] };
      const numbers = page.features.map(({ properties }) => properties.number);
      return [{ at: 'features', snapshot: snapshotIn(response), patches: page.numberMatched, numbers }];
    };
    const file = async (): Promise<Told[]> => {
      const response = await ask(service, `/patches/export?${query}&f=csv`);
      const lines = (await response.text()).trimEnd().split(/\r?\n/).slice(1);
      const numbers = lines.map((line) => line.split(',')[2]);
      return [{ at: 'export', snapshot: snapshotIn(response), patches: numbers.length, numbers }];
    };
    const tile = async (): Promise<Told[]> => {
      const response = await ask(service, `/tiles/patches/0/0/0.mvt?${query}`);
      const layer = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer()))).layers['patches'];
      return [{ at: 'tile', snapshot: snapshotIn(response), patches: layer?.length ?? 0 }];
    };
    return (await Promise.all([sums(), list(), features(), file(), tile()])).flat();
  }

  /** What was told of one state is the same, however it was asked for. */
  function expectOneAnswer(answers: readonly Told[]): void {
    for (const same of Map.groupBy(answers, ({ snapshot }) => snapshot).values()) {
      const [first] = same;
      expect(same.map(({ at, patches }) => [at, patches])).toEqual(same.map(({ at }) => [at, first.patches]));
      const areas = same.flatMap(({ at, areaM2 }) => (areaM2 === undefined ? [] : [[at, areaM2]]));
      for (const [at, areaM2] of areas) expect([at, areaM2]).toEqual([at, expect.closeTo(areas[0][1] as number, 3)]);
      const lists = same.flatMap(({ numbers }) => (numbers === undefined ? [] : [numbers]));
      for (const numbers of lists) expect(numbers).toEqual(lists[0]);
    }
  }

  it('gives list, pages, statistics, features, export and tile the same patches, for any question', async () => {
    const service = await startService({ location: await freshLocation() });
    await plant(service.store);
    const sizes: number[] = [];
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 5, max: 40 }), async (query, limit) => {
        const answers = await told(service, query);
        expect(new Set(answers.map(({ snapshot }) => snapshot)).size).toBe(1);
        expectOneAnswer(answers);
        const paged: string[] = [];
        for (let cursor: string | null = ''; cursor !== null; ) {
          const path: string = `/patches?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`;
          const page = (await (await ask(service, path)).json()) as {
            patches: { number: string }[];
            next: string | null;
          };
          paged.push(...page.patches.map(({ number }) => number));
          cursor = page.next;
        }
        expect(paged).toEqual(answers.find(({ at }) => at === 'list')!.numbers);
        sizes.push(paged.length);
      }),
      { seed: 22, numRuns: 200 },
    );
    // Questions that find nothing would agree whatever the filter did.
    expect(sizes.filter((size) => size > 0 && size < 60).length).toBeGreaterThan(60);
    await service.store.close();
  }, 120_000);

  it('gives them the same of one snapshot while another connection writes, and a new snapshot for what it wrote', async () => {
    const location = await freshLocation();
    const service = await startService({ location });
    const ids = await plant(service.store);
    const writer = await openStore(location);
    let writing = true;
    const write = async () => {
      for (let i = 0; writing; i = (i + 1) % ids.length) {
        const { state } = await writer.db
          .selectFrom('patches')
          .select('state')
          .where('id', '=', ids[i])
          .executeTakeFirstOrThrow();
        const step =
          { found: 'dismiss', dismissed: 'reinstate', warned: 'assign', acknowledged: 'assign' }[state] ?? 'assign';
        await takeSteps(writer, ids[i], step, {
          at: new Date('2025-07-02T01:00:00Z'),
          given: { assignee: i % 2 ? '王五' : '李四' },
        });
        await sleep(2);
      }
    };
    const work = write().finally(() => writer.close());
    const snapshots = new Set<string>();
    const asserted = fc.assert(
      fc.asyncProperty(filters, async (query) => {
        const answers = [...(await told(service, query)), ...(await told(service, query))];
        for (const { snapshot } of answers) snapshots.add(snapshot);
        expectOneAnswer(answers);
      }),
      { seed: 23, numRuns: dialect === 'sqlite' ? 40 : 25 },
    );
    await asserted.finally(() => {
      writing = false;
      return work;
    });
    expect(snapshots.size).toBeGreaterThan(20);
    await service.store.close();
  }, 120_000);

  it('answers 304 to who has the snapshot, and no more once a step was taken or a due date has passed', async () => {
    let at = now;
    const service = await startService({ location: await freshLocation(), services: { now: () => at } });
    const [id] = await plant(service.store);
    for (const path of ['/patches?overdue=true', '/patches?text=430421', '/patches/statistics?by=state']) {
      const tag = (await ask(service, path)).headers.get('etag')!;
      const again = () => service.ask(path, { headers: { 'If-None-Match': tag } });
      expect((await again()).status, path).toBe(304);
      const { due } = await service.store.db
        .selectFrom('patches')
        .select((eb) => eb.fn.min('dueAt').as('due'))
        .where('dueAt', '>', at.toISOString())
        .executeTakeFirstOrThrow();
      at = new Date(Date.parse(due!) + 1);
      expect((await again()).status, path).toBe(200);
    }
    const tag = (await ask(service, '/patches')).headers.get('etag')!;
    await takeSteps(service.store, id, 'assign');
    expect((await service.ask('/patches', { headers: { 'If-None-Match': tag } })).status).toBe(200);
    await service.store.close();
  });
});
