import type { Judged } from './judged.ts';
import type { PlaceOfDetection } from './places.ts';

/** A detection with its place, ready to be stored. */
export interface Ready {
  judged: Judged;
  place: PlaceOfDetection;
  detectionId: string;
}
