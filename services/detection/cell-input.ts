import type { Grid, Window } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { LookPoint } from './cell-state.ts';
import type { MethodChoice } from './choose-method.ts';
import type { PairModel } from './scene-pair.ts';

/** One cell of a comparison: a window of the grid, and the scenes that may show it. */
export interface CellInput {
  key: string;
  grid: Grid;
  window: Window;
  /** Scenes of the month, latest first. */
  afters: Scene[];
  /** Scenes before the month, latest first. */
  befores: Scene[];
  roles: BandRole[];
  method: MethodChoice;
  minPixels: number;
  /** Models known beforehand; others are estimated where a cell turns out to need them. */
  models: PairModel[];
  looks: LookPoint[];
  /** False: somebody knows already what clouds hide. */
  lookForClouds: boolean;
  /** True: the scores themselves are part of the result. */
  withScore: boolean;
}
