import type { MultiPolygon, Polygon } from 'geojson';
import type { Grid } from '../../imagery/grid.ts';
import type { Judged } from '../month/judged.ts';
import type { Store } from '../store/open.ts';
import { type IssuedPatch, issuedNear } from '../store/places.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';

/** A detection that shares this much of the smaller of the two is the same spot on the ground. */
const sameSpotShare = 0.2;

/** The patch of any month up to `month` that shares most with what a late scene shows; null where there is none. */
export async function knownPatch(
  db: Store['db'],
  grid: Grid,
  month: string,
  { box, areaM2, patch }: Judged,
): Promise<IssuedPatch | null> {
  let best: { known: IssuedPatch; shared: number } | null = null;
  for (const known of await issuedNear(db, box, month)) {
    const geometry = JSON.parse(known.geometryJson) as Polygon | MultiPolygon;
    const shared = overlayRuns(patch.region.runs, grid, [{ id: known.patchId, geometry }])[0]?.areaM2 ?? 0;
    if (shared < sameSpotShare * Math.min(areaM2, known.areaM2)) continue;
    if (best === null || shared > best.shared) best = { known, shared };
  }
  return best?.known ?? null;
}
