import { pathAreaM2 } from '../../../imagery/ellipsoid.ts';
import { type Arrangement, arrange, type RoledRing } from './arrangement.ts';
import { type Belongs, type Face, facesWhere } from './regions.ts';
import { type Repairs, reversed } from './ring-cleaning.ts';

type Parts = Float64Array[][];

/** A ring smaller than this, 10 cm square, is a leftover of editing. */
export const NO_AREA_M2 = 0.01;

/** Ends the work on a feature; says why, as the rest of a sentence about it. */
export class Doubt extends Error {}

/**
 * Clean rings, shells anticlockwise and holes clockwise, as valid polygons; as they are where they are valid.
 * A loop of less than 1 m² (and 1 % of the feature), or a millionth of it, is a slip of the digitiser and counts once.
 * Beyond that only what can mean one thing is put right:
 * - an outline that comes by one of its corners again, and there goes over to the other side, is parted there;
 * - a hole outside its shell is no hole: it becomes a part; of one that sticks out, that much is no hole;
 * - parts that overlap count once.
 * An outline that crosses itself between corners may have had two corners swapped, so that its loops need not be its
 * land; one that goes twice round a place, or a part inside another, may mean a hole: these are for people.
 * @throws Doubt
 */
export function untangled(parts: Parts, repairs: Repairs): Parts {
  const single = parts.length === 1 && parts[0].length === 1;
  const sound = single ? null : asTheyAre(parts, repairs);
  if (sound !== null) return sound;
  const whole = parts.flatMap((rings) => {
    const alone = parts.length > 1 ? asTheyAre([rings], repairs) : null;
    return alone === null ? solidPart(rings, repairs) : alone.map(faceOf);
  });
  return united(whole, repairs).map(({ shell, holes }) => [shell.ring, ...holes.map(({ ring }) => ring)]);
}

/** The parts when nothing crosses, overlaps or lies where it should not; null = something does. */
function asTheyAre(parts: Parts, repairs: Repairs): Parts | null {
  const rings = parts.flatMap((part) => part.map((ring, i): RoledRing => ({ ring, role: i === 0 ? 'shell' : 'hole' })));
  const partOf = parts.flatMap((part, i) => part.map(() => i));
  const plane = planeOf(rings);
  if (plane.shared || plane.crossing !== null) return null;
  const covers = plane.shellsAbove.map((shells, edge) => shells + plane.holesAbove[edge]);
  if (covers.some((times) => times < 0 || times > 1)) return null;
  const faces = facesWhere(plane, (shells, holes) => shells + holes > 0);
  const loops = faces.flatMap(({ shell, holes }) => [shell, ...holes]);
  const corners = loops.reduce((sum, { ring }) => sum + ring.length / 2 - 1, 0);
  const asGiven = loops.length === rings.length && loops.every(({ of }) => of >= 0) && corners === plane.low.length;
  if (!asGiven) return null;
  const atHome = faces.every(({ shell, holes }) => holes.every(({ of }) => partOf[of] === partOf[shell.of]));
  if (atHome) return parts;
  repairs.note('a hole was listed with another part than the one it lies in');
  return faces.map(({ shell, holes }) => [shell, ...holes].map(({ of }) => rings[of].ring));
}

/** One part, its shell less its holes. @throws Doubt */
function solidPart([shell, ...holes]: Float64Array[], repairs: Repairs): Face[] {
  const outline = solid(shell, repairs);
  if (holes.length === 0) return outline;
  const lakes = holes.map((hole) => solid(reversed(hole), repairs));
  const plane = planeOf([
    ...outline.flatMap((face) => roled(face, 'shell')),
    ...lakes.flat().flatMap((face) => roled(face, 'hole')),
  ]);
  const lakeOf = [
    ...outline.flatMap((face) => roled(face, 'shell')).map(() => -1),
    ...lakes.flatMap((faces, lake) => faces.flatMap((face) => roled(face, 'hole')).map(() => lake)),
  ];
  const land = facesWhere(plane, (shells, lakes) => shells > 0 && lakes === 0);
  const twiceM2 = areaM2(facesWhere(plane, (_, lakes) => lakes > 1));
  if (!isSlip(twiceM2, areaM2(land)) && hasNested(plane.holesAbove, plane.holeStep, plane.ring, lakeOf)) {
    throw new Doubt(`has a hole inside a hole, which leaves ${inM2(twiceM2)} in doubt; wanted holes side by side`);
  }
  if (twiceM2 > NO_AREA_M2) repairs.note(`holes overlapped; ${inM2(twiceM2)} were taken off once`);
  const outside = lakesOutside(plane, lakeOf, lakes.length).filter((lake) => areApart(outline, lakes[lake]));
  const apartM2 = outside.map((lake) => areaM2(lakes[lake]));
  for (const m2 of apartM2) repairs.note(`a hole of ${inM2(m2)} outside its shell was taken as a part of its own`);
  const strayM2 = areaM2(facesWhere(plane, (shells, lakes) => shells === 0 && lakes > 0));
  const stickingOutM2 = strayM2 - apartM2.reduce((sum, m2) => sum + m2, 0);
  if (stickingOutM2 > NO_AREA_M2) repairs.note(`a hole stuck out of its shell by ${inM2(stickingOutM2)}`);
  const whole = [...land, ...outside.flatMap((lake) => lakes[lake])];
  if (loopsOf(whole) !== lakeOf.length) repairs.note('a hole that met its shell or another hole was joined with it');
  return whole;
}

function loopsOf(faces: readonly Face[]): number {
  return faces.reduce((sum, { holes }) => sum + 1 + holes.length, 0);
}

/** The holes of which no edge runs through the shell: the only ones that may lie outside it. */
function lakesOutside(plane: Arrangement, lakeOf: readonly number[], count: number): number[] {
  const outside = new Array<boolean>(count).fill(true);
  plane.ring.forEach((ring, edge) => {
    const above = plane.shellsAbove[edge];
    if (lakeOf[ring] >= 0 && above > 0 && above > plane.shellStep[edge]) outside[lakeOf[ring]] = false;
  });
  return [...outside.keys()].filter((lake) => outside[lake]);
}

function areApart(outline: readonly Face[], lake: readonly Face[]): boolean {
  const rings = [outline.flatMap((face) => roled(face, 'shell')), lake.flatMap((face) => roled(face, 'hole'))].flat();
  return facesWhere(planeOf(rings), (shells, lakes) => shells > 0 && lakes > 0).length === 0;
}

/** What an anticlockwise ring encloses. @throws Doubt */
function solid(ring: Float64Array, repairs: Repairs): Face[] {
  const plane = planeOf([{ ring, role: 'shell' }]);
  const enclosed = facesWhere(plane, (times) => times !== 0);
  if (loopsOf(enclosed) === 1 && isUntouched(plane, ring)) return [faceOf([ring])];
  const doubtfulM2 = areaM2(facesWhere(plane, (times) => times < 0)) + areaM2(facesWhere(plane, (times) => times > 1));
  if (doubtfulM2 === 0) {
    if (loopsOf(enclosed) > 1) repairs.note('an outline that touched itself was parted there');
    return enclosed;
  }
  const place = `near [${placeOf(plane).map((degrees) => degrees.toFixed(6))}]`.replace(',', ', ');
  if (isSlip(doubtfulM2, areaM2(enclosed))) {
    repairs.note(`its outline crossed itself ${place}; ${doubtfulM2.toFixed(3)} m² were counted once`);
    return enclosed;
  }
  const lobes = enclosed.map((face) => inM2(areaM2([face])));
  const twice = plane.shellsAbove.some((times) => Math.abs(times) > 1);
  if (plane.crossing !== null || twice) {
    const loops = lobes.length > 1 && lobes.length < 10 ? ` (it encloses ${lobes.join(', ')})` : '';
    throw new Doubt(
      `crosses or overlaps itself ${place}, which leaves ${inM2(doubtfulM2)} in doubt${loops}; wanted a simple outline`,
    );
  }
  repairs.note(`its outline crossed itself at a corner ${place} and was parted there: ${lobes.join(' and ')}`);
  return enclosed;
}

/** Whether all that a ring is made of are its own edges, each with its inside on one side only. */
function isUntouched(plane: Arrangement, ring: Float64Array): boolean {
  const whole = !plane.shared && plane.low.length === ring.length / 2 - 1;
  return whole && plane.shellsAbove.every((times) => times === 0 || times === 1);
}

/** Faces together, what several cover counted once. @throws Doubt */
function united(faces: Face[], repairs: Repairs): Face[] {
  if (faces.length <= 1) return faces;
  const owner: number[] = [];
  const rings = faces.flatMap((face, i) => {
    const own = roled(face, 'shell');
    for (const _ of own) owner.push(i);
    return own;
  });
  const plane = planeOf(rings);
  const together = facesWhere(plane, (times) => times > 0);
  const twiceM2 = areaM2(facesWhere(plane, (times) => times > 1));
  if (!isSlip(twiceM2, areaM2(together)) && hasNested(plane.shellsAbove, plane.shellStep, plane.ring, owner)) {
    throw new Doubt(
      `crosses or overlaps itself with parts inside one another, which leaves ${inM2(twiceM2)} in doubt; wanted parts side by side`,
    );
  }
  if (twiceM2 > NO_AREA_M2) repairs.note(`parts overlapped; ${inM2(twiceM2)} were counted once`);
  else if (plane.shared && together.length < faces.length) repairs.note('parts with a common border were joined');
  return together;
}

/** Whether all edges of some owner have something of another on both sides. */
function hasNested(above: Int32Array, step: Int32Array, ring: Int32Array, owner: readonly number[]): boolean {
  const [met, free] = [new Set<number>(), new Set<number>()];
  ring.forEach((of, edge) => {
    if (owner[of] < 0) return;
    met.add(owner[of]);
    if (Math.min(above[edge], above[edge] - step[edge]) < 1) free.add(owner[of]);
  });
  return met.size > free.size;
}

/** @throws Doubt */
function planeOf(rings: readonly RoledRing[]): Arrangement {
  const plane = arrange(rings);
  if (plane === null) throw new Doubt('crosses itself in too many places to be put right; wanted a simple outline');
  return plane;
}

function faceOf([shell, ...holes]: Float64Array[]): Face {
  return { shell: { ring: shell, of: -1 }, holes: holes.map((ring) => ({ ring, of: -1 })) };
}

function roled({ shell, holes }: Face, role: RoledRing['role']): RoledRing[] {
  return [shell, ...holes].map(({ ring }) => ({ ring, role }));
}

/** A place on the edge of what is in doubt. */
function placeOf(plane: Arrangement): [number, number] {
  if (plane.crossing !== null) return plane.crossing;
  const edge = plane.order.find((e) => plane.shellsAbove[e] < 0 || plane.shellsAbove[e] > 1) ?? 0;
  return [plane.x[plane.low[edge]], plane.y[plane.low[edge]]];
}

function isSlip(doubtfulM2: number, wholeM2: number): boolean {
  return doubtfulM2 <= Math.max(NO_AREA_M2, 1e-6 * wholeM2, Math.min(1, 0.01 * wholeM2));
}

/** Ellipsoidal; holes turn the other way and take off by themselves. */
function areaM2(faces: readonly Face[]): number {
  let sum = 0;
  for (const { shell, holes } of faces) {
    sum += pathAreaM2(shell.ring);
    for (const { ring } of holes) sum += pathAreaM2(ring);
  }
  return sum;
}

function inM2(m2: number): string {
  return `${m2.toFixed(m2 < 10 ? 2 : 0)} m²`;
}

/** Area that a ring encloses however it turns. @throws Doubt */
export function enclosedM2(ring: Float64Array): number {
  const anything: Belongs = (times) => times !== 0;
  return areaM2(facesWhere(planeOf([{ ring, role: 'shell' }]), anything));
}
