import type { Sun } from './acquisitions.ts';
import type { LinePiece } from './blocks.ts';
import { type Box, band, moved, type Point, type Ring, ringBox } from './geometry.ts';
import { FOREST_LINE, type Landscape, LINE_WIDTHS, type LineKind, reliefAt } from './landscape.ts';
import { noiseField } from './noise.ts';
import type { CountyPlan } from './plan.ts';
import { mixKeys, seeded } from './random.ts';
import { roofSlot, SHARED_SLOTS, type Surface, surfaceSlot } from './surface-paint.ts';
import { type House, planHouses, planTrees, type Tree, tree } from './villages.ts';

/** One area of one paint. Later shapes cover earlier ones. */
export interface Shape {
  ring: Ring;
  box: Box;
  slot: number;
}

/** Something that stands up and throws a shadow. */
export interface Standing {
  outline: Ring;
  box: Box;
  heightM: number;
}

export interface Ground {
  shapes: Shape[];
  standing: Standing[];
}

const LINE_ORDER: [LineKind, Surface][] = [
  ['river', 'river'],
  ['ditch', 'ditch'],
  ['dirt-track', 'dirt-track'],
  ['track', 'concrete-road'],
  ['road', 'concrete-road'],
  ['main-road', 'asphalt'],
];

/** Everything man-made that stays as it is: parcels, water, roads, houses, single trees. */
export function groundShapes(plan: CountyPlan): Ground {
  const { seed, parcels, landscape } = plan.site;
  const ground: Ground = { shapes: [], standing: [] };
  for (const parcel of parcels) addShape(ground, parcel.ring, SHARED_SLOTS + parcel.index);
  addLines(ground, seed, landscape, plan.pieces);
  const trees: Tree[] = roadsideTrees(seed, landscape, plan.pieces);
  for (const parcel of parcels) {
    if (parcel.landClass === '0702') addHomestead(ground, planHouses(seed, parcel));
    trees.push(...planTrees(seed, parcel));
  }
  for (const { crown, heightM, variant } of trees) {
    addShape(ground, crown, surfaceSlot(`tree-${variant as 0 | 1 | 2}`));
    addStanding(ground, crown, heightM);
  }
  return ground;
}

export function addShape(ground: Ground, ring: Ring, slot: number): void {
  ground.shapes.push({ ring, box: ringBox(ring), slot });
}

export function addStanding(ground: Ground, outline: Ring, heightM: number): void {
  ground.standing.push({ outline, box: ringBox(outline), heightM });
}

export function addHouse(ground: Ground, house: House): void {
  house.slopes.forEach((slope, i) => {
    addShape(ground, slope, roofSlot(house.roof, house.variant, i === 0));
  });
  addStanding(ground, house.outline, house.heightM);
}

/** Yards first, so that none lies over a neighbour's roof. */
function addHomestead(ground: Ground, houses: House[]): void {
  for (const { yard } of houses) if (yard !== null) addShape(ground, yard, surfaceSlot('courtyard'));
  for (const house of houses) addHouse(ground, house);
}

/** The ring moved along the shadow in steps of a metre or so: together they are the swept shadow. */
export function shadowRings(standing: Standing, sun: Sun): Ring[] {
  const length = standing.heightM * sun.reach;
  const steps = Math.max(1, Math.ceil(length / 1.5));
  return Array.from({ length: steps }, (_, i) => {
    const reach = (length * (i + 1)) / steps;
    return moved(standing.outline, sun.shadowX * reach, sun.shadowY * reach);
  });
}

function addLines(ground: Ground, seed: number, landscape: Landscape, pieces: LinePiece[]): void {
  for (const [kind, surface] of LINE_ORDER) {
    for (const piece of pieces) {
      if (piece.kind !== kind || leadsIntoWoods(landscape, piece)) continue;
      const width = LINE_WIDTHS[kind].drawnM;
      const line = course(landscape, piece);
      if (kind !== 'river') {
        addShape(ground, band(line, width), surfaceSlot(surface));
        continue;
      }
      const swell = noiseField(mixKeys(seed, 'river-width'));
      const along = (share: number) => piece.from + share * (piece.to - piece.from);
      addShape(
        ground,
        band(line, (share) => width + 11 + 15 * swell(along(share) / 130, 3)),
        surfaceSlot('gravel-bar'),
      );
      addShape(
        ground,
        band(line, (share) => width + 9 * swell(along(share) / 170, 7)),
        surfaceSlot('river'),
      );
    }
  }
}

/** The piece on the ground, a little longer than from crossing to crossing so that pieces join. */
function course(landscape: Landscape, piece: LinePiece): Point[] {
  const extra = piece.kind === 'river' ? 3 : 1.5;
  const from = piece.from - extra;
  const length = piece.to + extra - from;
  const steps = Math.ceil(length / 9);
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const at = from + (length * i) / steps;
    return piece.along === 'u' ? landscape.toGround(at, piece.at) : landscape.toGround(piece.at, at);
  });
}

function leadsIntoWoods(landscape: Landscape, piece: LinePiece): boolean {
  if (piece.kind === 'river' || piece.kind === 'main-road') return false;
  const line = course(landscape, piece);
  const heights = line.map(([x, y]) => reliefAt(landscape, x, y));
  // A road may climb a little way; a field track ends where the fields do.
  return piece.kind === 'road' ? Math.min(...heights) > FOREST_LINE - 0.05 : Math.max(...heights) > FOREST_LINE + 0.02;
}

function roadsideTrees(seed: number, landscape: Landscape, pieces: LinePiece[]): Tree[] {
  const trees: Tree[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'main-road' && piece.kind !== 'road' && piece.kind !== 'track') continue;
    const random = seeded(seed, 'roadside', piece.along, piece.at, piece.from);
    const density = piece.kind === 'main-road' ? 0.75 : 0.16;
    const aside = LINE_WIDTHS[piece.kind].drawnM / 2 + 2;
    for (let at = piece.from; at < piece.to; at += 8) {
      for (const side of [-aside, aside]) {
        if (random() > density) continue;
        const [x, y] =
          piece.along === 'u' ? landscape.toGround(at, piece.at + side) : landscape.toGround(piece.at + side, at);
        trees.push(tree(random, x, y));
      }
    }
  }
  return trees;
}
