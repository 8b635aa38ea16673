import { gaussian, type Random, seeded } from './random.ts';

/** Textures repeat after this many pixels; a power of two, so that wrapping is a bit mask. */
export const TEXTURE_SIZE = 512;

/** Square, endlessly repeating textures of about unit variance, row-major. */
export interface Textures {
  /** About one pixel wide: clods, leaves, gravel. */
  fine: Float32Array;
  /** About 8 m. */
  middle: Float32Array;
  /** About 50 m. */
  coarse: Float32Array;
  /** Closed tree crowns 4-8 m wide: 1 sunlit top, -1 the gap behind it. */
  crowns: Float32Array;
}

export function makeTextures(seed: number): Textures {
  const fine = unitVariance(sum(layer(seeded(seed, 'fine', 1), 1, 1), layer(seeded(seed, 'fine', 2), 2, 0.7)));
  const middle = unitVariance(sum(layer(seeded(seed, 'middle', 1), 8, 1), layer(seeded(seed, 'middle', 2), 4, 0.6)));
  const coarse = unitVariance(sum(layer(seeded(seed, 'coarse', 1), 64, 1), layer(seeded(seed, 'coarse', 2), 32, 0.6)));
  return { fine, middle, coarse, crowns: crownTexture(seeded(seed, 'crowns')) };
}

/** Normal numbers every pitch pixels, smooth between, wrapping at the edge. */
function layer(random: Random, pitch: number, weight: number): Float32Array {
  const count = TEXTURE_SIZE / pitch;
  const knots = Float32Array.from({ length: count * count }, () => gaussian(random) * weight);
  const out = new Float32Array(TEXTURE_SIZE * TEXTURE_SIZE);
  for (let y = 0; y < TEXTURE_SIZE; y++) {
    const r = Math.floor(y / pitch);
    const below = ((r + 1) % count) * count;
    const v = smooth(y / pitch - r);
    for (let x = 0; x < TEXTURE_SIZE; x++) {
      const c = Math.floor(x / pitch);
      const right = (c + 1) % count;
      const u = smooth(x / pitch - c);
      const top = knots[r * count + c] * (1 - u) + knots[r * count + right] * u;
      const bottom = knots[below + c] * (1 - u) + knots[below + right] * u;
      out[y * TEXTURE_SIZE + x] = top * (1 - v) + bottom * v;
    }
  }
  return out;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]);
}

function unitVariance(values: Float32Array): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const scale = 1 / Math.sqrt(squares / values.length);
  // Beyond three sigma would only be clipped later.
  return values.map((value) => Math.max(-3, Math.min(3, value * scale)));
}

/** Domes dropped one over another, each bright towards the morning sun and dark behind. */
function crownTexture(random: Random): Float32Array {
  const out = new Float32Array(TEXTURE_SIZE * TEXTURE_SIZE).fill(-1);
  const top = new Float32Array(TEXTURE_SIZE * TEXTURE_SIZE).fill(-1);
  const mask = TEXTURE_SIZE - 1;
  const crowns = (TEXTURE_SIZE * TEXTURE_SIZE) / 14;
  for (let i = 0; i < crowns; i++) {
    const cx = random() * TEXTURE_SIZE;
    const cy = random() * TEXTURE_SIZE;
    const radius = 1.8 + 2.4 * random() * random();
    const tone = 0.25 * gaussian(random);
    for (let y = Math.ceil(cy - radius); y <= cy + radius; y++) {
      for (let x = Math.ceil(cx - radius); x <= cx + radius; x++) {
        const dx = (x - cx) / radius;
        const dy = (y - cy) / radius;
        const height = radius * Math.sqrt(Math.max(0, 1 - dx * dx - dy * dy));
        const at = (y & mask) * TEXTURE_SIZE + (x & mask);
        if (dx * dx + dy * dy > 1 || height < top[at]) continue;
        top[at] = height;
        out[at] = Math.max(-1, Math.min(1.2, 0.35 + 0.75 * (0.86 * dx + 0.5 * dy) + tone));
      }
    }
  }
  return out;
}
