import { eventHash, GENESIS } from '../../../services/audit/event-chain.ts';
import { stateNames } from '../../../services/lifecycle/transitions.ts';
import { insertDetections, insertPlaces } from '../../../services/store/detections.ts';
import { insertRows } from '../../../services/store/insert.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { insertOverlaps, insertPatches } from '../../../services/store/patches.ts';
import { beginRun } from '../../../services/store/runs.ts';
import { insertZones, nextZoneId } from '../../../services/store/zones.ts';
import { seededRandom } from '../../support/random.ts';
import { detectionRow, eventRow, layerRow, patchRow, placeRow, runRow, zoneRow } from '../../support/rows.ts';

/** A prefecture's year: what lists, figures, tiles and feeds are measured on. */

export const COUNTIES: readonly [code: string, name: string][] = [
  ...(['430405珠晖区', '430406雁峰区', '430407石鼓区', '430408蒸湘区', '430412南岳区', '430421衡阳县'] as const),
  ...(['430422衡南县', '430423衡山县', '430424衡东县', '430426祁东县', '430481耒阳市', '430482常宁市'] as const),
].map((text) => [text.slice(0, 6), text.slice(6)]);
export const MONTHS = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`);
export const TYPES = ['built', 'road', 'bare', 'water', 'vegetation-loss', 'greenhouse', 'solar', 'unknown'] as const;
export const THEMES = ['illegal-land-use', 'farmland-quantity', 'farmland-use', 'red-line'] as const;
export const STATES_USED = ['found', 'dismissed', 'warned', 'acknowledged', 'verified', 'judged', 'closed', 'resolved'];
export const PEOPLE = ['李明', '王芳', '张伟', '刘洋', '陈静'] as const;
const LAYERS = ['farmland', 'permanent-farmland', 'red-line'] as const;

/** Degrees of the prefecture, and of one county's square in it. */
export const AREA = { minLon: 111.5, minLat: 26.1, maxLon: 113.2, maxLat: 27.5 };
const OPEN = new Set(stateNames('patch', { outcome: 'open' }));
const PAGE = 2000;

interface Ground {
  /** Ids of zones by layer. */
  zones: Record<string, number[]>;
}

/** Fills an empty workspace with `count` patches of twelve months, with every index, trigger and the chain of events. */
export async function plantYear(path: string, count: number): Promise<void> {
  const store = await openStore({ sqlite: path });
  const ground = await plantGround(store);
  for (const month of MONTHS) await beginRun(store.db, runRow({ id: `run-${month}`, month, district: null }));
  const chain = { seq: 0, hash: GENESIS };
  const random = seededRandom(7);
  for (let first = 0; first < count; first += PAGE) {
    const size = Math.min(PAGE, count - first);
    await plantPage(store, ground, { first, size, count, random, chain });
  }
  await store.close();
}

async function plantGround({ db }: Store): Promise<Ground> {
  const zones: Ground['zones'] = {};
  for (const [i, name] of ['districts', ...LAYERS].entries()) {
    const { seq: _, ...layer } = layerRow({ id: `l${i}`, name, sha256: `l${i}`, validFrom: '2024-01-01' });
    await insertLayer(db, layer);
    let id = await nextZoneId(db);
    const rows =
      name === 'districts'
        ? COUNTIES.map(([externalId, zone]) =>
            zoneRow({ id: id++, layerId: `l${i}`, externalId, name: zone, district: externalId, ...AREA }),
          )
        : Array.from({ length: 300 }, () => zoneRow({ id: id++, layerId: `l${i}`, landClass: '0101', ...AREA }));
    await insertZones(db, rows);
    zones[name] = rows.map((row) => row.id);
  }
  return { zones };
}

interface Page {
  first: number;
  size: number;
  count: number;
  random: () => number;
  chain: { seq: number; hash: string };
}

async function plantPage({ db }: Store, ground: Ground, { first, size, count, random, chain }: Page): Promise<void> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const rows = Array.from({ length: size }, (_, i) => seedOf(first + i, count, random));
  await db.transaction().execute(async (trx) => {
    await insertPlaces(
      trx,
      rows.map(({ placeId, district, month }) => placeRow({ id: placeId, district, firstMonth: month })),
    );
    await insertDetections(trx, rows.map(detectionOf));
    await insertPatches(
      trx,
      rows.map(({ runId: _, beforeDate: _1, afterDate: _2, ...row }) => patchRow(row)),
    );
    await insertOverlaps(
      trx,
      rows.flatMap(({ id, district, areaM2 }) =>
        LAYERS.filter(() => random() < 0.5).map((layer) => {
          return { patchId: id, district, layer, zoneId: pick(ground.zones[layer]), areaM2: areaM2 / 2 };
        }),
      ),
    );
    const themes = rows.map(({ id }) => ({
      patchId: id,
      theme: pick(THEMES),
      edition: '1',
      severity: 'ordinary',
      becauseJson: '[]',
    }));
    await insertRows(trx, 'patch_themes', themes);
    await insertRows(
      trx,
      'events',
      rows.flatMap((row) => eventsOf(row, pick, chain)),
    );
  });
}

type Seed = ReturnType<typeof seedOf>;

function seedOf(n: number, count: number, random: () => number) {
  const perMonth = Math.ceil(count / MONTHS.length);
  const month = MONTHS[Math.floor(n / perMonth)];
  const place = Math.floor(random() * COUNTIES.length);
  const [district] = COUNTIES[place];
  const sequence = String(n % perMonth).padStart(6, '0');
  const lon = AREA.minLon + ((place % 4) + random()) * 0.42;
  const lat = AREA.minLat + (Math.floor(place / 4) + random()) * 0.46;
  const state = STATES_USED[Math.floor(random() * STATES_USED.length)];
  const day = (offset: number) => new Date(Date.parse(`${month}-28T02:00:00Z`) + offset * 86_400_000).toISOString();
  return {
    ...{ id: `patch-${n}`, number: `${district}${month.replace('-', '')}${sequence}`, placeId: `place-${n}` },
    ...{ detectionId: `detection-${n}`, runId: `run-${month}`, month, district, state },
    type: TYPES[Math.floor(random() * TYPES.length)],
    areaM2: Math.round((200 + random() ** 4 * 20_000) * 100) / 100,
    score: 1 + random(),
    dueAt: OPEN.has(state) ? day(Math.floor(random() * 300)) : null,
    version: state === 'found' ? 1 : 2,
    ...{ minLon: lon, minLat: lat, maxLon: lon + 0.0004, maxLat: lat + 0.0004 },
    ...{ createdAt: day(0), updatedAt: day(state === 'found' ? 0 : 3) },
    ...{ beforeDate: `${month}-01`, afterDate: `${month}-26` },
  };
}

function detectionOf({
  detectionId,
  number: _,
  state: _1,
  dueAt: _2,
  version: _3,
  createdAt: _4,
  updatedAt: _5,
  ...row
}: Seed) {
  const { minLon, minLat, maxLon, maxLat } = row;
  const ring = [
    [minLon, minLat],
    [maxLon, minLat],
    [maxLon, maxLat],
    [minLon, maxLat],
    [minLon, minLat],
  ];
  return detectionRow({
    ...row,
    id: detectionId,
    geometryJson: JSON.stringify({ type: 'Polygon', coordinates: [ring] }),
  });
}

/** Its finding, and of what is no longer as it was found one step more, some of them with a note or a handler. */
function eventsOf(
  { id, district, state, createdAt, updatedAt, version }: Seed,
  pick: <T>(list: readonly T[]) => T,
  chain: Page['chain'],
) {
  const found = {
    subjectId: id,
    district,
    action: 'find',
    fromState: null,
    toState: 'found',
    actor: 'run',
    at: createdAt,
  };
  const rows = [eventRow({ ...found, id: `${id}-1`, payloadJson: '{"edition":"lifecycle-3"}' })];
  if (version > 1) {
    const payload = pick([{}, {}, {}, { note: '现场为推土，待复核' }, { assignee: pick(PEOPLE) }]);
    const action = 'assignee' in payload ? 'assign' : 'warn';
    rows.push(
      eventRow({
        ...found,
        id: `${id}-2`,
        action,
        fromState: 'found',
        toState: state,
        at: updatedAt,
        payloadJson: JSON.stringify(payload),
      }),
    );
  }
  return rows.map((event) => {
    const seq = ++chain.seq;
    const row = { ...event, seq, fromState: event.fromState ?? null, reason: null };
    const prevHash = chain.hash;
    chain.hash = eventHash(prevHash, row as Parameters<typeof eventHash>[1]);
    return { ...row, prevHash, hash: chain.hash };
  });
}
