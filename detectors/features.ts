import { allocate, arenaMemory, release } from '../imagery/kernels/arena.ts';
import { ChangeTile, marginColumns, marginRows, tileHeight, tileWidth } from './kernels/change-tile.ts';
import type { PairPlanes } from './kernels/pair-planes.ts';
import { gaussianKernel } from './smoothing.ts';

/**
 * Both dates on one grid, and what both saw. Whether after is still in its own radiometry or already tied to
 * before's is said by whoever takes the window.
 */
export interface PairWindow {
  width: number;
  height: number;
  before: Float32Array[];
  after: Float32Array[];
  /** 1 where both dates observed the pixel. */
  mask: Uint8Array;
}

/** Per pixel, what the change score is made of. Values mean nothing where the mask is 0. */
export interface ChangeFeatures {
  /** Gaussian-smoothed difference after − before, per band. */
  difference: Float32Array[];
  /** Change of local standard deviation (5 × 5), per band: edges that came or went. */
  texture: Float32Array[];
  /** NDVI of the after image's 5 × 5 mean, clipped to 0–1; null without red and near infrared. */
  greenAfter: Float32Array | null;
}

/** Smoothing of the difference: METHODS §3, Gaussian σ = 1 px first. */
export const smoothingWeights = gaussianKernel(1);
const textureRadiusPx = 2;
/** Pixels of context a window needs round it for exact features inside. */
export const featureMarginPx = Math.max(smoothingWeights.length - 1, textureRadiusPx);

export interface VegetationBands {
  red: number;
  nearInfrared: number;
}

/**
 * Features of every pixel of a window whose after image is tied to before's radiometry. `centres` holds a typical
 * value per band: squares are taken round it, since float32 squares of large numbers lose the variance.
 */
export function changeFeatures(
  window: PairWindow,
  centres: ArrayLike<number>,
  vegetation: VegetationBands | null,
): ChangeFeatures {
  const bands = window.before.length;
  const pixels = window.width * window.height;
  const made = () => Array.from({ length: bands }, () => new Float32Array(pixels));
  const features = { difference: made(), texture: made() };
  const means = made();
  const placed = placeWindow(window);
  const tile = new ChangeTile(bands, smoothingWeights);
  const identity = { gain: 1, offset: 0 };
  const ties = window.before.map(() => identity);
  try {
    for (const [x, y, width, height] of tilesOf(window)) {
      tile.fill(placed.planes, { x, y, width, height }, ties, Array.from(centres));
      const copy = (address: number, plane: Float32Array) => {
        copyOut(tile, address, plane, window, { x, y, width: Math.min(width, window.width - x), height });
      };
      for (let band = 0; band < bands; band++) {
        copy(tile.differenceAt(band), features.difference[band]);
        copy(tile.textureAt(band), features.texture[band]);
        copy(tile.meanAt(band), means[band]);
      }
    }
  } finally {
    tile.release();
    release(placed.block);
  }
  return { ...features, greenAfter: vegetation && greenness(means, centres, vegetation) };
}

/** Lays a window into the arena as planes of float32. */
function placeWindow({ width, height, before, after, mask }: PairWindow): { planes: PairPlanes; block: number } {
  const pixels = width * height;
  const planeBytes = 4 * pixels;
  const bands = before.length;
  const block = allocate(2 * bands * planeBytes + pixels);
  for (const [i, band] of [...before, ...after].entries()) {
    new Float32Array(arenaMemory.buffer, block + i * planeBytes, pixels).set(band);
  }
  const maskAt = block + 2 * bands * planeBytes;
  new Uint8Array(arenaMemory.buffer, maskAt, pixels).set(mask);
  const places = { before: block, after: block + bands * planeBytes, maskBefore: maskAt, maskAfter: maskAt };
  return { planes: { sample: 'float32', bands, planeBytes, stride: width, width, height, ...places }, block };
}

/** Tiles that cover a window; the last of a row may reach beyond it, since a tile's width is a multiple of 8. */
function* tilesOf({ width, height }: PairWindow): Generator<[x: number, y: number, width: number, height: number]> {
  for (let y = 0; y < height; y += tileHeight) {
    for (let x = 0; x < width; x += tileWidth) {
      const columns = Math.ceil(Math.min(tileWidth, width - x) / 8) * 8;
      yield [x, y, columns, Math.min(tileHeight, height - y)];
    }
  }
}

interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

function copyOut(tile: ChangeTile, address: number, plane: Float32Array, window: PairWindow, part: Part): void {
  const values = new Float32Array(arenaMemory.buffer, address, tile.pitch * (part.height + 2 * marginRows));
  for (let row = 0; row < part.height; row++) {
    const from = (row + marginRows) * tile.pitch + marginColumns;
    plane.set(values.subarray(from, from + part.width), (part.y + row) * window.width + part.x);
  }
}

function greenness(
  means: Float32Array[],
  centres: ArrayLike<number>,
  { red, nearInfrared }: VegetationBands,
): Float32Array {
  const green = new Float32Array(means[red].length);
  for (let i = 0; i < green.length; i++) {
    const r = means[red][i] + centres[red];
    const n = means[nearInfrared][i] + centres[nearInfrared];
    const ndvi = (n - r) / (n + r);
    green[i] = ndvi > 0 ? Math.min(1, ndvi) : 0;
  }
  return green;
}
