import type { MultiPolygon, Polygon } from 'geojson';
import type { Kysely } from 'kysely';
import { overlapsOf, type Touching } from '../ground/overlaps.ts';
import type { PatchGround } from '../store/patch-grounds.ts';
import type { Database } from '../store/schema.ts';
import { zoneProperties } from '../store/zone-properties.ts';
import { validVersions } from '../store/zone-versions.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { GRIDS_LAYER, type Grid, type GridShare, gridOf, orderedGrids } from './grid.ts';

export type PatchShape = Pick<PatchGround, 'id' | 'geometryJson'>;

/** The grids of each of many patches by the layer as it was on a day, their own first; by id of the patch. */
export async function gridsOf(
  db: Kysely<Database>,
  patches: readonly PatchShape[],
  day: string,
): Promise<Map<string, GridShare[]>> {
  const found = new Map<string, GridShare[]>(patches.map(({ id }) => [id, []]));
  const valid = await validVersions(db, day, [GRIDS_LAYER]);
  if (valid.length === 0) return found;
  const shapes = patches.map(({ geometryJson }) => prepareShape(shapeOfText(geometryJson)));
  const touching: Touching[][] = [];
  for await (const zones of overlapsOf(db, valid, shapes)) touching.push(zones.filter(({ insideM2 }) => insideM2 > 0));
  const grids = await gridFacts(db, touching.flat());
  patches.forEach(({ id }, i) => {
    const shares = touching[i].map((zone) => ({ ...grids.get(zone.id)!, share: zone.insideM2 / shapes[i].totalM2 }));
    found.set(id, orderedGrids(shares));
  });
  return found;
}

/** What the layer says of these zones, by their number. */
export async function gridFacts(
  db: Kysely<Database>,
  zones: readonly Pick<Touching, 'id' | 'externalId' | 'district'>[],
): Promise<Map<number, Grid>> {
  const ids = [...new Set(zones.map(({ id }) => id))];
  const properties = await zoneProperties(db, ids);
  return new Map(
    zones.map(({ id, externalId, district }) => [
      id,
      gridOf({ externalId, district, properties: properties.get(id) ?? {} }),
    ]),
  );
}

export function shapeOfText(geometryJson: string) {
  return fromGeoJson(JSON.parse(geometryJson) as Polygon | MultiPolygon);
}
