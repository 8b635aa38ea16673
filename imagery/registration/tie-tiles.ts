import type { Grid, Window } from '../grid.ts';
import type { Samples } from '../raster.ts';

const tieTileParameters = {
  /** A tile with less of it observed is refused: the shape of the gap would be registered, not the ground. */
  minObserved: 0.7,
  /** Content fades in over this many pixels from an unobserved one, so that the gap's edge is no feature. */
  fadePx: 8,
  /**
   * Correlation of a tile with itself two pixels further: 0 for noise without ground, at least 0.31 on every
   * 128-pixel tile of four Sentinel-2 and two Landsat pairs (measured). Water passes and comes out unreliable.
   */
  minTexture: 0.1,
  /** Tile sizes tried, largest first: a larger tile is surer, a pair needs several. */
  sizes: [256, 128, 64],
  /** Tiles (half overlapping) that should fit before a size is taken. */
  minFit: 9,
};

/** The largest tie-tile size of which enough fit on a grid, or null when it is too small for the smallest. */
export function tieTileSize(grid: Grid): number | null {
  const { sizes, minFit } = tieTileParameters;
  const tiles = (size: number) => halfSteps(grid.width, size) * halfSteps(grid.height, size);
  return sizes.find((size) => tiles(size) >= minFit) ?? null;
}

/** How many tiles fit along a side when each overlaps the next by half. */
function halfSteps(length: number, tileSize: number): number {
  return length < tileSize ? 0 : Math.floor(((length - tileSize) * 2) / tileSize) + 1;
}

/**
 * Windows of tileSize × tileSize pixels spread evenly over a grid: about `count` of them, fewer where they would
 * overlap by more than half, always the same for the same grid. Empty when the grid is smaller than one tile.
 */
export function planTieTiles(grid: Grid, tileSize: number, count: number): Window[] {
  if (grid.width < tileSize || grid.height < tileSize) return [];
  const columns = clamp(
    Math.round(Math.sqrt((count * grid.width) / grid.height)),
    1,
    Math.min(count, halfSteps(grid.width, tileSize)),
  );
  const rows = clamp(Math.round(count / columns), 1, halfSteps(grid.height, tileSize));
  const place = (i: number, tiles: number, length: number) =>
    Math.round(tiles === 1 ? (length - tileSize) / 2 : (i * (length - tileSize)) / (tiles - 1));
  return Array.from({ length: columns * rows }, (_, k) => ({
    column: place(k % columns, columns, grid.width),
    row: place(Math.floor(k / columns), rows, grid.height),
    width: tileSize,
    height: tileSize,
  }));
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/**
 * One image, size × size, to register a tile by: the sum of the standardised bands plus the sum of their gradient
 * magnitudes, each to unit variance. Brightness carries most where the season is the same; edges stay where crops
 * swapped light and dark. Unobserved pixels are 0, the mean.
 * Null when too little was observed or there is no texture to hold on to.
 */
export function tieTileImage(bands: readonly Samples[], mask: Uint8Array, size: number): Float32Array | null {
  let observed = 0;
  for (let k = 0; k < mask.length; k++) observed += mask[k] === 0 ? 0 : 1;
  if (observed < tieTileParameters.minObserved * mask.length) return null;
  const brightness = new Float32Array(mask.length);
  const edges = new Float32Array(mask.length);
  for (const samples of bands) {
    const band = Float32Array.from(samples as Float32Array);
    if (!standardise(band, mask)) continue;
    for (let k = 0; k < band.length; k++) brightness[k] += band[k];
    addGradient(band, mask, size, edges);
  }
  if (!standardise(brightness, mask) || texture(brightness, size) < tieTileParameters.minTexture) return null;
  standardise(edges, mask);
  const fade = observed === mask.length ? null : fadeIn(mask, size);
  for (let k = 0; k < brightness.length; k++) brightness[k] = (brightness[k] + edges[k]) * (fade ? fade[k] : 1);
  return brightness;
}

/** To mean 0 and variance 1 over observed pixels, 0 elsewhere; false when the values do not vary. */
function standardise(values: Float32Array, mask: Uint8Array): boolean {
  let count = 0;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    if (mask[k] === 0) continue;
    count++;
    sum += values[k];
  }
  const mean = sum / count;
  let squares = 0;
  for (let k = 0; k < values.length; k++) {
    values[k] = mask[k] === 0 ? 0 : values[k] - mean;
    squares += values[k] * values[k];
  }
  const deviation = Math.sqrt(squares / count);
  if (!(deviation > 1e-6 * Math.abs(mean)) || deviation === 0) return false;
  for (let k = 0; k < values.length; k++) values[k] /= deviation;
  return true;
}

/** Adds the gradient magnitude where all four neighbours were observed. */
function addGradient(band: Float32Array, mask: Uint8Array, size: number, edges: Float32Array): void {
  for (let y = 1; y < size - 1; y++) {
    for (let k = y * size + 1; k < y * size + size - 1; k++) {
      if ((mask[k - 1] & mask[k + 1] & mask[k - size] & mask[k + size] & mask[k]) === 0) continue;
      const dx = band[k + 1] - band[k - 1];
      const dy = band[k + size] - band[k - size];
      edges[k] += Math.sqrt(dx * dx + dy * dy);
    }
  }
}

/** Correlation with the image two pixels right and two pixels down; the values have mean 0 and variance 1. */
function texture(values: Float32Array, size: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < size - 2; y++) {
    for (let k = y * size; k < y * size + size - 2; k++) {
      sum += values[k] * (values[k + 2] + values[k + 2 * size]);
      squares += values[k] * values[k];
    }
  }
  return squares > 0 ? sum / (2 * squares) : 0;
}

/** 0 on unobserved pixels, rising to 1 with city-block distance from them. */
function fadeIn(mask: Uint8Array, size: number): Float32Array {
  const far = tieTileParameters.fadePx;
  const distance = Float32Array.from(mask, (m) => (m === 0 ? 0 : far));
  const nearer = (k: number, neighbour: number) => {
    if (distance[neighbour] + 1 < distance[k]) distance[k] = distance[neighbour] + 1;
  };
  for (let k = 0; k < distance.length; k++) {
    if (k % size > 0) nearer(k, k - 1);
    if (k >= size) nearer(k, k - size);
  }
  for (let k = distance.length - 1; k >= 0; k--) {
    if (k % size < size - 1) nearer(k, k + 1);
    if (k + size < distance.length) nearer(k, k + size);
  }
  return distance.map((d) => d / far);
}
