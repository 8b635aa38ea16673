import type { Position } from 'geojson';
import { type Random, ringAt, starRing } from './random-shapes.ts';

/** Parts of a shape as a file may hold them: rings in lon/lat, shell first. */
export type RawParts = Position[][][];

const place: Position = [112.6, 26.9];
/** About a metre. */
const metre = 1e-5;

function star(random: Random, [lon, lat]: Position = place, radiusM = 300): Position[] {
  return ringAt([lon, lat], starRing(random, 3 + Math.floor(25 * random()), radiusM));
}

function near(random: Random, farM: number): Position {
  return [place[0] + (random() - 0.5) * 2 * farM * metre, place[1] + (random() - 0.5) * 2 * farM * metre];
}

function between(a: Position, b: Position, t: number): Position {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/** Corners to the east (1) or west (−1) of the place, anticlockwise round a loop that begins and ends there. */
function fan(random: Random, side: 1 | -1): Position[] {
  const count = 2 + Math.floor(6 * random());
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i + 0.1 + 0.8 * random()) / count - 0.5) * Math.PI * 0.9;
    const r = (50 + 200 * random()) * metre * side;
    return [place[0] + r * Math.cos(angle), place[1] + r * Math.sin(angle)];
  });
}

/** A closed walk over the crossings of a coarse grid: edges on edges, corners on edges, the same corner many times. */
function latticeWalk(random: Random): Position[] {
  const size = 3 + Math.floor(6 * random());
  const count = 4 + Math.floor(9 * random());
  const ring = Array.from(
    { length: count },
    () =>
      [
        place[0] + 2 ** -10 * Math.floor(size * random()),
        place[1] + 2 ** -10 * Math.floor(size * random()),
      ] as Position,
  );
  return [...ring, ring[0]];
}

/** A ring of rectangles' sides on the same grid: shares sides with its like. */
function latticeBox(random: Random): Position[] {
  const [x, y] = [Math.floor(6 * random()), Math.floor(6 * random())];
  const [w, h] = [1 + Math.floor(5 * random()), 1 + Math.floor(5 * random())];
  const corners: Position[] = [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ];
  return corners.map(([a, b]) => [place[0] + a * 2 ** -10, place[1] + b * 2 ** -10]);
}

/** Shapes with one kind of defect each, whose corners chance sets. */
export const planted: Record<string, (random: Random) => RawParts> = {
  'nothing wrong': (random) => [[star(random)]],
  'an open ring': (random) => [[star(random).slice(0, -1)]],
  'repeated points': (random) => [
    [star(random).flatMap((point) => (random() < 0.3 ? [point, point, point] : [point]))],
  ],
  'a ring that turns the wrong way': (random) => [[star(random).reverse()]],
  'a spike': (random) => {
    const ring = star(random);
    const k = Math.floor((ring.length - 1) * random());
    return [[ring.flatMap((point, i) => (i === k ? [point, near(random, 900), point] : [point]))]];
  },
  'a spike along its own side': (random) => {
    const [a, b, ...rest] = latticeBox(random);
    return [[[a, [b[0] + 2 ** -10, b[1]], b, ...rest]]];
  },
  'a loop of the digitiser': (random) => {
    const ring = star(random);
    const [a, b] = ring;
    const slip = [0.5, 0.5005, 0.4998, 0.5002].map((t) => between(a, b, t));
    slip[1][1] += 0.3 * metre * random();
    slip[2][1] += 0.3 * metre * random();
    return [[[a, ...slip, ...ring.slice(1)]]];
  },
  'two corners swapped': (random) => {
    const ring = star(random);
    const k = 1 + Math.floor((ring.length - 3) * random());
    [ring[k], ring[k + 1]] = [ring[k + 1], ring[k]];
    return [[ring.length > 4 ? [...ring.slice(0, -1), ring[0]] : ring]];
  },
  'corners in any order': (random) => {
    const ring = Array.from({ length: 4 + Math.floor(8 * random()) }, () => near(random, 300));
    return [[[...ring, ring[0]]]];
  },
  'a corner it comes by twice': (random) => {
    const [west, east] = [fan(random, -1), fan(random, 1)];
    return [[[place, ...west, place, ...(random() < 0.5 ? east : east.reverse()), place]]];
  },
  'a walk over a grid': (random) => [[latticeWalk(random)]],
  'a hole anywhere': (random) => [[star(random), star(random, near(random, 350), 100).reverse()]],
  'holes anywhere': (random) => [
    [star(random), ...Array.from({ length: 5 }, () => star(random, near(random, 300), 80 * random()))],
  ],
  'holes on a grid': (random) => [[latticeBox(random), latticeBox(random).reverse(), latticeBox(random).reverse()]],
  'parts anywhere': (random) => [
    [star(random)],
    [star(random, near(random, 600), 200)],
    [star(random, near(random, 600))],
  ],
  'parts on a grid': (random) => [[latticeBox(random)], [latticeBox(random)], [latticeBox(random)]],
  'parts with holes on a grid': (random) => [
    [latticeBox(random), latticeBox(random).reverse()],
    [latticeBox(random), latticeBox(random).reverse()],
  ],
};
