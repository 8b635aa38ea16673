import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';
import { type PixelRuns, RunCollector } from '../../detectors/runs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import type { Sighting } from '../store/project-looks.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { prepareRuns } from '../zones/overlay/runs-patch.ts';
import type { ZoneComparison } from './place-signal.ts';

/** What a month's detections say of a zone. */
export interface Sighted {
  /** Within the zone, by type. */
  detections: ZoneComparison['detections'];
  /** m² of the zone that people found the images to be wrong about: nobody has seen it. */
  mistakenM2: number;
}

/** Reasons of dismissal by which the ground was not seen, and by which it was seen and no use of it had begun or ended. */
export const NOT_SEEN = new Set(['cloud', 'shadow', 'shift', 'imagery-quality']);
const NO_CHANGE = new Set(['season', 'greenhouse-film', 'water-level', 'temporary-object', 'duplicate']);

/**
 * Adds up a month's detections within a zone. Runs of one month find the same ground again: it counts once. What people
 * dismissed as no change does not count; as built before, too small or a base-map error it does: something is there.
 */
export function sightedIn(geometry: ZoneGeometry, sightings: readonly Sighting[]): Sighted {
  const found = new Map<string, { type: ChangeType | null; grid: Grid; parts: PixelRuns[] }>();
  for (const sighting of sightings) {
    const type = countedAs(sighting);
    const where = type === 'nothing' ? null : pixelsOf(sighting.evidenceJson);
    if (type === 'nothing' || where === null) continue;
    const key = JSON.stringify([type, where.grid]);
    const same = found.get(key) ?? { type, grid: where.grid, parts: [] };
    same.parts.push(where.runs);
    found.set(key, same);
  }
  const areas = [...found.values()].map(({ type, grid, parts }) => {
    return { type, areaM2: prepareRuns(unitedRuns(parts), grid).areaInside(geometry) };
  });
  return {
    detections: areas.flatMap(({ type, areaM2 }) => (type === null || areaM2 === 0 ? [] : { type, areaM2 })),
    mistakenM2: areas.reduce((sum, { type, areaM2 }) => sum + (type === null ? areaM2 : 0), 0),
  };
}

/** Its type; null: the ground was not seen; 'nothing': seen, and no change. */
function countedAs({ type, state, reason }: Sighting): ChangeType | null | 'nothing' {
  // Land that ran out of its document is listed with no change in any pixel.
  if (!Object.hasOwn(changeTypes, type)) return 'nothing';
  const outcome = state === null ? null : stateOf('patch', state).outcome;
  // What was split off it, or it was merged into, speaks for the same ground.
  if (outcome === 'replaced') return 'nothing';
  if (outcome === 'dismissed') {
    if (NOT_SEEN.has(reason ?? '')) return null;
    if (NO_CHANGE.has(reason ?? '')) return 'nothing';
  }
  return type as ChangeType;
}

/** Null where the evidence names no pixels on a georeferenced grid, as that of other systems' batches. */
function pixelsOf(evidenceJson: string): { runs: PixelRuns; grid: Grid } | null {
  const { runs, grid } = JSON.parse(evidenceJson) as { runs?: Record<keyof PixelRuns, number[]>; grid?: Grid };
  if (runs === undefined || typeof grid?.crs !== 'string') return null;
  const { row, start, end } = runs;
  return { runs: { row: Int32Array.from(row), start: Int32Array.from(start), end: Int32Array.from(end) }, grid };
}

/** The pixels of any of the parts, each once. */
export function unitedRuns(parts: readonly PixelRuns[]): PixelRuns {
  const [only] = parts;
  if (parts.length === 1) return only;
  const all = parts.flatMap(({ row, start, end }) => Array.from(row, (r, i) => [r, start[i], end[i]] as const));
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const united = new RunCollector();
  let [inRow, reached] = [-1, 0];
  for (const [row, start, end] of all) {
    if (row !== inRow) [inRow, reached] = [row, start];
    if (end > reached) united.add(row, Math.max(start, reached), end);
    reached = Math.max(reached, end);
  }
  return united.finish();
}
