import type { Region } from '../../detectors/region.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { MethodChoice } from './choose-method.ts';
import type { HiddenGround } from './cloud-scan.ts';
import type { PairModel } from './scene-pair.ts';

/** A pair whose model is known, to be looked at everywhere. */
export interface JudgedPair {
  before: Scene;
  after: Scene;
  grid: Grid;
  roles: BandRole[];
  method: MethodChoice;
  model: PairModel;
  minPixels: number;
  /** How far above the threshold a patch must reach somewhere, in thresholds. */
  seed: number;
}

/** What was found, and what could not be seen, in pixels of the grid. */
export interface PairFindings {
  /** Whole, wherever they were cut to be found. */
  regions: Region[];
  cloud: number;
  noImage: number;
  /** Where clouds hide the ground; null where they were looked for cell by cell. */
  hidden: HiddenGround | null;
  /** What could not be read, and so counts as unobserved. */
  damage: Set<string>;
}
