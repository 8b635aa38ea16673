import type { PlaceLooks } from '../../detectors/restoration.ts';
import { surfaces } from '../fixtures/reference-spectra.ts';
import { seededNormal, seededRandom } from './random.ts';

/**
 * Fields of two crops around a place that was built on, seen before, after and now. Surfaces are those of spectral
 * libraries; the detector knows none of them.
 */

export type Surface = keyof typeof surfaces;

export interface RemedyPlan {
  seed: number;
  /** What the two crops look like on each day. */
  crops: { before: [Surface, Surface]; after: [Surface, Surface]; now: [Surface, Surface] };
  /** What was put on the place. */
  changedTo: Surface;
  /** What lies there now; crop: what the fields around are in. */
  now: Surface | 'crop';
  /** Share of the place that is still as it was changed. */
  left?: number;
  /** Share of the place, from the right, that cloud hides now. */
  hidden?: number;
  /** Light of the day that normalisation left in the image. */
  light?: number;
  /** How far now lies off the others, pixels. */
  shiftPx?: number;
  /** Side of the place, pixels. */
  sidePx?: number;
}

const width = 96;
const height = 84;
const noise = 0.05;

/** Each field has vigour of its own; a road and a hamlet older than everything lie across. */
export function plantedRemedy(plan: RemedyPlan): PlaceLooks {
  const { seed, crops, changedTo, left = 0, hidden = 0, light = 1, shiftPx = 0, sidePx = 22 } = plan;
  const random = seededRandom(seed);
  const normal = seededNormal(seed + 1);
  const vigour = Array.from({ length: 64 }, () => 1 + 0.12 * (random() - 0.5));
  const [x0, y0] = [Math.floor((width - sidePx) / 2), Math.floor((height - sidePx) / 2)];
  const inPlace = (x: number, y: number) => x >= x0 && x < x0 + sidePx && y >= y0 && y < y0 + sidePx;
  const fieldAt = (x: number, y: number) => Math.floor(x / 17) + 6 * Math.floor(y / 19);
  const cropOf = (x: number, y: number) => (fieldAt(x, y) % 3 === 0 ? 1 : 0);
  const always = (x: number, y: number): Surface | null => {
    if (y >= 6 && y < 9) return 'road';
    return x < 14 && y > 66 ? 'concrete' : null;
  };
  const draw = (surfaceAt: (x: number, y: number) => Surface, gain: number) => {
    const bands = Array.from({ length: 4 }, () => new Float32Array(width * height));
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const own = gain * vigour[fieldAt(x, y) % 64];
      for (let band = 0; band < 4; band++)
        bands[band][i] = surfaces[surfaceAt(x, y)][band] * own * (1 + noise * normal());
    }
    return bands;
  };
  const field = (day: 'before' | 'after' | 'now') => (x: number, y: number) => always(x, y) ?? crops[day][cropOf(x, y)];
  const is = (x: number, y: number): Surface => {
    if (!inPlace(x, y)) return field('now')(x, y);
    if (x < x0 + left * sidePx) return changedTo;
    return plan.now === 'crop' ? field('now')(x, y) : plan.now;
  };
  const clear = () => new Uint8Array(width * height).fill(1);
  const place = clear().map((_, i) => (inPlace(i % width, Math.floor(i / width)) ? 1 : 0));
  const cloud = x0 + sidePx * (1 - hidden);
  const seenNow = clear().map((_, i) => (hidden > 0 && i % width >= cloud ? 0 : 1));
  return {
    ...{ width, height, place, red: 2, nearInfrared: 3 },
    before: draw(field('before'), 1),
    after: draw((x, y) => (inPlace(x, y) ? changedTo : field('after')(x, y)), 1),
    now: draw((x, y) => is(Math.round(x + shiftPx), y), light),
    seen: { before: clear(), after: clear(), now: seenNow },
  };
}
