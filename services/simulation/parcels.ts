import { type Block, cutBlock, type LatticeBox } from './blocks.ts';
import { type Borders, districtCodeAt } from './districts.ts';
import { centroid, type Point, type Ring, ringAreaM2 } from './geometry.ts';
import { FOREST_LINE, type Landscape, reliefAt } from './landscape.ts';
import { noiseField } from './noise.ts';
import { between, mixKeys, pick, type Random, seeded } from './random.ts';

/** GB/T 21010-2017: paddy, dry land, orchard, forest, pond, homestead. */
export type LandClass = '0101' | '0103' | '02' | '03' | '1104' | '0702';

export const LAND_CLASS_NAMES: Record<LandClass, string> = {
  '0101': '水田',
  '0103': '旱地',
  '02': '园地',
  '03': '林地',
  '1104': '坑塘水面',
  '0702': '农村宅基地',
};

export interface Parcel {
  /** Its place in the list. */
  index: number;
  /** District code and six digits; unique in the county. */
  id: string;
  block: number;
  landClass: LandClass;
  ring: Ring;
  centre: Point;
  areaM2: number;
  /** Direction of its rows, radians from the x axis. */
  angle: number;
  district: string;
  /** Wholly inside the county; only such parcels are in the layers. */
  listed: boolean;
}

/** Where homes stand: inside it, parcels become homesteads. */
export interface VillageSite {
  centre: Point;
  radiusM: number;
}

/** Cuts the blocks into parcels; what lies on wooded hills is left out. */
export function planParcels(
  seed: number,
  landscape: Landscape,
  borders: Borders,
  blocks: Block[],
  sites: VillageSite[],
): Parcel[] {
  const crook = crookedWarp(seed, landscape);
  const parcels: Parcel[] = [];
  const serials = new Map<string, number>();
  for (const block of blocks) {
    const middle: Point = [(block.inner.u0 + block.inner.u1) / 2, (block.inner.v0 + block.inner.v1) / 2];
    const crooked = landscape.crookedness(...landscape.toGround(...middle));
    const random = seeded(seed, 'parcels', block.index);
    for (const box of cutBlock(seed, block, crooked)) {
      const ring = ringOf(box, between(random, 0.35, 0.75), 12 - 6 * crooked, crook);
      const centre = centroid(ring);
      const landClass = classAt(random, landscape, sites, block, centre);
      if (landClass === null) continue;
      const district = districtCodeAt(borders, ...centre);
      const serial = (serials.get(district) ?? 0) + 1;
      serials.set(district, serial);
      parcels.push({
        index: parcels.length,
        id: district + String(serial).padStart(6, '0'),
        block: block.index,
        landClass,
        ring,
        centre,
        areaM2: ringAreaM2(ring),
        angle: rowAngle(box, landscape),
        district,
        listed: insideCounty(ring, landscape),
      });
    }
  }
  return parcels;
}

export function isFarmland(parcel: Parcel): boolean {
  return parcel.landClass.startsWith('01');
}

/** Lattice to ground, with the small bends of old field borders on top. */
function crookedWarp(seed: number, landscape: Landscape): Landscape['toGround'] {
  const bendX = noiseField(mixKeys(seed, 'bend-x'));
  const bendY = noiseField(mixKeys(seed, 'bend-y'));
  return (u, v) => {
    const [x, y] = landscape.toGround(u, v);
    const amplitude = 1 + 9 * landscape.crookedness(x, y);
    return [x + amplitude * bendX(u / 62, v / 62), y + amplitude * bendY(u / 62, v / 62)];
  };
}

/** The box, half a ridge smaller on each side, its edges followed every stepM through the warp. */
function ringOf(box: LatticeBox, ridgeM: number, stepM: number, toGround: Landscape['toGround']): Ring {
  const corners: Point[] = [
    [box.u0 + ridgeM, box.v0 + ridgeM],
    [box.u1 - ridgeM, box.v0 + ridgeM],
    [box.u1 - ridgeM, box.v1 - ridgeM],
    [box.u0 + ridgeM, box.v1 - ridgeM],
  ];
  const ring: Ring = [];
  corners.forEach(([u, v], i) => {
    const [nu, nv] = corners[(i + 1) % 4];
    const steps = Math.max(1, Math.round(Math.hypot(nu - u, nv - v) / stepM));
    for (let step = 0; step < steps; step++) {
      ring.push(toGround(u + ((nu - u) * step) / steps, v + ((nv - v) * step) / steps));
    }
  });
  return ring;
}

function rowAngle(box: LatticeBox, landscape: Landscape): number {
  const u = (box.u0 + box.u1) / 2;
  const v = (box.v0 + box.v1) / 2;
  const alongU = box.u1 - box.u0 >= box.v1 - box.v0;
  const [ax, ay] = landscape.toGround(u, v);
  const [bx, by] = alongU ? landscape.toGround(u + 5, v) : landscape.toGround(u, v + 5);
  return Math.atan2(by - ay, bx - ax);
}

function insideCounty(ring: Ring, landscape: Landscape): boolean {
  const { widthM, heightM } = landscape.extent;
  return ring.every(([x, y]) => x > 1 && y > 1 && x < widthM - 1 && y < heightM - 1);
}

/** What grows here: homes in villages, paddies in the valley, dry land and orchards at the foot of the hills. */
function classAt(
  random: Random,
  landscape: Landscape,
  sites: VillageSite[],
  block: Block,
  [x, y]: Point,
): LandClass | null {
  const relief = reliefAt(landscape, x, y);
  const draw = random();
  if (relief > FOREST_LINE - 0.02) return null;
  if (inVillage(sites, x, y, random)) return '0702';
  if (block.roadside && random() < 0.05) return '0702';
  if (relief > FOREST_LINE - 0.2) {
    if (draw < 0.34) return '0103';
    if (draw < 0.52) return '02';
    return draw < 0.58 ? '03' : '0101';
  }
  if (draw < 0.04) return '1104';
  if (draw < 0.11) return '0103';
  return draw < 0.125 ? pick(random, ['02', '03'] as const) : '0101';
}

function inVillage(sites: VillageSite[], x: number, y: number, random: Random): boolean {
  const ragged = between(random, 0.75, 1.15);
  return sites.some(({ centre, radiusM }) => Math.hypot(x - centre[0], y - centre[1]) < radiusM * ragged);
}
