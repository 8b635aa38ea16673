import type { ChangeType } from '../../detectors/change-type.ts';
import type { InstrumentFact, Onset, PatchFacts } from '../legality/facts.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';

/** A patch as far as it matters to what lies under it. */
export interface ChangedPlace {
  patch: PreparedPatch;
  type: ChangeType;
  /** 0–1. */
  typeConfidence: number;
  onset: Onset;
  /** What people have established; nothing unless given. */
  established?: PatchFacts['established'];
  /** Documents that came in for this patch alone and stand in no layer, oldest first. */
  documents?: readonly LateDocument[];
}

/** A document with the ground that it covers; 'whole': all of the patch. */
export interface LateDocument {
  fact: InstrumentFact;
  over: 'whole' | ZoneGeometry;
}

/** What lies under a patch on a day. */
export interface Ground {
  /** Zones of all layers but the districts that share ground with it, in order of their number. */
  overlaps: { zoneId: number; layer: string; areaM2: number }[];
  /** The district that most of it lies in, as homeOf says; null = in none. */
  district: string | null;
  facts: PatchFacts;
}
