import type { Cells } from './cells.ts';

type Lattice = Pick<Cells, 'columns' | 'rows'>;

/**
 * How many cells of the (2 · radius + 1)² square round each cell are set (1 in `set`); the square is cut at the
 * border. Running sums along rows, then down columns. Radius at most 127, so that counts fit.
 */
export function countAround(set: Uint8Array, { columns, rows }: Lattice, radius: number): Uint16Array {
  const across = new Uint16Array(columns * rows);
  for (let base = 0; base < across.length; base += columns) {
    let sum = 0;
    for (let i = 0; i < Math.min(radius, columns); i++) sum += set[base + i];
    for (let i = 0; i < columns; i++) {
      if (i + radius < columns) sum += set[base + i + radius];
      if (i > radius) sum -= set[base + i - radius - 1];
      across[base + i] = sum;
    }
  }
  const counts = new Uint16Array(columns * rows);
  const running = new Uint16Array(columns);
  for (let r = -radius; r < rows; r++) {
    const enters = (r + radius) * columns;
    const leaves = (r - radius - 1) * columns;
    if (r + radius < rows) for (let c = 0; c < columns; c++) running[c] += across[enters + c];
    if (leaves >= 0) for (let c = 0; c < columns; c++) running[c] -= across[leaves + c];
    if (r >= 0) counts.set(running, r * columns);
  }
  return counts;
}

/** The observed cells round which at least `share` of the observed cells of the square are set. */
export function mostlySet(
  set: Uint8Array,
  cells: Pick<Cells, 'columns' | 'rows' | 'observed'>,
  radius: number,
  share: number,
): { set: Uint8Array; count: number } {
  const { columns, rows, observed } = cells;
  const votes = countAround(set, cells, radius);
  const seen = observed.includes(0) ? countAround(observed, cells, radius) : null;
  const reach = (i: number, length: number) => Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1;
  const across = Uint16Array.from({ length: columns }, (_, column) => reach(column, columns));
  const kept = new Uint8Array(set.length);
  let count = 0;
  for (let row = 0, k = 0; row < rows; row++) {
    const down = reach(row, rows);
    for (let column = 0; column < columns; column++, k++) {
      if (votes[k] === 0 || observed[k] === 0) continue;
      if (votes[k] < share * (seen === null ? across[column] * down : seen[k])) continue;
      kept[k] = 1;
      count++;
    }
  }
  return { set: kept, count };
}

/** Fills observed cells that six or more of eight neighbours surround, and drops cells with fewer than two. Twice. */
export function smoothOutline(set: Uint8Array, cells: Pick<Cells, 'columns' | 'rows' | 'observed'>): void {
  for (let pass = 0; pass < 2; pass++) {
    const around = countAround(set, cells, 1);
    for (let k = 0; k < set.length; k++) {
      if (set[k] === 1 ? around[k] < 3 : around[k] >= 6 && cells.observed[k] === 1) set[k] = 1 - set[k];
    }
  }
}

/** True where the cell has fewer than four neighbours. */
export function atBorder(k: number, { columns, rows }: Lattice): boolean {
  const column = k % columns;
  return column === 0 || column === columns - 1 || k < columns || k >= columns * (rows - 1);
}

/**
 * Spreads from the cells of `front` to 4-neighbours for `steps` steps; `enter(to, from)` says whether a cell is
 * entered, and must refuse cells entered before. Returns the cells entered last.
 */
export function spread(
  front: number[],
  { columns, rows }: Lattice,
  steps: number,
  enter: (to: number, from: number) => boolean,
): number[] {
  const last = columns * (rows - 1);
  for (let step = 0; step < steps && front.length > 0; step++) {
    const next: number[] = [];
    for (const k of front) {
      const column = k % columns;
      if (column > 0 && enter(k - 1, k)) next.push(k - 1);
      if (column < columns - 1 && enter(k + 1, k)) next.push(k + 1);
      if (k >= columns && enter(k - columns, k)) next.push(k - columns);
      if (k < last && enter(k + columns, k)) next.push(k + columns);
    }
    front = next;
  }
  return front;
}
