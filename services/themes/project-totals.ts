import type { IdleSide } from './idle-class.ts';
import { type ProjectStateName, projectStateNames } from './project-state.ts';
import { type ProjectLayer, projectLayers, type WatchedProject } from './project-watch.ts';

/** How many zones of a layer are in one class, and their area on the ellipsoid. */
export interface ProjectTotal {
  layer: ProjectLayer;
  side: IdleSide | null;
  state: ProjectStateName;
  zones: number;
  areaM2: number;
}

const sides: readonly (IdleSide | null)[] = ['government', 'market-not-clear', 'market-clear', 'unknown', null];
const states = Object.keys(projectStateNames) as ProjectStateName[];

/** The classes that occur, each zone in one of them, in order of layer, side and state. */
export function projectTotals(projects: readonly WatchedProject[]): ProjectTotal[] {
  const totals = new Map<string, ProjectTotal>();
  for (const { layer, side, state, areaM2 } of projects) {
    const key = `${layer} ${side} ${state}`;
    const total = totals.get(key) ?? { layer, side, state, zones: 0, areaM2: 0 };
    totals.set(key, { ...total, zones: total.zones + 1, areaM2: total.areaM2 + areaM2 });
  }
  return [...totals.values()].sort(
    (a, b) =>
      projectLayers.indexOf(a.layer) - projectLayers.indexOf(b.layer) ||
      sides.indexOf(a.side) - sides.indexOf(b.side) ||
      states.indexOf(a.state) - states.indexOf(b.state),
  );
}
