import type { ChangeType } from '../../detectors/change-type.ts';
import type { Instrument } from '../zones/layer-roles.ts';

/**
 * All that is known of a patch when it is judged. Stored with every opinion, so that the same opinion, or that of
 * another rule set, can be worked out again years later.
 */
export interface PatchFacts {
  edition: 'facts-1';
  patch: {
    /** On the ellipsoid; the atoms add up to it. */
    areaM2: number;
    type: ChangeType;
    typeConfidence: number;
    /** Administrative code. */
    district: string;
    /** County, town and village with the largest share, 0–1, as far as they are known; absent in facts of before. */
    chain?: { level: 'county' | 'town' | 'village'; code: string | null; share: number }[];
    onset: Onset;
    /** To the nearest road and built-up land, m; null where no such layer is known, or none within 5 km. */
    roadM: number | null;
    builtUpM: number | null;
  };
  atoms: Atom[];
  /** Documents that touch the patch, by id. */
  instruments: InstrumentFact[];
  /** The layers known on the day, with what they vouch for. */
  layers: LayerFact[];
  /** What people have established on site or from papers; overrules what is only inferred. */
  established: {
    ruralRoad?: boolean;
    facilityFarmland?: boolean;
    builtBefore?: string;
    /** Id of the document whose holder occupies the ground by its terms: no image need show it. */
    occupiedUnder?: string;
  };
}

/** 变化区间: local days, YYYY-MM-DD. */
export interface Onset {
  /** Last clear look at it unchanged. */
  lastUnchanged: string;
  /** First clear look at it changed. */
  firstChanged: string;
}

/** A part of a patch that lies in the same zones throughout. */
export interface Atom {
  areaM2: number;
  /** Layers of the groups land and plan it lies in, sorted. */
  layers: string[];
  /** DLBM of the parcel it lies in, where a land layer says. */
  landClass: string | null;
  /** Ids of the documents that cover it, sorted. */
  instruments: string[];
}

export interface InstrumentFact extends Instrument {
  /** Of the zone, as its layer gives it. */
  id: string;
  layer: string;
  /** Area of the document's whole polygon on the ellipsoid, m²: more than lies in the patch. */
  polygonM2: number;
}

export interface LayerFact {
  layer: string;
  /** Id of the version (its content's hash). */
  version: string;
  /** True when the version vouches for the whole of the patch's district. */
  covers: boolean;
  /** Last day of which it is known to be complete, YYYY-MM-DD; null = nobody said. */
  completeTo: string | null;
}
