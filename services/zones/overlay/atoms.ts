import type { Atom } from '../../legality/facts.ts';
import { difference, intersection, type PlanePaths, toPaths, unionOf } from '../geometry/clipper.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { type PreparedPatch, ROUNDING } from './prepared-patch.ts';

/** A zone as a patch is cut up by. */
export interface AtomZone {
  id: string;
  layer: string;
  group: 'land' | 'plan' | 'instrument';
  /** Of a parcel whose layer says; null elsewhere. */
  landClass: string | null;
  geometry: ZoneGeometry;
}

/** All zones that say the same of the ground: one layer's of one land class, or one document's. */
interface Brick {
  key: string;
  group: AtomZone['group'];
  layer: string;
  landClass: string | null;
  id: string;
  zones: AtomZone[];
}

/** A part of the patch that lies in these bricks and no others. */
export interface Cell {
  paths: PlanePaths;
  areaM2: number;
  bricks: Brick[];
}

/** A part smaller than 10 cm² is two surveys' rounding of one border: it stays with the part it would be cut from. */
const SLIVER_M2 = 1e-3;

/** What sums of areas may differ by, of the patch's area. */
const SUM_TOLERANCE = 1e-6;

/**
 * The parts of a patch that lie in the same layers, land class and documents throughout, largest first. They add up
 * to the patch's area; where zones of one layer overlap, the ground counts once; of two land classes for one place
 * the lower code holds, so that farmland (01) is not lost. Parts under 10 cm² are left with their neighbours.
 */
export function atomsOf(patch: PreparedPatch, zones: readonly AtomZone[]): Atom[] {
  const atoms = new Map<string, Atom>();
  for (const { areaM2, bricks } of cellsOf(patch, zones)) {
    const atom = { areaM2, ...factsOf(bricks) };
    const key = keyOf(atom);
    const same = atoms.get(key);
    if (same) same.areaM2 += areaM2;
    else atoms.set(key, atom);
  }
  const sorted = [...atoms].sort(largestFirst).map(([, atom]) => atom);
  const left = patch.totalM2 - sorted.reduce((sum, { areaM2 }) => sum + areaM2, 0);
  // The last digits of a sum, never more: what is lost in cutting is not to be hidden.
  if (Math.abs(left) <= SUM_TOLERANCE * patch.totalM2) sorted[0].areaM2 += left;
  return sorted;
}

/** The patch cut along the border of every brick, areas as measured. */
export function cellsOf(patch: PreparedPatch, zones: readonly AtomZone[]): Cell[] {
  let cells: Cell[] = [{ paths: patch.frame(), areaM2: patch.totalM2, bricks: [] }];
  for (const brick of bricksOf(patch, zones)) {
    const paths = pathsOf(patch, brick);
    cells = cells.flatMap((cell) =>
      paths === 'whole' ? { ...cell, bricks: [...cell.bricks, brick] } : cut(patch, cell, brick, paths),
    );
  }
  return cells;
}

function cut(patch: PreparedPatch, cell: Cell, brick: Brick, paths: PlanePaths): Cell[] {
  const inside = intersection(cell.paths, paths);
  const insideM2 = patch.areaOfPaths(inside);
  const least = Math.min(SLIVER_M2, cell.areaM2 / 2);
  const bricks = [...cell.bricks, brick];
  if (insideM2 < least) return [cell];
  if (insideM2 > cell.areaM2 - least) return [{ ...cell, bricks }];
  const outside = difference(cell.paths, paths);
  return [
    { paths: inside, areaM2: insideM2, bricks },
    { paths: outside, areaM2: patch.areaOfPaths(outside), bricks: cell.bricks },
  ];
}

/** In an order that does not depend on that of the zones. */
function bricksOf(patch: PreparedPatch, zones: readonly AtomZone[]): Brick[] {
  const bricks = new Map<string, Brick>();
  for (const zone of zones) {
    if (patch.areaInside(zone.geometry) === 0) continue;
    const isDocument = zone.group === 'instrument';
    const landClass = zone.group === 'land' ? zone.landClass : null;
    const key = isDocument ? `document ${zone.id}` : `layer ${zone.layer} ${landClass ?? ''}`;
    const known = bricks.get(key);
    if (known) known.zones.push(zone);
    else bricks.set(key, { key, group: zone.group, layer: zone.layer, landClass, id: zone.id, zones: [zone] });
  }
  return [...bricks.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function pathsOf(patch: PreparedPatch, { zones }: Brick): PlanePaths | 'whole' {
  const whole = (1 - ROUNDING) * patch.totalM2;
  if (zones.some(({ geometry }) => patch.areaInside(geometry) >= whole)) return 'whole';
  const each = zones.map(({ geometry }) => toPaths(patch.nearby(geometry), patch.plane));
  return each.length === 1 ? each[0] : unionOf(each);
}

/** Areas that differ by less than a sliver may differ by rounding only: then the key decides. */
function largestFirst([p, a]: [string, Atom], [q, b]: [string, Atom]): number {
  return Math.round(b.areaM2 / SLIVER_M2) - Math.round(a.areaM2 / SLIVER_M2) || (p < q ? -1 : 1);
}

function factsOf(bricks: readonly Brick[]): Omit<Atom, 'areaM2'> {
  const classes = bricks.map(({ landClass }) => landClass).filter((landClass) => landClass !== null);
  const ofLayers = bricks.filter(({ group }) => group !== 'instrument').map(({ layer }) => layer);
  return {
    layers: [...new Set(ofLayers)].sort(),
    landClass: classes.sort()[0] ?? null,
    instruments: bricks
      .filter(({ group }) => group === 'instrument')
      .map(({ id }) => id)
      .sort(),
  };
}

function keyOf({ layers, landClass, instruments }: Omit<Atom, 'areaM2'>): string {
  return JSON.stringify([layers, landClass, instruments]);
}
