import type { Restoration } from '../../detectors/restoration.ts';
import type { BandRole } from '../../imagery/scene.ts';
import type { SceneEvidence } from '../month/evidence.ts';
import type { Claim } from './claim.ts';

/** All that a verdict rests on, kept with it. */
export interface WatchEvidence {
  claim: Claim;
  /** Null where nothing was compared. */
  seen: Restoration | null;
  /** Images of the month that show the patch, those that show most of it first. */
  looks: LookEvidence[];
  bands: BandRole[];
  /** The images of its detection that were compared with. */
  compared: { before: SceneEvidence; after: SceneEvidence } | null;
  detector: string;
}

export interface LookEvidence extends SceneEvidence {
  /** Of the patch's pixels. */
  pixels: number;
  /** How it is laid on the before image and brought to its radiometry, in order of `bands`: enough to draw it again. */
  shiftPx: { dx: number; dy: number } | null;
  ties: { gain: number; offset: number }[];
}
