import type { MultiPolygon, Polygon } from 'geojson';
import type { Grid } from '../../imagery/grid.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import type { Store } from '../store/open.ts';
import { issuedNear, patchesOfPlaces } from '../store/places.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';
import { contentId } from './evidence.ts';
import type { Judged } from './judged.ts';

/** Which place a detection belongs to, and whether that place is already being dealt with. */
export interface PlaceOfDetection {
  placeId: string;
  isNew: boolean;
  /** True when the place has an open patch, or one of this month: the detection is linked to it, not issued again. */
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
    const near = await issuedNear(store.db, judged.box, month);
    const open = await openPlaces(store, month, [...new Set(near.map(({ placeId }) => placeId))]);
    for (const { placeId, areaM2, geometryJson } of near) {
      const geometry = JSON.parse(geometryJson) as Polygon | MultiPolygon;
      const [overlap] = overlayRuns(judged.patch.region.runs, grid, [{ id: placeId, geometry }]);
      const shared = overlap?.areaM2 ?? 0;
      if (shared < sameSpotShare * Math.min(judged.areaM2, areaM2)) continue;
      claims.push({ index, placeId, shared, open: open.has(placeId) });
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

/** Those with a patch that is open, or of this very month: a place is in a month's queue once. */
async function openPlaces(store: Store, month: string, placeIds: string[]): Promise<Set<string>> {
  const patches = await patchesOfPlaces(store.db, placeIds);
  const open = patches.filter((patch) => patch.month === month || stateOf('patch', patch.state).outcome === 'open');
  return new Set(open.map(({ placeId }) => placeId));
}
