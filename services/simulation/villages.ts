import type { Block } from './blocks.ts';
import { contains, disc, type Point, placed, type Ring, rectangle, ringBox } from './geometry.ts';
import { FOREST_LINE, type Landscape, reliefAt } from './landscape.ts';
import { isFarmland, type Parcel, type VillageSite } from './parcels.ts';
import { between, gaussian, integer, pick, type Random, seeded } from './random.ts';

export const ROOF_KINDS = [
  'tile-grey',
  'tile-dark',
  'tile-red',
  'metal-blue',
  'metal-white',
  'concrete',
  'terrace',
] as const;
export type RoofKind = (typeof ROOF_KINDS)[number];

/** Roofs of one kind differ in shade: variant 0, 1 or 2. */
export const ROOF_VARIANTS = 3;

export interface House {
  outline: Ring;
  /** The two slopes of a pitched roof, sunny side first; a flat roof has the outline alone. */
  slopes: Ring[];
  /** Paved ground before the house, or none. */
  yard: Ring | null;
  heightM: number;
  roof: RoofKind;
  variant: number;
}

export interface Tree {
  crown: Ring;
  heightM: number;
  variant: number;
}

/** Village centres at the foot of the hills or on a road, well apart. */
export function planVillageSites(seed: number, landscape: Landscape, blocks: Block[]): VillageSite[] {
  const random = seeded(seed, 'villages');
  const { widthM, heightM } = landscape.extent;
  const wanted = Math.max(2, Math.round((widthM * heightM) / 1.05e6));
  const sites: VillageSite[] = [];
  for (let attempt = 0; attempt < 4000 && sites.length < wanted; attempt++) {
    const block = pick(random, blocks);
    const { u0, u1, v0 } = block.inner;
    const [x, y] = landscape.toGround(between(random, u0, u1), v0);
    const relief = reliefAt(landscape, x, y);
    const foot = relief > FOREST_LINE - 0.3 && relief < FOREST_LINE - 0.03;
    if (!foot && !(block.roadside && relief < FOREST_LINE - 0.3 && relief > -0.45)) continue;
    if (x < 0 || y < 0 || x > widthM || y > heightM) continue;
    if (sites.some((site) => Math.hypot(site.centre[0] - x, site.centre[1] - y) < 480)) continue;
    sites.push({ centre: [x, y], radiusM: between(random, 55, 115) });
  }
  return sites;
}

/** Rows of houses on a homestead parcel, gardens and gaps between them. */
export function planHouses(seed: number, parcel: Parcel): House[] {
  const random = seeded(seed, 'houses', parcel.id);
  const houses: House[] = [];
  const box = ringBox(parcel.ring);
  const reach = Math.hypot(box.maxX - box.minX, box.maxY - box.minY) / 2;
  const [pitchX, pitchY] = [between(random, 14, 18), between(random, 16, 22)];
  const [cos, sin] = [Math.cos(parcel.angle), Math.sin(parcel.angle)];
  for (let a = -reach; a < reach; a += pitchX) {
    for (let b = -reach; b < reach; b += pitchY) {
      if (random() < 0.16) continue;
      const p = a + gaussian(random) * 1.2;
      const q = b + gaussian(random) * 1.8;
      const house = planHouse(
        random,
        parcel.centre[0] + p * cos - q * sin,
        parcel.centre[1] + p * sin + q * cos,
        parcel.angle + 0.04 * gaussian(random),
      );
      if (house.outline.every(([x, y]) => contains(parcel.ring, x, y))) houses.push(withYard(random, house, parcel));
    }
  }
  return houses;
}

function withYard(random: Random, house: House, parcel: Parcel): House {
  if (random() < 0.35) return house;
  const [cos, sin] = [Math.cos(parcel.angle), Math.sin(parcel.angle)];
  const ahead = between(random, 5, 8);
  const yard = house.outline.map(([x, y]): Point => [x - sin * ahead, y + cos * ahead]);
  return { ...house, yard: yard.every(([x, y]) => contains(parcel.ring, x, y)) ? yard : null };
}

/** Tiles are still the commonest. */
const FARMHOUSE_ROOFS: RoofKind[] = [...ROOF_KINDS, 'tile-grey', 'tile-grey', 'tile-dark', 'tile-red', 'terrace'];

/** One farmhouse of two or three floors. */
export function planHouse(random: Random, x: number, y: number, angle: number): House {
  const roof = pick(random, FARMHOUSE_ROOFS);
  return roofed(random, x, y, between(random, 9, 14.5), between(random, 8, 11), angle, roof, between(random, 6, 11));
}

/** A building of given size; pitched roofs get two slopes, the one that looks to the sun first. */
export function roofed(
  random: Random,
  x: number,
  y: number,
  widthM: number,
  depthM: number,
  angle: number,
  roof: RoofKind,
  heightM: number,
): House {
  const outline = rectangle(x, y, widthM, depthM, angle);
  const flat = roof === 'concrete' || roof === 'terrace';
  const half = (side: number) => placed(rectangle(0, (side * depthM) / 4, widthM, depthM / 2, 0), x, y, angle);
  // The morning sun stands in the east-south-east: the slope whose outward normal leans there is lit.
  const lit = -Math.sin(angle) * 0.85 + Math.cos(angle) * 0.5 > 0 ? 1 : -1;
  return {
    outline,
    slopes: flat ? [outline] : [half(lit), half(-lit)],
    yard: null,
    heightM,
    roof,
    variant: integer(random, 0, ROOF_VARIANTS - 1),
  };
}

/** Crowns between the houses, along ponds and here and there on a ridge. */
export function planTrees(seed: number, parcel: Parcel): Tree[] {
  const random = seeded(seed, 'trees', parcel.id);
  if (parcel.landClass === '0702') {
    const box = ringBox(parcel.ring);
    return Array.from({ length: Math.round(parcel.areaM2 / 60) }, () =>
      tree(random, between(random, box.minX, box.maxX), between(random, box.minY, box.maxY)),
    ).filter(({ crown }) => contains(parcel.ring, ...crown[0]));
  }
  const share = parcel.landClass === '1104' ? 0.35 : isFarmland(parcel) ? 0.018 : 0.06;
  return parcel.ring.filter(() => random() < share).map(([x, y]) => tree(random, x, y));
}

export function tree(random: Random, x: number, y: number): Tree {
  const radius = between(random, 1.3, 3.4);
  const crown = disc(x, y, radius, 9).map(
    ([px, py]): Point => [px + 0.25 * radius * gaussian(random), py + 0.25 * radius * gaussian(random)],
  );
  return { crown, heightM: radius * 2.2, variant: integer(random, 0, 2) };
}
