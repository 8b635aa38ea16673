import type { MultiPolygon, Polygon } from 'geojson';
import type { Grid } from '../../imagery/grid.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import type { Store } from '../store/open.ts';
import { issuedNear } from '../store/places.ts';
import { overlayRuns } from '../zones/overlay.ts';
import { contentId } from './evidence.ts';
import type { Judged } from './judged.ts';

/** Which place a detection belongs to, and whether that place is already being dealt with. */
export interface PlaceOfDetection {
  placeId: string;
  isNew: boolean;
  /** True when the place has an open patch: the detection is linked to it, not issued again. */
  open: boolean;
}

/** Detections that share this much of the smaller one are the same spot on the ground. */
const sameSpotShare = 0.2;

/**
 * Gives every detection its place: that of an earlier issued patch it overlaps, otherwise a new one. Where
 * two detections of a run claim one place, the larger overlap keeps it.
 */
export async function assignPlaces(
  store: Store,
  grid: Grid,
  month: string,
  all: Judged[],
): Promise<PlaceOfDetection[]> {
  const claims: { index: number; placeId: string; shared: number; open: boolean }[] = [];
  for (const [index, judged] of all.entries()) {
    if (judged.screening !== 'issued') continue;
    for (const earlier of await issuedNear(store.db, judged.box, month)) {
      const geometry = JSON.parse(earlier.geometryJson) as Polygon | MultiPolygon;
      const [overlap] = overlayRuns(judged.patch.region.runs, grid, [{ id: earlier.placeId, geometry }]);
      const shared = overlap?.areaM2 ?? 0;
      if (shared < sameSpotShare * Math.min(judged.areaM2, earlier.areaM2)) continue;
      const open = earlier.month === month || stateOf('patch', earlier.state).outcome === 'open';
      claims.push({ index, placeId: earlier.placeId, shared, open });
    }
  }
  claims.sort((a, b) => b.shared - a.shared || a.index - b.index || (a.placeId < b.placeId ? -1 : 1));
  const places: PlaceOfDetection[] = all.map(({ district, evidence }) => ({
    placeId: contentId('place', month, district, evidence.grid, evidence.runs),
    isNew: true,
    open: false,
  }));
  const reissued = new Set<string>();
  for (const { index, placeId, open } of claims) {
    if (!places[index].isNew || (!open && reissued.has(placeId))) continue;
    if (!open) reissued.add(placeId);
    places[index] = { placeId, isNew: false, open };
  }
  return places;
}
