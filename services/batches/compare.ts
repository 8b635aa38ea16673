import { fromGeoJson } from '../zones/geometry/wkb.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';

/** A known place that a row may be. */
export interface Known {
  placeId: string;
  /** Null: seen, and never issued. */
  patchId: string | null;
  number: string | null;
  areaM2: number;
  /** GeoJSON, lon/lat. */
  geometryJson: string;
}

/** A row laid over a known place. */
export interface Compared {
  placeId: string;
  patchId: string | null;
  number: string | null;
  sharedM2: number;
  /** Shares of the row and of the known area that lie in both, 0–1. */
  ofRow: number;
  ofKnown: number;
}

export interface Match {
  kind: 'new' | 'same' | 'grows' | 'part-of';
  /** The place it is; null where it is new. */
  with: Compared | null;
  /** All that shared ground with it, most first, one per place. */
  compared: Compared[];
}

/** As in the monthly run: sharing this much of the smaller one is being the same spot on the ground. */
const SAME_SPOT = 0.2;
/** Sharing this much of either is being the same outline, drawn by somebody else. */
const SAME_OUTLINE = 0.8;

/** What a row is among the known places. Pure. @param known of several of one place the first counts */
export function matchRow(row: PreparedPatch, number: string, known: readonly Known[]): Match {
  const byPlace = new Map<string, Compared>();
  for (const each of known) {
    if (byPlace.has(each.placeId)) continue;
    const compared = compare(row, each);
    if (compared !== null) byPlace.set(each.placeId, compared);
  }
  const compared = [...byPlace.values()].sort((a, b) => b.sharedM2 - a.sharedM2 || (a.placeId < b.placeId ? -1 : 1));
  const spots = compared.filter(({ ofRow, ofKnown }) => Math.max(ofRow, ofKnown) >= SAME_SPOT);
  // A patch whose own number came back is that patch, even where another lies under more of it.
  const chosen = spots.find((one) => one.number !== null && one.number === number) ?? spots[0] ?? null;
  return { kind: chosen === null ? 'new' : kindOf(chosen), with: chosen, compared };
}

function compare(row: PreparedPatch, { placeId, patchId, number, areaM2, geometryJson }: Known): Compared | null {
  const sharedM2 = row.areaInside(fromGeoJson(JSON.parse(geometryJson)));
  if (sharedM2 <= 0) return null;
  const ofKnown = areaM2 > 0 ? Math.min(1, sharedM2 / areaM2) : 1;
  return { placeId, patchId, number, sharedM2, ofRow: Math.min(1, sharedM2 / row.totalM2), ofKnown };
}

function kindOf({ ofRow, ofKnown }: Compared): Exclude<Match['kind'], 'new'> {
  if (Math.min(ofRow, ofKnown) >= SAME_OUTLINE) return 'same';
  // The lesser share is the larger one's: a row of which less is known is larger than what is known.
  return ofRow <= ofKnown ? 'grows' : 'part-of';
}
