import { closeMonth } from '../../../services/cycle/close.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { addGaugeInput } from '../../../services/store/gauge-inputs.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import type { Store } from '../../../services/store/open.ts';
import { addScene } from '../../../services/store/scenes.ts';
import { insertZones, nextZoneId } from '../../../services/store/zones.ts';
import { fromGeoJson, toWkb } from '../../../services/zones/geometry/wkb.ts';
import { plantPatch } from '../../support/patches.ts';
import { seededRandom } from '../../support/random.ts';
import { layerRow, sceneRow, zoneRow } from '../../support/rows.ts';
import { completeMove } from '../../support/steps.ts';

/** A made prefecture of fourteen counties whose months are worked on, so that every part of a report says something. */

export const COUNTIES: readonly [code: string, name: string, patches: number][] = [
  ['430405', '珠晖区', 12],
  ['430406', '雁峰区', 4],
  ['430407', '石鼓区', 11],
  ['430408', '蒸湘区', 13],
  ['430412', '南岳区', 2],
  ['430421', '衡阳县', 24],
  ['430422', '衡南县', 22],
  ['430423', '衡山县', 14],
  ['430424', '衡东县', 16],
  ['430426', '祁东县', 18],
  ['430481', '耒阳市', 26],
  ['430482', '常宁市', 19],
  ['430483', '松柏新区', 10],
  ['430484', '白沙示范区', 12],
];

export const MONTHS = ['2025-05', '2025-06', '2025-07'];
const TYPES = ['built', 'road', 'bare', 'water', 'greenhouse'];

/** Counties, farmland, figures entered, and three months found, issued and worked on; the first two closed. */
export async function plantPrefecture(store: Store, seed = 7, share = 1): Promise<void> {
  const random = seededRandom(seed);
  await plantCounties(store);
  const farmland = await plantFarmland(store);
  await enterFigures(store);
  for (const [k, month] of MONTHS.entries()) {
    const at = new Date(Date.UTC(2025, 5 + k, 2, 2));
    await plantScenes(store, month, at);
    const patches = [];
    for (const [n, [district, , count]] of COUNTIES.entries()) {
      for (let i = 0; i < Math.ceil(count * share); i++) {
        const areaM2 = Math.round((400 + 9000 * random() ** 3) * 100) / 100;
        const [lon, lat] = placeIn(n, random);
        const overlaps = overlapsOf(farmland, areaM2, random);
        const type = TYPES[Math.floor(random() * TYPES.length)];
        patches.push({
          id: await plantPatch(store, { month, district, areaM2, lon, lat, type, foundAt: at, overlaps }),
          areaM2,
        });
      }
    }
    await finishRun(store, month, at, random);
    const doing = { month, actor: '王主任' };
    await openMonth(store, { ...doing, at });
    await issueMonth(store, { ...doing, at: later(at, 1) });
    await workOn(store, patches, later(at, 3), random);
    if (k < 2) await closeMonth(store, { ...doing, at: later(at, 27) });
  }
}

/** The way of a breach, and where it may end before. */
const WAY = [
  ...['acknowledge', 'verify', 'judge', 'submit', 'approve', 'approve', 'approve'],
  ...['rectify-before-filing', 'submit-closure', 'resolve'],
];

async function workOn(
  store: Store,
  patches: readonly { id: string; areaM2: number }[],
  from: Date,
  random: () => number,
): Promise<void> {
  for (const { id, areaM2 } of patches) {
    const roll = random();
    const steps =
      roll < 0.12 ? ['acknowledge', 'verify', 'close-false-change'] : WAY.slice(0, 2 + Math.floor(9 * random()));
    const judgement = random() < 0.75 ? 'illegal-construction' : 'lawful';
    let at = from;
    for (const action of steps) {
      at = later(at, 1);
      const { state } = await store.db
        .selectFrom('patches')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const given = {
        judgement,
        cause: random() < 0.5 ? 'patrol-gap' : 'approval-gap',
        remedy: { demolishedM2: areaM2 },
      };
      const move = completeMove({ subject: 'patch', id, action, at }, state, given);
      const moved = await transition(store, move).then(
        () => true,
        () => false,
      );
      if (!moved) break;
    }
  }
}

async function plantCounties({ db }: Store): Promise<void> {
  const { seq: _, ...version } = layerRow({
    id: 'districts',
    name: 'districts',
    sha256: 'd'.repeat(64),
    validFrom: '2024-01-01',
  });
  await insertLayer(db, version);
  for (const [n, [code, name]] of COUNTIES.entries()) {
    const [west, south] = cornerOf(n);
    const ring = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k): [number, number] => {
      const turn = (k % 8) * (Math.PI / 4);
      const reach = 0.115 + 0.012 * Math.sin(3 * turn + n);
      return [west + 0.12 + reach * Math.cos(turn), south + 0.11 + 0.92 * reach * Math.sin(turn)];
    });
    const geometry = toWkb(fromGeoJson({ type: 'Polygon', coordinates: [ring] }));
    const box = { minLon: west, minLat: south, maxLon: west + 0.24, maxLat: south + 0.22 };
    const id = await nextZoneId(db);
    await insertZones(db, [
      zoneRow({ id, layerId: 'districts', externalId: code, name, district: code, geometry, areaM2: 4e8, ...box }),
    ]);
  }
}

async function plantFarmland({ db }: Store): Promise<{ farmland: number; basic: number }> {
  const ids = { farmland: 0, basic: 0 };
  for (const [key, name] of [
    ['farmland', 'farmland'],
    ['basic', 'permanent-basic-farmland'],
  ] as const) {
    const { seq: _, ...version } = layerRow({ id: name, name, sha256: name, validFrom: '2024-01-01' });
    await insertLayer(db, version);
    ids[key] = await nextZoneId(db);
    await insertZones(db, [zoneRow({ id: ids[key], layerId: name, externalId: '1', landClass: '0101' })]);
  }
  return ids;
}

async function enterFigures({ db }: Store): Promise<void> {
  const enteredAt = '2025-01-05T02:00:00.000Z';
  const enter = (district: string, name: string, value: number, unit: string) =>
    addGaugeInput(db, { district, year: '2025', name, value, unit, source: 'made up', enteredAt });
  for (const [k, [code]] of COUNTIES.entries()) {
    if (k % 3 !== 0) continue;
    await enter(code, 'farmlandFloor', 26_000 + 100 * k, 'ha');
    await enter(code, 'farmlandStock', 26_050 + 90 * k, 'ha');
  }
  await enter('43', 'provinceIssued', 9000, 'count');
  await enter('43', 'provinceFarmland', 12_000, 'mu');
}

async function plantScenes({ db }: Store, month: string, at: Date): Promise<void> {
  for (let n = 0; n < 4; n++) {
    const id = `${month}-${n}`.replaceAll('-', 'a');
    const [west, south] = cornerOf(4 * n);
    const box = { minLon: west, minLat: south, maxLon: west + 0.7, maxLat: south + 0.25 };
    await addScene(db, sceneRow({ id, sha256: id, date: `${month}-1${n}`, addedAt: at.toISOString(), ...box }));
  }
}

/** The run that found them, done, with what it saw. */
async function finishRun({ db }: Store, month: string, at: Date, random: () => number): Promise<void> {
  const afters = [0, 1, 2].map((n) => ({ id: `${month}-${n}`.replaceAll('-', 'a') }));
  const planJson = JSON.stringify({ detectorVersion: month < '2025-07' ? 'tuban-1.3' : 'tuban-1.4', afters });
  const id = `run-${month}`;
  await db
    .updateTable('runs')
    .set({ state: 'done', finishedAt: at.toISOString(), planJson })
    .where('id', '=', id)
    .execute();
  for (const { id: after } of afters.slice(0, 2)) {
    await db
      .insertInto('cells')
      .values({ runId: id, key: `model:before-${after}`, district: null, result: new Uint8Array(1) })
      .execute();
  }
  for (const [district] of COUNTIES) {
    const [cloudM2, noImageM2] = [Math.round(6e7 * random()), Math.round(2e7 * random())];
    await db
      .insertInto('coverage')
      .values({ runId: id, district, totalM2: 4e8, observedM2: 4e8 - cloudM2 - noImageM2, cloudM2, noImageM2 })
      .execute();
  }
}

function overlapsOf({ farmland, basic }: { farmland: number; basic: number }, areaM2: number, random: () => number) {
  if (random() < 0.3) return [];
  const taken = Math.round(areaM2 * random() * 100) / 100;
  const overlaps = [{ zoneId: farmland, layer: 'farmland', areaM2: taken }];
  if (random() < 0.4)
    overlaps.push({ zoneId: basic, layer: 'permanent-basic-farmland', areaM2: Math.round(taken * 50) / 100 });
  return overlaps;
}

function cornerOf(n: number): [number, number] {
  return [111.9 + 0.245 * (n % 4) + 0.05 * (Math.floor(n / 4) % 2), 27.3 - 0.225 * Math.floor(n / 4)];
}

function placeIn(n: number, random: () => number): [number, number] {
  const [west, south] = cornerOf(n);
  return [west + 0.06 + 0.12 * random(), south + 0.05 + 0.12 * random()];
}

function later(at: Date, days: number): Date {
  return new Date(at.getTime() + days * 86_400_000);
}
