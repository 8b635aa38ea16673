import type { Grid } from '../../../imagery/grid.ts';
import type { DetectionRow } from '../../store/detections.ts';
import type { PatchRow } from '../../store/patches.ts';
import type { DateGroup } from './dates.ts';
import type { StripPlace } from './place.ts';

/** A place on all its dates. */
export interface KnownPlace {
  patch: PatchRow;
  detection: Pick<DetectionRow, 'beforeDate' | 'afterDate'>;
  place: StripPlace;
  groups: DateGroup[];
  /** Scenes that looks after closing were judged on. */
  watched: ReadonlySet<string>;
}

/** How far a scene is known to lie off a grid, in its pixels: shifts are kept in pixels of the detection's grid. */
export function shiftOn(target: Grid, { place: { evidence } }: KnownPlace) {
  const scale = target.pixelWidth / evidence.grid.pixelWidth;
  return (sceneId: string): { dx: number; dy: number } | undefined => {
    const shift = evidence.pairs.find(({ after }) => after.id === sceneId)?.shiftPx;
    return shift ? { dx: shift.dx / scale, dy: shift.dy / scale } : undefined;
  };
}
