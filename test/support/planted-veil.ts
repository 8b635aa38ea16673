import type { Raster } from '../../imagery/raster.ts';
import { seededNormal, seededRandom } from './random.ts';

export interface VeilPlan {
  seed: number;
  /** Share of the image under the clouds' outlines. */
  cover: number;
  /** Radius of each cloud's outline, before it is bent; one cloud of that cover where not given. */
  radiusPx?: number;
  /** Greatest alpha. */
  thickness: number;
  /** Over so many pixels a cloud fades out; 0 = from one pixel to the next. */
  fadePx: number;
  /** From a cloud to its shadow; none where not given. */
  shadow?: { dx: number; dy: number };
  /** Reflectance of the opaque cloud; each band is off by up to a twelfth of it, and each place by a little. */
  brightness: number;
}

export interface PlantedVeil {
  /** Share of the ground that the cloud hides, per pixel. */
  alpha: Float32Array;
  /** Share of direct light that is missing, per pixel. */
  shade: Float32Array;
  /** Reflectance of the cloud, per band and pixel. */
  cloud: Float32Array[];
}

/** Light that full shadow takes from B, G, R and N: the sky lights blue most. */
const taken = [0.32, 0.4, 0.46, 0.55];

/** Clouds as bent, blurred discs laid over each other: another kind of sky than plantSky's lumps. */
export function plantVeil(width: number, height: number, plan: VeilPlan): PlantedVeil {
  const { seed, thickness, fadePx, shadow, brightness } = plan;
  const random = seededRandom(seed);
  const normal = seededNormal(seed + 1);
  const pad = shadow === undefined ? 0 : Math.max(Math.abs(shadow.dx), Math.abs(shadow.dy));
  const wide = { width: width + 2 * pad, height: height + 2 * pad };
  const outlines = drawDiscs(wide, pad, plan, random);
  if (fadePx > 0) blur(outlines, wide, Math.max(1, Math.round(fadePx / 3.5)));
  const cut = (dx: number, dy: number) =>
    Float32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [(i % width) + pad - dx, Math.floor(i / width) + pad - dy];
      return thickness * outlines[y * wide.width + x];
    });
  const texture = blur(Float32Array.from({ length: width * height }, normal), { width, height }, 6);
  const cloud = taken.map(() => {
    const own = brightness * (1 + (random() - 0.5) / 6);
    return texture.map((value) => own + 0.8 * value + 0.008 * normal());
  });
  return { alpha: cut(0, 0), shade: shadow ? cut(shadow.dx, shadow.dy) : new Float32Array(width * height), cloud };
}

/** The raster (reflectance, bands B, G, R, N) under those clouds. */
export function underVeil(raster: Raster<Float32Array>, { alpha, shade, cloud }: PlantedVeil): Raster<Float32Array> {
  const bands = raster.bands.map((band, b) =>
    band.map((value, i) => {
      const lit = value * (1 - taken[b] * shade[i]);
      return lit + alpha[i] * (cloud[b][i] - lit);
    }),
  );
  return { ...raster, bands };
}

/** True where a veil or its shadow hides the ground. */
export function isHidden({ alpha, shade }: Pick<PlantedVeil, 'alpha' | 'shade'>, i: number): boolean {
  return alpha[i] > 0.2 || shade[i] > 0.2;
}

interface Size {
  width: number;
  height: number;
}

function drawDiscs({ width, height }: Size, pad: number, plan: VeilPlan, random: () => number): Float32Array {
  const drawn = new Float32Array(width * height);
  const isInner = (x: number, y: number) => x >= pad && y >= pad && x < width - pad && y < height - pad;
  const wanted = plan.cover * (width - 2 * pad) * (height - 2 * pad);
  for (let covered = 0; covered < wanted; ) {
    const radius = plan.radiusPx === undefined ? Math.sqrt(wanted / Math.PI) : plan.radiusPx * (0.6 + 0.8 * random());
    const [cx, cy] = plan.radiusPx === undefined ? [width / 2, height / 2] : [width * random(), height * random()];
    const bends = [2, 3, 4, 5].map((waves) => ({ waves, phase: 6.28 * random(), depth: 0.1 * random() }));
    const reach = Math.ceil(1.5 * radius);
    for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(height, cy + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(width, cx + reach); x++) {
        const angle = Math.atan2(y - cy, x - cx);
        const bent = bends.reduce(
          (r, { waves, phase, depth }) => r * (1 + depth * Math.cos(waves * angle + phase)),
          radius,
        );
        if (Math.hypot(x - cx, y - cy) > bent || drawn[y * width + x] === 1) continue;
        drawn[y * width + x] = 1;
        if (isInner(x, y)) covered++;
      }
    }
    if (plan.radiusPx === undefined) break;
  }
  return drawn;
}

/** Three running means along rows and columns: nearly a Gaussian. In place. */
function blur(values: Float32Array, { width, height }: Size, radius: number): Float32Array {
  const line = new Float32Array(Math.max(width, height));
  const along = (from: number, step: number, length: number) => {
    const at = (i: number) => values[from + step * Math.min(length - 1, Math.max(0, i))];
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      line[i] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
    for (let i = 0; i < length; i++) values[from + step * i] = line[i];
  };
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < height; y++) along(y * width, 1, width);
    for (let x = 0; x < width; x++) along(x, width, height);
  }
  return values;
}
