import { splat } from './lanes';

/** Scores over tiles of `samples` float32 each, `samples` a multiple of 4; planes of a kind follow one another. */

/**
 * Σᵢ (Σⱼ≤ᵢ w[i,j] x[j] + constant[i])². `whitening` holds, row by row, i + 1 weights and the constant.
 */
// @ts-ignore: decorator
@inline
function squaredDistance(planes: usize, at: usize, planeBytes: usize, bands: i32, whitening: usize): v128 {
  let sum = f32x4.splat(0);
  let parameter = 0;
  for (let i = 0; i < bands; i++) {
    let projected = f32x4.mul(splat(whitening, parameter++), v128.load(planes + at));
    for (let j = 1; j <= i; j++) {
      const plane = planes + <usize>j * planeBytes;
      projected = f32x4.add(projected, f32x4.mul(splat(whitening, parameter++), v128.load(plane + at)));
    }
    projected = f32x4.add(projected, splat(whitening, parameter++));
    sum = f32x4.add(sum, f32x4.mul(projected, projected));
  }
  return sum;
}

/**
 * √(spectral distance² + textureWeight · texture distance²), less its share `discount` where the ground ended green
 * (red and nearInfrared, tiles of local means, may be 0: no discount; centres are what was taken off them).
 * Beside it the squared spectral distance of the pixel's own difference. Where `mask` (a tile, or 0) is 0, so is the
 * score.
 */
export function cvaScore(
  bands: i32,
  samples: i32,
  own: usize,
  difference: usize,
  texture: usize,
  spectralWhitening: usize,
  textureWhitening: usize,
  textureWeight: f32,
  red: usize,
  nearInfrared: usize,
  redCentre: f32,
  nearInfraredCentre: f32,
  discount: f32,
  mask: usize,
  score: usize,
  ownSquared: usize,
): void {
  const bytes = <usize>samples << 2;
  const weight = f32x4.splat(textureWeight);
  const centreR = f32x4.splat(redCentre);
  const centreN = f32x4.splat(nearInfraredCentre);
  const most = f32x4.splat(discount);
  const one = f32x4.splat(1);
  const none = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = squaredDistance(difference, at, bytes, bands, spectralWhitening);
    if (textureWhitening != 0) {
      sum = f32x4.add(sum, f32x4.mul(weight, squaredDistance(texture, at, bytes, bands, textureWhitening)));
    }
    let distance = f32x4.sqrt(sum);
    if (red != 0) {
      const r = f32x4.add(v128.load(red + at), centreR);
      const n = f32x4.add(v128.load(nearInfrared + at), centreN);
      const ndvi = f32x4.div(f32x4.sub(n, r), f32x4.add(n, r));
      // NaN compares false: no discount where both are 0.
      const green = v128.and(f32x4.min(one, ndvi), f32x4.gt(ndvi, none));
      distance = f32x4.mul(distance, f32x4.sub(one, f32x4.mul(most, green)));
    }
    if (mask != 0) distance = v128.and(distance, f32x4.gt(v128.load(mask + at), none));
    v128.store(score + at, distance);
    v128.store(ownSquared + at, squaredDistance(own, at, bytes, bands, spectralWhitening));
  }
}

/**
 * √Σᵢ (Σⱼ a[i,j] before[j] + b[i,j] after[j] + constant[i])²: IR-MAD, slow features, any linear score. `rows` holds,
 * row by row, `bands` weights of before, `bands` of after, and the constant.
 */
export function linearScore(
  bands: i32,
  components: i32,
  samples: i32,
  before: usize,
  after: usize,
  rows: usize,
  score: usize,
): void {
  const bytes = <usize>samples << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    let parameter = 0;
    for (let i = 0; i < components; i++) {
      let projected = f32x4.splat(0);
      for (let j = 0; j < bands; j++) {
        const x = v128.load(before + <usize>j * bytes + at);
        projected = f32x4.add(projected, f32x4.mul(splat(rows, parameter++), x));
      }
      for (let j = 0; j < bands; j++) {
        const y = v128.load(after + <usize>j * bytes + at);
        projected = f32x4.add(projected, f32x4.mul(splat(rows, parameter++), y));
      }
      projected = f32x4.add(projected, splat(rows, parameter++));
      sum = f32x4.add(sum, f32x4.mul(projected, projected));
    }
    v128.store(score + at, f32x4.sqrt(sum));
  }
}
