import { type Blob, describeBlobs, structureKept } from './blobs.ts';
import { boxMean, type Cells, crowdedValue, difference, dilate } from './cells.ts';

/** What tells shadow from ground that turned dark. "Measured": see veilParameters. */
export const shadowParameters = {
  /** Share of its near-infrared light a cell lost. */
  dark: 0.2,
  /** The same where a cloud's shadow is expected. */
  expectedDark: 0.1,
  /**
   * Green and red lose at least these shares of what near infrared loses; air and sky light keep up the rest. Flooding
   * and harvest darken near infrared but not these.
   */
  greenShare: 0.3,
  redShare: 0.45,
  /** A shadow fills most of a square this wide; its outline frays where crops changed too, hence less than a cloud's. */
  widthM: 60,
  fullShare: 0.6,
  /** How far on both sides of a dark patch's outline its edge is looked for. */
  edgeM: 40,
  /** A shadow may lie this far from its cloud: 2 km of height at 50° from the zenith. */
  reachM: 2500,
  /** Share of the clouds, moved by one offset, that must find dark ground, and share of the dark ground they must cover. */
  matched: { ofCloud: 0.15, ofDark: 0.5 },
  /** How far a shadow may stray from its cloud's moved outline: sloping ground, slanted cloud. */
  strayM: 60,
  /** A shadow whose cloud is not in the window: large, soft-edged, over ground whose structure is still there. */
  alone: { areaM2: 10_000, sharpness: 0.55, correlation: 0.6, slope: 0.95 },
  bufferM: 20,
};

/** The first search for the offset takes this many steps across the window, the second finer ones round the best. */
const MATCH_STEPS = 64;

/**
 * Cells in the shadow of a cloud: much darker than the reference in near infrared and darker in green and red, and
 * either where the clouds' outline, moved by one offset, falls, or unmistakable by themselves. A dark patch that is
 * neither stays clear: it may be a new pond.
 */
export function findShadows(
  cells: Cells,
  ground: readonly Float32Array[],
  cloud: Uint8Array,
  cellM: number,
): Uint8Array {
  const loss = lossOf(cells, ground);
  const dark = wide(darkCells(cells, loss, shadowParameters.dark), cells, cellM);
  const shadow = new Uint8Array(dark.length);
  if (!dark.includes(1)) return shadow;
  const expected = expectedShadow(cells, cloud, dark, cellM);
  const { edgeM } = shadowParameters;
  const [own, reference] = [fine(cells.bands, cells), fine(ground, cells)];
  for (const blob of describeBlobs(dark, loss[3], cells, Math.max(2, Math.round(edgeM / cellM)))) {
    if (standsAlone(blob, own, reference, cellM)) for (const k of blob.cells) shadow[k] = 1;
  }
  if (expected !== null) {
    const darkish = wide(darkCells(cells, loss, shadowParameters.expectedDark), cells, cellM);
    for (let k = 0; k < darkish.length; k++) darkish[k] &= expected[k];
    // The thin rim of a shadow, not fields of their own that are only a little darker.
    for (const group of describeBlobs(darkish, loss[3], cells, 1)) {
      if (group.cells.some((k) => dark[k] === 1)) for (const k of group.cells) shadow[k] = 1;
    }
  }
  return dilate(shadow, cells, Math.max(1, Math.round(shadowParameters.bufferM / cellM)));
}

/** Per band the share of the reference's light that is missing, beyond what half of the unclouded scene misses. */
function lossOf(cells: Cells, ground: readonly Float32Array[]): Float32Array[] {
  return cells.bands.map((band, b) => {
    const loss = difference(ground[b], band);
    const usual = crowdedValue(loss, cells.observed);
    for (let k = 0; k < loss.length; k++) loss[k] = ground[b][k] > 0.02 ? (loss[k] - usual) / ground[b][k] : 0;
    return loss;
  });
}

function darkCells(cells: Cells, [, green, red, infrared]: readonly Float32Array[], least: number): Uint8Array {
  const { greenShare, redShare } = shadowParameters;
  const set = new Uint8Array(infrared.length);
  for (let k = 0; k < set.length; k++) {
    if (cells.observed[k] === 0 || infrared[k] < least) continue;
    if (green[k] > greenShare * infrared[k] && red[k] > redShare * infrared[k]) set[k] = 1;
  }
  return set;
}

/** The set cells round which most of a cloud-wide square is set. */
function wide(set: Uint8Array, cells: Cells, cellM: number): Uint8Array {
  const { widthM, fullShare } = shadowParameters;
  const share = boxMean(set, cells, Math.max(1, Math.floor(widthM / 2 / cellM)));
  return set.map((value, k) => (share[k] >= fullShare ? value : 0));
}

/** Brightness less that of the surroundings. */
function fine([blue, green, red]: readonly Float32Array[], cells: Cells): Float32Array {
  const sum = new Float32Array(blue.length);
  for (let k = 0; k < sum.length; k++) sum[k] = blue[k] + green[k] + red[k];
  const surroundings = boxMean(sum, cells, 2);
  for (let k = 0; k < sum.length; k++) sum[k] = cells.observed[k] === 1 ? sum[k] - surroundings[k] : 0;
  return sum;
}

function standsAlone(blob: Blob, own: Float32Array, reference: Float32Array, cellM: number): boolean {
  const { alone } = shadowParameters;
  if (blob.cells.length * cellM * cellM < alone.areaM2 || blob.sharpness >= alone.sharpness) return false;
  const { correlation, slope } = structureKept(blob, own, reference);
  return correlation >= alone.correlation && slope <= alone.slope;
}

/** Where the clouds' shadows fall, by the offset at which most of their outline meets dark ground; null: nowhere. */
function expectedShadow(cells: Cells, cloud: Uint8Array, dark: Uint8Array, cellM: number): Uint8Array | null {
  const { columns, rows } = cells;
  const step = Math.max(1, Math.ceil(Math.max(columns, rows) / MATCH_STEPS));
  const nodes: [number, number][] = [];
  for (let y = 0; y < rows; y += step) {
    for (let x = 0; x < columns; x += step) if (cloud[y * columns + x] === 1) nodes.push([x, y]);
  }
  const { reachM, matched, strayM } = shadowParameters;
  const reach = Math.min(Math.max(columns, rows), Math.floor(reachM / cellM));
  const coarse = bestOffset(nodes, cells, dark, { dx: 0, dy: 0, reach, step });
  const best = bestOffset(nodes, cells, dark, { ...coarse, reach: step, step: Math.ceil(step / 4) });
  const darkCount = dark.reduce((sum, value) => sum + value, 0);
  if (best.hits < matched.ofCloud * best.visible || best.hits * step * step < matched.ofDark * darkCount) return null;
  return moved(cloud, best.dx, best.dy, cells, Math.max(1, Math.round(strayM / cellM)));
}

/** The offset, within reach of the given one, at which the nodes meet most more dark cells than chance gives them. */
function bestOffset(
  nodes: readonly [number, number][],
  cells: Cells,
  dark: Uint8Array,
  search: { dx: number; dy: number; reach: number; step: number },
): { dx: number; dy: number; hits: number; visible: number } {
  const darkShare = dark.reduce((sum, value) => sum + value, 0) / dark.length;
  let best = { dx: 0, dy: 0, hits: 0, visible: 1 };
  let mostSurplus = 0;
  for (let dy = search.dy - search.reach; dy <= search.dy + search.reach; dy += search.step) {
    for (let dx = search.dx - search.reach; dx <= search.dx + search.reach; dx += search.step) {
      const { hits, visible } = meet(nodes, dx, dy, cells, dark);
      if (hits - darkShare * visible <= mostSurplus) continue;
      mostSurplus = hits - darkShare * visible;
      best = { dx, dy, hits, visible };
    }
  }
  return best;
}

/** Of the cloud's nodes moved by (dx, dy): how many fall on lit or shaded ground, and how many of them on dark. */
function meet(
  nodes: readonly [number, number][],
  dx: number,
  dy: number,
  { columns, rows, observed }: Cells,
  dark: Uint8Array,
): { hits: number; visible: number } {
  let hits = 0;
  let visible = 0;
  for (const [x, y] of nodes) {
    const column = x + dx;
    const row = y + dy;
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    const k = row * columns + column;
    if (observed[k] === 0) continue;
    visible++;
    hits += dark[k];
  }
  return { hits, visible };
}

function moved(set: Uint8Array, dx: number, dy: number, cells: Cells, strayCells: number): Uint8Array {
  const { columns, rows } = cells;
  const out = new Uint8Array(set.length);
  for (let row = Math.max(0, dy); row < Math.min(rows, rows + dy); row++) {
    for (let column = Math.max(0, dx); column < Math.min(columns, columns + dx); column++) {
      out[row * columns + column] = set[(row - dy) * columns + column - dx];
    }
  }
  return dilate(out, cells, strayCells);
}
