import { type Kysely, sql } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';
import type { ValidVersion } from './zone-versions.ts';

/** What an overlay needs of a zone. */
export interface ZoneUnder {
  id: number;
  layer: string;
  externalId: string;
  district: string | null;
  landClass: string | null;
  areaM2: number;
  /** WKB, lon/lat. */
  geometry: Uint8Array;
}

/** Boxes asked about in one statement. */
const BOXES = 1000;

/** A district lies under thousands of patches: geometries of this size and more are read once. */
const KEPT_BYTES = 4096;

/**
 * The zones of these versions whose boxes meet each of the boxes, box by box in the order given; the zones of a box in
 * order of their number. First the pairs are asked of the spatial index alone, then each zone is read once.
 */
export async function* zonesUnder(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  boxes: readonly LonLatBox[],
): AsyncGenerator<ZoneUnder[]> {
  const kept = new Map<number, ZoneUnder>();
  for (let first = 0; first < boxes.length; first += BOXES) {
    const some = boxes.slice(first, first + BOXES);
    const pairs = valid.length === 0 ? [] : await pairsOf(db, some);
    const wanted = [...new Set(pairs.map(({ id }) => id))].filter((id) => !kept.has(id));
    const read = await readZones(db, valid, wanted);
    for (const [id, zone] of read) if (zone.geometry.byteLength >= KEPT_BYTES) kept.set(id, zone);
    const under = some.map((): ZoneUnder[] => []);
    for (const { box, id } of pairs) {
      const zone = read.get(id) ?? kept.get(id);
      if (zone) under[box].push(zone);
    }
    for (const zones of under) yield zones.sort((a, b) => a.id - b.id);
  }
}

async function pairsOf(db: Kysely<Database>, boxes: readonly LonLatBox[]): Promise<{ box: number; id: number }[]> {
  const json = JSON.stringify(boxes.map(({ minLon, minLat, maxLon, maxLat }) => [minLon, minLat, maxLon, maxLat]));
  const side = (i: number) => sql`json_extract(b.value, ${sql.lit(`$[${i}]`)})`;
  const query =
    dialectOf(db) === 'sqlite'
      ? sql<{ box: number; id: number }>`select b.key as box, z.id as id from json_each(${json}) as b
          cross join zones_box as z where z."minLon" <= ${side(2)} and z."maxLon" >= ${side(0)}
          and z."minLat" <= ${side(3)} and z."maxLat" >= ${side(1)}`
      : sql<{ box: number; id: number }>`select (b.n - 1)::int as box, z.id as id
          from jsonb_array_elements(${json}::jsonb) with ordinality as b(side, n)
          join zones as z on box(point(z."minLon", z."minLat"), point(z."maxLon", z."maxLat"))
            && box(point((b.side->>0)::float8, (b.side->>1)::float8), point((b.side->>2)::float8, (b.side->>3)::float8))`;
  return (await query.execute(db)).rows;
}

async function readZones(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  ids: readonly number[],
): Promise<Map<number, ZoneUnder>> {
  if (ids.length === 0) return new Map();
  const versions = new Map(valid.map((one) => [one.version.id, one]));
  const list = JSON.stringify(ids);
  const among =
    dialectOf(db) === 'sqlite'
      ? sql`select value from json_each(${list})`
      : sql`select value::int from jsonb_array_elements_text(${list}::jsonb)`;
  // Told apart here and not there: asked for versions too, the database may go by those and read them whole.
  const { rows } = await sql<Omit<ZoneUnder, 'layer'> & { layerId: string }>`
    select id, "layerId", "externalId", district, "landClass", "areaM2", geometry from zones
    where id in (${among})`.execute(db);
  const zones = new Map<number, ZoneUnder>();
  for (const { layerId, ...zone } of rows) {
    const of = versions.get(layerId);
    if (of === undefined || of.without.some((scope) => zone.district?.startsWith(scope))) continue;
    zones.set(zone.id, { ...zone, layer: of.version.name });
  }
  return zones;
}
