import { createRoute, z } from '@hono/zod-openapi';
import { simplify } from '@turf/turf';
import type { MultiPolygon, Polygon } from 'geojson';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { maySee } from '../../../services/access/keys.ts';
import { localDay } from '../../../services/local-time.ts';
import { type LayerRow, listLayers } from '../../../services/store/layers.ts';
import { endOf } from '../../../services/store/zone-versions.ts';
import { listZones, type ZoneRow } from '../../../services/store/zones.ts';
import { fromWkb, toGeoJson } from '../../../services/zones/geometry/wkb.ts';
import { ApiError } from '../../error.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { zoneCollection } from '../schemas.ts';

/** The one layer that is small enough to be asked for whole. */
const districts = 'districts';
const maxSideDegrees = 0.5;

const zones = createRoute({
  method: 'get',
  path: '/zones',
  tags: ['Zones'],
  summary: 'The zones of one layer in a box, as GeoJSON',
  request: {
    query: z.strictObject({
      layer: parameter.name.openapi({ example: 'farmland' }),
      bbox: parameter.bbox.optional(),
      tolerance: parameter.tolerance.optional(),
      date: parameter.day.optional().openapi({ description: 'The day on which they are valid; today if not given.' }),
    }),
  },
  responses: { 200: { description: 'Zones', content: { 'application/geo+json': { schema: zoneCollection } } } },
});

export function zoneRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(zones, async (c) => {
    const { layer, bbox, date = localDay(now()), tolerance = 0 } = c.req.valid('query');
    checkSide(layer, bbox);
    const rows = await listZones(store.db, { date, layers: [layer], ...(bbox && { box: bbox }) });
    const versions = await listLayers(store.db);
    const access = c.get('access');
    const visible = rows.filter((row) => access.district === '' || (row.district && maySee(access, row.district)));
    c.set('rowsRead', visible.length);
    const body = {
      type: 'FeatureCollection' as const,
      features: visible.map((row) => feature(row, versions, tolerance)),
    };
    return c.json(body, 200, { 'Content-Type': 'application/geo+json' });
  });
  return routes;
}

/** A layer may hold millions of parcels: all but the districts are given out by the piece. */
function checkSide(layer: string, box: LonLatBox | undefined): void {
  if (layer === districts) return;
  if (box && box.maxLon - box.minLon <= maxSideDegrees && box.maxLat - box.minLat <= maxSideDegrees) return;
  const wanted = `a box of at most ${maxSideDegrees}° a side, for any layer but ${districts}`;
  const got = box ? [box.minLon, box.minLat, box.maxLon, box.maxLat].join(',') : 'nothing';
  const field = { in: 'query', field: 'bbox', wanted, got } as const;
  throw new ApiError('bad-request', `Query parameter 'bbox' must be ${wanted}; got ${got}.`, [field]);
}

function feature(
  row: ZoneRow,
  versions: LayerRow[],
  tolerance: number,
): z.infer<typeof zoneCollection>['features'][number] {
  const { layer, externalId, name, district, areaM2 } = row;
  const version = versions.find(({ id }) => id === row.layerId)!;
  const [validFrom, validTo] = [version.validFrom, endOf(version, district, versions)];
  return {
    type: 'Feature',
    id: String(row.id),
    geometry: drawn(row.geometry, tolerance),
    properties: { layer, externalId, name, district, areaM2, validFrom, validTo },
  };
}

/** The shape, for a map with fewer corners where a tolerance in degrees is given: for the eye, never for areas. */
function drawn(wkb: Uint8Array, tolerance: number) {
  const geometry = toGeoJson(fromWkb(wkb));
  if (tolerance === 0) return geometry;
  return simplify(geometry as Polygon | MultiPolygon, { tolerance, mutate: true });
}
