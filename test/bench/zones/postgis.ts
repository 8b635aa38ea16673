import { execFileSync } from 'node:child_process';
import type pg from 'pg';
import type { Grid } from '../../../imagery/grid.ts';
import type { Cluster } from './cluster.ts';
import { type MadePatch, patchPolygons } from './patches.ts';
import type { Scene } from './scene.ts';

/** m² of a patch in a zone: by layer, then `patch zone`. */
export type Overlaps = Map<string, Map<string, number>>;

export interface PostgisRun {
  /** Seconds. */
  byLayer: Record<string, number>;
  overlaps: Overlaps;
}

/**
 * plain: every pair whose boxes meet is clipped. covers: what a practised user writes, who knows that a patch within a
 * zone needs no clipping. boxed: the zone is first cut to the patch's box, which GEOS does fast. Cutting the zones up
 * with ST_Subdivide beforehand would be another data set, and is not tried.
 */
export const variants = ['plain', 'covers', 'boxed'] as const;
export type Variant = (typeof variants)[number];

const SRID = 4490;

/** Loads every layer: an id and a shape, a GiST index, statistics. Returns seconds by layer. */
export async function loadLayers({ client, ogrTarget }: Cluster, scene: Scene): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { name, key, path } of scene.layers) {
    const began = performance.now();
    const layout = ['-nln', name, '-select', key, '-lco', 'GEOMETRY_NAME=geom', '-lco', 'SPATIAL_INDEX=NONE'];
    const quick = ['-lco', 'UNLOGGED=ON', '-lco', 'LAUNDER=NO', '-lco', 'FID=fid', '--config', 'PG_USE_COPY', 'YES'];
    execFileSync('ogr2ogr', ['-f', 'PostgreSQL', ogrTarget, path, ...layout, ...quick, '-a_srs', `EPSG:${SRID}`]);
    await client.query(`ALTER TABLE "${name}" RENAME COLUMN "${key}" TO key`);
    if (name !== 'farmland') await unpacked(client, name);
    await client.query(`CREATE INDEX ON "${name}" USING gist (geom)`);
    await client.query(`VACUUM ANALYZE "${name}"`);
    seconds[name] = (performance.now() - began) / 1000;
  }
  return seconds;
}

/** Large shapes are kept as they are instead of packed: each pair would unpack them anew. */
async function unpacked(client: pg.Client, table: string): Promise<void> {
  await client.query(`ALTER TABLE "${table}" ALTER COLUMN geom SET STORAGE EXTERNAL`);
  await client.query(`UPDATE "${table}" SET geom = ST_Translate(geom, 0, 0)`);
  await client.query(`VACUUM FULL "${table}"`);
}

export async function loadPatches(client: pg.Client, patches: readonly MadePatch[], grid: Grid): Promise<void> {
  await client.query('DROP TABLE IF EXISTS patches');
  await client.query(`CREATE UNLOGGED TABLE patches (id int PRIMARY KEY, geom geometry(MultiPolygon, ${SRID}))`);
  await client.query('ALTER TABLE patches ALTER COLUMN geom SET STORAGE EXTERNAL');
  for (let k = 0; k < patches.length; k += 250) {
    const some = patches.slice(k, k + 250);
    await client.query(
      'INSERT INTO patches SELECT id, hex::geometry FROM unnest($1::int[], $2::text[]) AS u (id, hex)',
      [some.map(({ id }) => id), some.map((patch) => ewkb(patchPolygons(patch, grid)))],
    );
  }
  await client.query('CREATE INDEX ON patches USING gist (geom)');
  await client.query('ALTER TABLE patches SET (parallel_workers = 2)');
  await client.query('VACUUM ANALYZE patches');
}

/** How many of what was loaded PostGIS calls invalid. */
export async function invalidOf(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query(`SELECT count(*)::int AS n FROM "${table}" WHERE NOT ST_IsValid(geom)`);
  return rows[0].n;
}

/** Compiling the expressions (jit) takes longer than it saves here, and is off. */
export async function overlayByPostgis(
  client: pg.Client,
  layers: readonly string[],
  variant: Variant,
): Promise<PostgisRun> {
  await client.query('SET jit = off');
  const byLayer: Record<string, number> = {};
  const overlaps: Overlaps = new Map();
  for (const layer of layers) {
    const began = performance.now();
    const { rows } = await client.query({ text: overlayQuery(layer, variant), rowMode: 'array' });
    byLayer[layer] = (performance.now() - began) / 1000;
    overlaps.set(layer, new Map(rows.map(([patch, zone, areaM2]) => [`${patch} ${zone}`, areaM2])));
  }
  return { byLayer, overlaps };
}

export function overlayQuery(layer: string, variant: Variant): string {
  const zone = variant === 'boxed' ? 'ST_ClipByBox2D(z.geom, p.geom::box2d)' : 'z.geom';
  const clipped = `ST_Area(ST_Intersection(p.geom, ${zone})::geography)`;
  const whole = 'WHEN ST_Covers(z.geom, p.geom) THEN ST_Area(p.geom::geography)';
  const area = variant === 'covers' ? `CASE ${whole} ELSE ${clipped} END` : clipped;
  return `SELECT p.id, z.key, ${area} FROM patches p JOIN "${layer}" z ON p.geom && z.geom`;
}

/**
 * One pair measured once more, its clipped edges in pieces of 10 m: ST_Area joins the ends of an edge by the shortest
 * line, where zones and ST_Intersection know it as straight in lon/lat. s³·tan φ / 12R m² lie between: 0.04 at 180 m.
 */
export async function overlapInShortEdges(
  client: pg.Client,
  layer: string,
  patch: number,
  zone: string,
): Promise<number> {
  const pieces = 'ST_Segmentize(ST_Intersection(p.geom, z.geom), 1e-4)';
  const text = `SELECT ST_Area(${pieces}::geography) AS m2 FROM patches p, "${layer}" z WHERE p.id = $1 AND z.key = $2`;
  const { rows } = await client.query(text, [patch, zone]);
  return rows[0]?.m2 ?? 0;
}

/** A multipolygon as hexadecimal extended well-known binary, little-endian. */
function ewkb(polygons: readonly (readonly (readonly number[])[])[]): string {
  const sizes = polygons.map((rings) => rings.reduce((sum, ring) => sum + 4 + 8 * ring.length, 9));
  const bytes = Buffer.alloc(13 + sizes.reduce((a, b) => a + b, 0));
  let at = 0;
  const head = (type: number) => {
    bytes[at] = 1;
    at = bytes.writeUInt32LE(type, at + 1);
  };
  head(0x20000000 + 6);
  at = bytes.writeUInt32LE(SRID, at);
  at = bytes.writeUInt32LE(polygons.length, at);
  for (const rings of polygons) {
    head(3);
    at = bytes.writeUInt32LE(rings.length, at);
    for (const ring of rings) {
      at = bytes.writeUInt32LE(ring.length / 2, at);
      for (const value of ring) at = bytes.writeDoubleLE(value, at);
    }
  }
  return bytes.toString('hex');
}
