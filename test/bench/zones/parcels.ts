import { writeFileSync } from 'node:fs';
import { fromLonLat } from '../../../imagery/crs.ts';
import { chanceAt } from './chance.ts';
import { type Counties, countiesOn } from './counties.ts';
import { type Lattice, type Path, reversed } from './lattice.ts';
import { type Column, DbfWriter, ShapefileWriter } from './shapefile-writer.ts';

const COLUMNS: readonly Column[] = [
  { name: 'BSM', width: 18, type: 'C' },
  { name: 'DLBM', width: 5, type: 'C' },
  { name: 'DLMC', width: 60, type: 'C' },
  { name: 'ZLDWDM', width: 19, type: 'C' },
  { name: 'QSDWMC', width: 60, type: 'C' },
  { name: 'TBMJ', width: 15, type: 'N' },
];

/** Land classes of GB/T 21010-2017 and the share of parcels up to and with each. */
const CLASSES: readonly [number, string, string][] = [
  [0.42, '0101', '水田'],
  [0.6, '0103', '旱地'],
  [0.64, '0102', '水浇地'],
  [0.7, '0201', '果园'],
  [0.82, '0301', '乔木林地'],
  [0.85, '0404', '其他草地'],
  [0.91, '0702', '农村宅基地'],
  [0.94, '1006', '农村道路'],
  [0.97, '1104', '坑塘水面'],
  [0.98, '1202', '设施农用地'],
  [1, '1107', '沟渠'],
];
const VILLAGES = ['梅花', '洪山', '长塘', '三塘', '石桥', '白云', '杨柳', '大石', '金星', '新桥', '茶山', '双江'];

/** Prefixed eastings of the 3° zone 38, CM 114°E, though a good half of the prefecture lies in zone 37. */
export const PROJECTED = 'EPSG:4526';

/** Writes BASE-lonlat.* and BASE-4526.*: the same parcels twice, row by row. @returns vertices, closing ones with them */
export function writeParcels(lattice: Lattice, base: string): number {
  const counties = countiesOn(lattice);
  const project = fromLonLat(PROJECTED);
  const lonLat = new ShapefileWriter(`${base}-lonlat`);
  const metres = new ShapefileWriter(`${base}-4526`);
  const table = new DbfWriter(`${base}-4526.dbf`, COLUMNS);
  let vertices = 0;
  let south = edgesOf(lattice.columns, (i) => lattice.east(i, 0), project);
  for (let j = 0; j < lattice.rows; j++) {
    const north = edgesOf(lattice.columns, (i) => lattice.east(i, j + 1), project);
    const sides = edgesOf(lattice.columns + 1, (i) => lattice.north(i, j), project);
    for (let i = 0; i < lattice.columns; i++) {
      const ring = clockwise(south.lonLat[i], sides.lonLat[i + 1], north.lonLat[i], sides.lonLat[i]);
      lonLat.add(ring);
      metres.add(clockwise(south.metres[i], sides.metres[i + 1], north.metres[i], sides.metres[i]));
      table.add(recordOf(lattice, counties, i, j, ring));
      vertices += ring.length / 2;
    }
    south = north;
  }
  for (const writer of [lonLat, metres, table]) writer.finish();
  for (const crs of ['lonlat', '4526']) writeFileSync(`${base}-${crs}.prj`, WKT[crs]);
  return vertices;
}

/** As ESRI's programs write them. */
const GEOGCS =
  'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
const WKT: Record<string, string> = {
  lonlat: GEOGCS,
  4526: `PROJCS["CGCS2000_3_Degree_GK_Zone_38",${GEOGCS},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`,
};

function edgesOf(count: number, edge: (i: number) => Path, project: (x: number, y: number) => [number, number]) {
  const lonLat = Array.from({ length: count }, (_, i) => edge(i));
  const metres = lonLat.map((path) => {
    const projected: Path = [];
    for (let k = 0; k < path.length; k += 2) projected.push(...project(path[k], path[k + 1]));
    return projected;
  });
  return { lonLat, metres };
}

function clockwise(south: Path, east: Path, north: Path, west: Path): Path {
  const ring: Path = [];
  for (const path of [west, north, reversed(east), reversed(south)]) {
    for (let k = 0; k < path.length - 2; k++) ring.push(path[k]);
  }
  ring.push(ring[0], ring[1]);
  return ring;
}

function recordOf(lattice: Lattice, counties: Counties, i: number, j: number, ring: Path): (string | number)[] {
  const county = counties.all[counties.at(i, j)];
  const { town, village } = counties.townAt(i, j);
  const chance = chanceAt(5, i, j);
  const [, code, name] = CLASSES.find(([upTo]) => chance < upTo)!;
  const place = `${county.code}${String(100 + town)}${String(200 + village)}`;
  const hamlet = VILLAGES[(town * 7 + village) % VILLAGES.length];
  return [
    bsmOf(lattice, county.code, i, j),
    code,
    name,
    place.padEnd(19, '0'),
    `${county.name}${VILLAGES[town % VILLAGES.length]}镇${hamlet}村集体`,
    roughAreaM2(ring),
  ];
}

/** 标识码: county, layer code, number in the layer: 18 digits. */
function bsmOf({ columns }: Lattice, county: string, i: number, j: number): string {
  return `${county}2110${String(j * columns + i + 1).padStart(8, '0')}`;
}

/** As a register states it: to the second decimal, and not what the ellipsoid says. */
function roughAreaM2(ring: Path): number {
  let twice = 0;
  for (let k = 2; k < ring.length; k += 2) {
    twice += (ring[k - 2] - ring[0]) * (ring[k + 1] - ring[1]) - (ring[k] - ring[0]) * (ring[k - 1] - ring[1]);
  }
  return (Math.abs(twice) / 2) * 111_320 * 110_780 * Math.cos((ring[1] * Math.PI) / 180);
}
