import type { Acquisition } from './acquisitions.ts';
import { type CoarseGrid, coarseAt } from './noise.ts';
import { finish, gaussian, mixKeys, seeded } from './random.ts';
import type { Sky } from './sky.ts';
import { TEXTURE_SIZE, type Textures } from './textures.ts';

/** Ground pixels around a tile that its optics and its shift can reach. */
export const MARGIN_PX = 4;

/** Point spread of the optics, standard deviation in pixels. */
const BLUR_PX = 0.62;

/** Recorded numbers are reflectance times this. */
const DN_PER_REFLECTANCE = 10000;

const NOISE_SIZE = 1 << 17;

/** Standard normal numbers to draw sensor noise from. */
export function makeSensorNoise(seed: number): Float32Array<ArrayBuffer> {
  const random = seeded(seed, 'sensor-noise');
  return Float32Array.from({ length: NOISE_SIZE }, () => gaussian(random));
}

export interface Exposure {
  acquisition: Acquisition;
  sky: Sky | null;
  /** Brightness of the lie of the land, about 1. */
  relief: CoarseGrid;
  tileSize: number;
  textures: Textures;
  noise: Float32Array;
  seed: number;
}

/**
 * What the sensor records of the ground: optics and shift, light and view angle, clouds, gain, noise, numbers.
 * @param ground four bands of (tileSize + 2 * MARGIN_PX)^2, reflectance
 * @param out four bands of tileSize^2 to fill: reflectance * 10000, never 0 (0 is nodata)
 */
export function expose(ground: Float32Array[], exposure: Exposure, out: Uint16Array[]): void {
  const { tileSize, acquisition, noise } = exposure;
  const light = new Float64Array(tileSize);
  const cloud = new Float64Array(tileSize);
  const glow = new Float64Array(tileSize);
  const line = new Float64Array(tileSize);
  const own = mixKeys(exposure.seed, acquisition.month, acquisition.column, acquisition.row);
  const optics = ground.map((band) => makeOptics(band, tileSize, acquisition.shift));
  for (let row = 0; row < tileSize; row++) {
    fillLight(exposure, row, light);
    const clouded = fillCloud(exposure, row, light, cloud, glow);
    for (let band = 0; band < ground.length; band++) {
      optics[band](row, line);
      for (let i = 0; i < tileSize; i++) line[i] *= light[i];
      if (clouded) addCloud(line, cloud, glow, CLOUD_TONE[band]);
      const start = finish(own + row * 4 + band);
      record(line, acquisition.gains[band], acquisition.offsets[band], noise, start, out[band], row * tileSize);
    }
  }
}

/** Cloud tops are white, a little blue at their edges and grey in near infrared. */
const CLOUD_TONE = [1.03, 1, 0.98, 0.96];

/** Separable blur whose centre is moved by the shift: one row of the result at a time. */
function makeOptics(band: Float32Array, tileSize: number, shift: { dx: number; dy: number }) {
  const stride = tileSize + 2 * MARGIN_PX;
  const across = taps(shift.dx);
  const down = taps(shift.dy);
  const [v0, v1, v2, v3] = down.weights;
  const [h0, h1, h2, h3] = across.weights;
  const left = MARGIN_PX + across.first;
  // Doubles: the second pass would otherwise convert every number four times.
  const mixed = new Float64Array(stride);
  return (row: number, out: Float64Array): void => {
    const line0 = (row + MARGIN_PX + down.first) * stride;
    const line1 = line0 + stride;
    const line2 = line1 + stride;
    const line3 = line2 + stride;
    for (let i = 0; i < stride; i++) {
      mixed[i] = v0 * band[line0 + i] + v1 * band[line1 + i] + v2 * band[line2 + i] + v3 * band[line3 + i];
    }
    for (let i = 0, p = left; i < tileSize; i++, p++) {
      out[i] = h0 * mixed[p] + h1 * mixed[p + 1] + h2 * mixed[p + 2] + h3 * mixed[p + 3];
    }
  };
}

/** Four weights around where the ground of a pixel really lies: shiftPx back. */
function taps(shiftPx: number): { first: number; weights: number[] } {
  const first = Math.floor(-shiftPx) - 1;
  const weights = [0, 1, 2, 3].map((i) => Math.exp(-((first + i + shiftPx) ** 2) / (2 * BLUR_PX ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}

/** Relief and view angle along one row. */
function fillLight({ acquisition, relief, tileSize }: Exposure, row: number, light: Float64Array): void {
  const left = acquisition.column * tileSize;
  const y = acquisition.row * tileSize + row + 0.5;
  const { perKmX, perKmY } = acquisition.slope;
  fillRow(relief, left, y, light);
  for (let i = 0; i < tileSize; i++) light[i] *= 1 + (perKmX * (left + i)) / 1000 + (perKmY * y) / 1000;
}

/** Cloud opacity and brightness along one row, and the shadow taken off the light; false where the sky is clear. */
function fillCloud(
  exposure: Exposure,
  row: number,
  light: Float64Array,
  cloud: Float64Array,
  glow: Float64Array,
): boolean {
  const { sky, acquisition, tileSize, textures } = exposure;
  if (sky === null) return false;
  const left = acquisition.column * tileSize;
  const top = acquisition.row * tileSize + row;
  const { dx, dy } = sky.shadowOffset;
  fillRow(sky.opacity, left - dx, top + 0.5 - dy, cloud);
  for (let i = 0; i < tileSize; i++) light[i] *= 1 - 0.58 * cloud[i];
  fillRow(sky.haze, left, top + 0.5, glow);
  fillRow(sky.opacity, left, top + 0.5, cloud);
  const line = (top & (TEXTURE_SIZE - 1)) * TEXTURE_SIZE;
  for (let i = 0; i < tileSize; i++) {
    const t = line + ((left + i) & (TEXTURE_SIZE - 1));
    const lump = 0.8 * textures.coarse[t] + 0.5 * textures.middle[t];
    const ragged = Math.min(1, Math.max(0, cloud[i] + 0.16 * lump * cloud[i] * (1.2 - cloud[i])));
    cloud[i] = ragged + (1 - ragged) * glow[i];
    glow[i] = 0.3 + 0.36 * ragged + 0.03 * lump * ragged;
  }
  return true;
}

function addCloud(line: Float64Array, cloud: Float64Array, glow: Float64Array, tone: number): void {
  for (let i = 0; i < line.length; i++) line[i] += (glow[i] * tone - line[i]) * cloud[i];
}

/** Gain, offset, noise that grows with the signal, whole numbers from 1 on. */
function record(
  line: Float64Array,
  gain: number,
  offset: number,
  noise: Float32Array,
  start: number,
  out: Uint16Array,
  at: number,
): void {
  const scale = gain * DN_PER_REFLECTANCE;
  const base = offset * DN_PER_REFLECTANCE + 0.5;
  for (let i = 0; i < line.length; i++) {
    const signal = line[i] * scale + base;
    const value = signal + noise[(start + i) & (NOISE_SIZE - 1)] * (8 + 0.012 * signal);
    out[at + i] = value < 1 ? 1 : value > 65535 ? 65535 : value;
  }
}

/** A coarse grid along one row of pixels from left on, linear between its points. */
function fillRow(grid: CoarseGrid, left: number, y: number, out: Float64Array): void {
  const step = 8;
  let next = coarseAt(grid, left + 0.5, y);
  for (let from = 0; from < out.length; from += step) {
    const here = next;
    next = coarseAt(grid, left + from + step + 0.5, y);
    const slope = (next - here) / step;
    const to = Math.min(out.length, from + step);
    for (let i = from; i < to; i++) out[i] = here + slope * (i - from);
  }
}
