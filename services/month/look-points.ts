import { fromLonLat } from '../../imagery/crs.ts';
import type { LookPoint } from '../detection/cell-state.ts';
import { lonLatBox } from '../scenes/scene-record.ts';
import type { Store } from '../store/open.ts';
import { listZones } from '../store/zones.ts';
import { pointInside } from '../zones/geometry/point-in-polygon.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import { lastDayOf } from './calendar-month.ts';
import type { MonthPlan } from './plan.ts';

/**
 * One sample point inside every farmland parcel, as a pixel of the run's grid. What the points show this
 * month is what crops look like this month.
 */
export async function lookPoints(store: Store, plan: Pick<MonthPlan, 'grid' | 'month'>): Promise<LookPoint[]> {
  const { grid, month } = plan;
  const project = fromLonLat(grid.crs ?? 'EPSG:4326');
  const parcels = await listZones(store.db, { date: lastDayOf(month), layers: ['farmland'], box: lonLatBox(grid) });
  return parcels.map((parcel) => {
    const [lon, lat] = pointInside(fromWkb(parcel.geometry));
    const [x, y] = project(lon, lat);
    return {
      id: String(parcel.id),
      column: Math.floor((x - grid.originX) / grid.pixelWidth),
      row: Math.floor((y - grid.originY) / grid.pixelHeight),
    };
  });
}
