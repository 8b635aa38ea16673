import { type Cells, erode } from './cells.ts';

/** A 4-connected group of cells that stands out in some field, and how it stands out. */
export interface Blob {
  /** Cell indices, first found first. */
  cells: Int32Array;
  /** Mean of the field over its upper half: how strongly the middle of the blob stands out. */
  level: number;
  /** True when it touches the border: some of it may lie outside. */
  atBorder: boolean;
  /**
   * Steepness of the field along the blob's edge: change over two cells, weighted towards the steepest, as a share
   * of the level. A roof or a field rises from nothing to its level within two cells: 0.7 and more; cloud and
   * shadow fade in over many.
   */
  sharpness: number;
}

/**
 * The blobs of the set cells, described by `field`, in row-major order of their first cell.
 * @param edgeCells how many cells on both sides of a blob's outline count as its edge
 */
export function describeBlobs(set: Uint8Array, field: Float32Array, cells: Cells, edgeCells: number): Blob[] {
  const labels = new Int32Array(set.length);
  const groups = connectedGroups(set, cells.columns, labels);
  for (let i = 0; i < edgeCells; i++) spread(labels, cells.columns);
  const inside = erode(set, cells, edgeCells);
  const steep = new Float64Array(groups.length);
  const squares = new Float64Array(groups.length);
  for (let k = cells.columns; k < labels.length - cells.columns; k++) {
    if (labels[k] === 0 || inside[k] === 1) continue;
    const change = changeAt(field, cells, k);
    steep[labels[k] - 1] += change;
    squares[labels[k] - 1] += change * change;
  }
  return groups.map((group, i) => {
    const level = upperLevel(group, field);
    const atBorder = group.some((k) => onBorder(k, cells));
    return { cells: group, level, atBorder, sharpness: steep[i] > 0 ? squares[i] / steep[i] / level : 0 };
  });
}

function onBorder(k: number, { columns, rows }: Cells): boolean {
  const column = k % columns;
  return column === 0 || column === columns - 1 || k < columns || k >= columns * (rows - 1);
}

/** How much the field changes across one cell, from neighbour to neighbour; 0 at unobserved cells and the border. */
function changeAt(field: Float32Array, { columns, observed }: Cells, k: number): number {
  const column = k % columns;
  if (column === 0 || column === columns - 1) return 0;
  if ((observed[k - 1] & observed[k + 1] & observed[k - columns] & observed[k + columns]) === 0) return 0;
  return Math.hypot(field[k + 1] - field[k - 1], field[k + columns] - field[k - columns]);
}

function upperLevel(group: Int32Array, field: Float32Array): number {
  let sum = 0;
  for (const k of group) sum += field[k];
  const mean = sum / group.length;
  let upper = 0;
  let count = 0;
  for (const k of group) {
    if (field[k] < mean) continue;
    upper += field[k];
    count++;
  }
  return count > 0 ? upper / count : mean;
}

/** Groups 4-connected set cells and writes each cell's group number, from 1, into `labels`. */
function connectedGroups(set: Uint8Array, columns: number, labels: Int32Array): Int32Array[] {
  const groups: Int32Array[] = [];
  for (let first = 0; first < set.length; first++) {
    if (set[first] === 0 || labels[first] !== 0) continue;
    const label = groups.length + 1;
    const group = [first];
    labels[first] = label;
    const visit = (k: number) => {
      if (set[k] !== 1 || labels[k] !== 0) return;
      labels[k] = label;
      group.push(k);
    };
    for (let i = 0; i < group.length; i++) {
      const k = group[i];
      if (k % columns > 0) visit(k - 1);
      if (k % columns < columns - 1) visit(k + 1);
      visit(k - columns);
      visit(k + columns);
    }
    groups.push(Int32Array.from(group));
  }
  return groups;
}

/** Gives every unlabelled cell beside a labelled one that one's label. */
function spread(labels: Int32Array, columns: number): void {
  const before = labels.slice();
  for (let k = 0; k < labels.length; k++) {
    if (before[k] !== 0) continue;
    const left = k % columns > 0 ? before[k - 1] : 0;
    const right = k % columns < columns - 1 ? before[k + 1] : 0;
    labels[k] = left || right || before[k - columns] || before[k + columns] || 0;
  }
}

/**
 * How the ground under a blob looks against a reference: correlation of the two fine structures (each less its
 * surroundings' mean) and the slope of the first on the second. Ground in shadow keeps its structure, weaker
 * (correlation high, slope under 1); ground that was built on or flooded does not keep it.
 */
export function structureKept(
  blob: Blob,
  fine: Float32Array,
  referenceFine: Float32Array,
): { correlation: number; slope: number } {
  let own = 0;
  let reference = 0;
  let cross = 0;
  for (const k of blob.cells) {
    own += fine[k] * fine[k];
    reference += referenceFine[k] * referenceFine[k];
    cross += fine[k] * referenceFine[k];
  }
  if (own === 0 || reference === 0) return { correlation: 0, slope: 0 };
  return { correlation: cross / Math.sqrt(own * reference), slope: cross / reference };
}
