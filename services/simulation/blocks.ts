import { type Landscape, type LatticeLine, LINE_WIDTHS, type LineKind } from './landscape.ts';
import { between, finish, mixKeys, type Random, seeded } from './random.ts';

/** A rectangle in lattice metres. */
export interface LatticeBox {
  u0: number;
  u1: number;
  v0: number;
  v1: number;
}

/** The land between four lattice lines. */
export interface Block {
  index: number;
  /** Inside the free strips of what runs along its four sides. */
  inner: LatticeBox;
  /** Which sides have something on them that vehicles use. */
  roadside: boolean;
}

/** One piece of a lattice line, between two crossings. */
export interface LinePiece {
  kind: LineKind;
  along: 'u' | 'v';
  at: number;
  from: number;
  to: number;
}

/** All blocks that could touch the county, and the pieces of line around them. */
export function planBlocks(seed: number, landscape: Landscape): { blocks: Block[]; pieces: LinePiece[] } {
  const { uLines, vLines } = landscape;
  const blocks: Block[] = [];
  const pieces: LinePiece[] = [];
  for (let i = 0; i + 1 < uLines.length; i++) {
    for (let j = 0; j + 1 < vLines.length; j++) {
      const outer = { u0: uLines[i].at, u1: uLines[i + 1].at, v0: vLines[j].at, v1: vLines[j + 1].at };
      if (!nearCounty(landscape, outer)) continue;
      const west = pieceKind(seed, uLines[i], 'u', i, j);
      const north = pieceKind(seed, vLines[j], 'v', i, j);
      const east = pieceKind(seed, uLines[i + 1], 'u', i + 1, j);
      const south = pieceKind(seed, vLines[j + 1], 'v', i, j + 1);
      pieces.push({ kind: west, along: 'v', at: outer.u0, from: outer.v0, to: outer.v1 });
      pieces.push({ kind: north, along: 'u', at: outer.v0, from: outer.u0, to: outer.u1 });
      blocks.push({
        index: i * vLines.length + j,
        inner: {
          u0: outer.u0 + LINE_WIDTHS[west].freeM,
          u1: outer.u1 - LINE_WIDTHS[east].freeM,
          v0: outer.v0 + LINE_WIDTHS[north].freeM,
          v1: outer.v1 - LINE_WIDTHS[south].freeM,
        },
        roadside: [west, north, east, south].some((kind) => kind === 'road' || kind === 'main-road'),
      });
    }
  }
  return { blocks, pieces };
}

/** Minor lines change from piece to piece; named ones run through. */
function pieceKind(seed: number, line: LatticeLine, axis: 'u' | 'v', i: number, j: number): LineKind {
  if (line.kind !== 'bank') return line.kind;
  const share = finish(mixKeys(seed, 'piece', axis, i, j)) / 4294967296;
  if (share < 0.24) return 'track';
  if (share < 0.45) return 'dirt-track';
  return share < 0.68 ? 'ditch' : 'bank';
}

function nearCounty(landscape: Landscape, box: LatticeBox): boolean {
  const { widthM, heightM } = landscape.extent;
  const margin = 30;
  const corners = [
    landscape.toGround(box.u0, box.v0),
    landscape.toGround(box.u1, box.v0),
    landscape.toGround(box.u0, box.v1),
    landscape.toGround(box.u1, box.v1),
  ];
  return (
    Math.max(...corners.map((corner) => corner[0])) > -margin &&
    Math.min(...corners.map((corner) => corner[0])) < widthM + margin &&
    Math.max(...corners.map((corner) => corner[1])) > -margin &&
    Math.min(...corners.map((corner) => corner[1])) < heightM + margin
  );
}

/** Cuts a block into parcels: even strips on consolidated land, ever smaller halves on crooked land. */
export function cutBlock(seed: number, block: Block, crooked: number): LatticeBox[] {
  const random = seeded(seed, 'cut', block.index);
  const parcels: LatticeBox[] = [];
  if (random() > crooked) cutStrips(random, block.inner, parcels);
  else cutHalves(random, block.inner, between(random, 1100, 3600), parcels);
  return parcels;
}

function cutStrips(random: Random, box: LatticeBox, into: LatticeBox[]): void {
  const alongU = box.u1 - box.u0 > box.v1 - box.v0;
  const rows = Math.max(1, Math.round((alongU ? box.v1 - box.v0 : box.u1 - box.u0) / 85));
  const stripM = between(random, 22, 40);
  for (let row = 0; row < rows; row++) {
    const shelf = alongU
      ? { ...box, v0: mix(box.v0, box.v1, row / rows), v1: mix(box.v0, box.v1, (row + 1) / rows) }
      : { ...box, u0: mix(box.u0, box.u1, row / rows), u1: mix(box.u0, box.u1, (row + 1) / rows) };
    const length = alongU ? shelf.u1 - shelf.u0 : shelf.v1 - shelf.v0;
    const count = Math.max(1, Math.round(length / stripM));
    for (let i = 0; i < count; i++) {
      const a = i / count;
      const b = (i + 1) / count;
      into.push(
        alongU
          ? { ...shelf, u0: mix(shelf.u0, shelf.u1, a), u1: mix(shelf.u0, shelf.u1, b) }
          : { ...shelf, v0: mix(shelf.v0, shelf.v1, a), v1: mix(shelf.v0, shelf.v1, b) },
      );
    }
  }
}

function cutHalves(random: Random, box: LatticeBox, targetM2: number, into: LatticeBox[]): void {
  const width = box.u1 - box.u0;
  const height = box.v1 - box.v0;
  if (width * height < targetM2 * between(random, 0.8, 2.2) || Math.min(width, height) < 16) {
    into.push(box);
    return;
  }
  const share = between(random, 0.34, 0.66);
  if (width * between(random, 0.75, 1.3) > height) {
    const middle = mix(box.u0, box.u1, share);
    cutHalves(random, { ...box, u1: middle }, targetM2, into);
    cutHalves(random, { ...box, u0: middle }, targetM2, into);
  } else {
    const middle = mix(box.v0, box.v1, share);
    cutHalves(random, { ...box, v1: middle }, targetM2, into);
    cutHalves(random, { ...box, v0: middle }, targetM2, into);
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
