import { traceOutlines } from '../../../detectors/outline.ts';
import type { PixelRuns } from '../../../detectors/runs.ts';
import { RunCollector, runsWhere } from '../../../detectors/runs.ts';
import { chanceAt, normalAt } from './chance.ts';
import { countiesOn } from './counties.ts';
import { alongLattice, type Lattice, type Path } from './lattice.ts';

export interface MadeZone {
  properties: Record<string, string | number>;
  /** Polygons, each its shell and its holes. */
  polygons: Path[][];
}

export interface MadeLayer {
  /** As Tuban names it. */
  name: string;
  /** The property that tells its zones apart. */
  key: string;
  zones(): Iterable<MadeZone>;
}

/** Cells on a side of a block of permanent basic farmland, and of those the share that is in it. */
const BLOCK = 10;
const BLOCK_SHARE = 0.6;
const RED_LINES = { across: 40, down: 5, vertices: 5000 };
const METRES_PER_DEGREE = 111_320;

/** What lies over the parcels; borders of the first two run along parcel edges, those of the others anywhere. */
export function layersOn(lattice: Lattice, approvals: number): MadeLayer[] {
  return [
    { name: 'districts', key: 'XZQDM', zones: () => districts(lattice) },
    { name: 'permanent-basic-farmland', key: 'BSM', zones: () => farmlandBlocks(lattice) },
    { name: 'red-line', key: 'BSM', zones: () => redLines(lattice) },
    { name: 'approvals', key: 'BSM', zones: () => approvalsOn(lattice, approvals) },
  ];
}

function* districts(lattice: Lattice): Iterable<MadeZone> {
  const counties = countiesOn(lattice);
  const runs = counties.all.map(() => new RunCollector());
  for (let j = 0; j < lattice.rows; j++) {
    for (let i = 0, from = 0; i < lattice.columns; i++) {
      const county = counties.at(i, j);
      if (i + 1 < lattice.columns && counties.at(i + 1, j) === county) continue;
      runs[county].add(j, from, i + 1);
      from = i + 1;
    }
  }
  for (const [k, { code, name }] of counties.all.entries()) {
    yield { properties: { XZQDM: code, XZQMC: name }, polygons: cellOutlines(lattice, runs[k].finish()) };
  }
}

/** Blocks of cells that hang together, with holes, none larger than its square of the lattice. */
function* farmlandBlocks(lattice: Lattice): Iterable<MadeZone> {
  let number = 0;
  for (let row = 0; row < lattice.rows; row += BLOCK) {
    for (let column = 0; column < lattice.columns; column += BLOCK) {
      const width = Math.min(BLOCK, lattice.columns - column);
      const height = Math.min(BLOCK, lattice.rows - row);
      const cells = grownBlob(width, height, ++number);
      const block = { stride: width, left: 0, top: 0, width, height, column, row };
      const runs = runsWhere(block, (index) => cells[index] === 1);
      const properties = { BSM: idOf('3110', number), YJJBNTTBBH: `YN${number}`, BZ: '永久基本农田' };
      yield { properties, polygons: cellOutlines(lattice, runs) };
    }
  }
}

/** Grows from the middle, one neighbour at a time, as chance has it, until it fills its share of the box. */
function grownBlob(width: number, height: number, seed: number): Uint8Array {
  const cells = new Uint8Array(width * height);
  const edge = [Math.floor(height / 2) * width + Math.floor(width / 2)];
  const wanted = Math.ceil(BLOCK_SHARE * cells.length);
  for (let count = 0, step = 0; count < wanted && edge.length > 0; step++) {
    const [cell] = edge.splice(Math.floor(chanceAt(11, seed, step) * edge.length), 1);
    if (cells[cell] === 1) continue;
    cells[cell] = 1;
    count++;
    const [x, y] = [cell % width, Math.floor(cell / width)];
    if (x > 0) edge.push(cell - 1);
    if (x + 1 < width) edge.push(cell + 1);
    if (y > 0) edge.push(cell - width);
    if (y + 1 < height) edge.push(cell + width);
  }
  return cells;
}

function* redLines(lattice: Lattice): Iterable<MadeZone> {
  const { across, down, vertices } = RED_LINES;
  for (let number = 1; number <= across * down; number++) {
    const u = (((number - 1) % across) + 0.5) / across;
    const v = (Math.floor((number - 1) / across) + 0.5) / down;
    const ring = ruggedRing(lattice.place(u, v), 1500 + 800 * chanceAt(21, number, 0), vertices, number);
    yield { properties: { BSM: idOf('6110', number), HXMC: `生态保护红线${number}` }, polygons: [[ring]] };
  }
}

/** Seen from its middle every point once: its radius is a sum of waves, the shorter the lower. */
function ruggedRing([lon, lat]: [number, number], radiusM: number, vertices: number, seed: number): Path {
  const waves = Array.from({ length: 60 }, (_, k) => ({
    turns: k < 12 ? k + 1 : 5 * (k - 9),
    height: 0.35 / (k < 12 ? k + 2 : 3 * (k - 7)),
    phase: 2 * Math.PI * chanceAt(22, seed, k),
  }));
  const east = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  const ring: Path = [];
  for (let n = 0; n < vertices; n++) {
    const angle = (2 * Math.PI * n) / vertices;
    const relief = waves.reduce((sum, { turns, height, phase }) => sum + height * Math.sin(turns * angle + phase), 0);
    const radius = radiusM * Math.max(0.2, 1 + relief);
    ring.push(lon + (radius * Math.cos(angle)) / east, lat + (radius * Math.sin(angle)) / METRES_PER_DEGREE);
  }
  ring.push(ring[0], ring[1]);
  return ring;
}

function* approvalsOn(lattice: Lattice, count: number): Iterable<MadeZone> {
  for (let number = 1; number <= count; number++) {
    const centre = approvalPlace(lattice, number);
    const corners = 5 + Math.floor(8 * chanceAt(31, number, 2));
    const ring = cornerRing(centre, 45 * Math.exp(0.6 * normalAt(31, number, 3)), corners, number);
    const year = 2021 + (number % 6);
    const properties = {
      BSM: idOf('5110', number),
      PZWH: `湘政地〔${year}〕${number}号`,
      PZRQ: `${year}-${String(1 + (number % 12)).padStart(2, '0')}-15`,
      PZMJ: Math.round(1e4 * chanceAt(31, number, 4)) / 10,
    };
    yield { properties, polygons: [[ring]] };
  }
}

/** Where an approval lies; patches of this benchmark often lie near one. */
export function approvalPlace(lattice: Lattice, number: number): [number, number] {
  return lattice.place(0.002 + 0.996 * chanceAt(31, number, 0), 0.01 + 0.98 * chanceAt(31, number, 1));
}

function cornerRing([lon, lat]: [number, number], radiusM: number, corners: number, seed: number): Path {
  const east = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  const ring: Path = [];
  for (let n = 0; n < corners; n++) {
    const angle = (2 * Math.PI * (n + 0.7 * chanceAt(32, seed, n))) / corners;
    const radius = radiusM * (0.6 + 0.4 * chanceAt(33, seed, n));
    ring.push(lon + (radius * Math.cos(angle)) / east, lat + (radius * Math.sin(angle)) / METRES_PER_DEGREE);
  }
  ring.push(ring[0], ring[1]);
  return ring;
}

function cellOutlines(lattice: Lattice, runs: PixelRuns): Path[][] {
  return traceOutlines(runs).map((rings) => rings.map((ring) => alongLattice(lattice, ring)));
}

function idOf(layerCode: string, number: number): string {
  return `430400${layerCode}${String(number).padStart(8, '0')}`;
}
