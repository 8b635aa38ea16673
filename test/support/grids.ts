import { insertLayer } from '../../services/store/layers.ts';
import type { Store } from '../../services/store/open.ts';
import { insertZones, nextZoneId } from '../../services/store/zones.ts';
import { fromGeoJson, toWkb } from '../../services/zones/geometry/wkb.ts';
import { layerRow, zoneRow } from './rows.ts';

export interface GridSeed {
  code: string;
  level?: string;
  chief?: string;
  /** West, south, east, north. */
  box: [number, number, number, number];
}

/** The layer of grids, rectangles, valid from 2025 on. */
export async function plantGrids({ db }: Store, grids: readonly GridSeed[]): Promise<void> {
  const { seq: _, ...version } = layerRow({ id: 'grids-1', name: 'grids', sha256: 'g', validFrom: '2025-01-01' });
  await insertLayer(db, version);
  let id = await nextZoneId(db);
  const rows = grids.map(({ code, level, chief, box: [minLon, minLat, maxLon, maxLat] }) => {
    const corners = [
      [minLon, minLat],
      [maxLon, minLat],
      [maxLon, maxLat],
      [minLon, maxLat],
      [minLon, minLat],
    ];
    const geometry = toWkb(fromGeoJson({ type: 'Polygon', coordinates: [corners] }));
    const propertiesJson = JSON.stringify({ code, level, chief });
    const box = { minLon, minLat, maxLon, maxLat };
    return zoneRow({
      id: id++,
      layerId: 'grids-1',
      externalId: code,
      district: null,
      propertiesJson,
      geometry,
      ...box,
    });
  });
  await insertZones(db, rows);
}
