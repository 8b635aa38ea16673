import type { ChangeType } from '../../detectors/change-type.ts';
import type { PatchFacts } from '../legality/facts.ts';
import type { Outcome } from '../lifecycle/transition-row.ts';
import type { Grade } from './grade.ts';
import type { LayerAreas } from './zone-area.ts';

/** A patch of the same place in another month. */
export interface PlacePatch {
  /** YYYY-MM. */
  month: string;
  type: ChangeType;
  outcome: Outcome;
}

/** All that themes are told by. */
export interface ThemedPatch {
  facts: PatchFacts;
  /** YYYY-MM, of the queue it stands in. */
  month: string;
  placeHistory?: readonly PlacePatch[];
  /** m² in layers of projects and in custom layers, which the facts' atoms leave out. */
  overlaps?: LayerAreas;
}

/** One reason why a patch is in a theme, or why so gravely. */
export interface Because {
  code: string;
  /** The grade it argues for; null = it only says why the patch belongs. */
  grade: Grade | null;
  zh: string;
  en: string;
}

export interface PatchTheme {
  theme: string;
  severity: Grade;
  because: Because[];
}
