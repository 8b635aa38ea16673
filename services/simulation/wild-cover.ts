import { FOREST_LINE } from './landscape.ts';
import { type CoarseGrid, coarseAt, fractal, noiseField, sampleCoarse } from './noise.ts';
import type { CountyPlan } from './plan.ts';
import { mixKeys } from './random.ts';
import { surfaceSlot } from './surface-paint.ts';
import { TEXTURE_SIZE, type Textures } from './textures.ts';

/** What grows where nobody has laid out anything. */
export interface WildCover {
  relief: CoarseGrid;
  /** Which trees grow on a hill. */
  stands: CoarseGrid;
}

export function planWildCover(plan: CountyPlan): WildCover {
  const { landscape, seed } = plan.site;
  const stands = fractal(noiseField(mixKeys(seed, 'stands')), 3);
  return {
    relief: landscape.relief,
    stands: sampleCoarse(landscape.extent, 16, 160, (x, y) => stands(x / 260, y / 260)),
  };
}

const MASK = TEXTURE_SIZE - 1;

/** Woods on the hills, scrub at their edge, grassy margins in the valleys: what shows where nothing else is drawn. */
export function fillWild(
  wild: WildCover,
  textures: Textures,
  left: number,
  top: number,
  size: number,
  pixels: Uint16Array,
): void {
  const [margin, shrub, forest, pines, bamboo] = (['margin', 'shrub', 'forest', 'pines', 'bamboo'] as const).map(
    surfaceSlot,
  );
  // Relief changes slowly; the noise that frays its edges does not.
  const cell = 4;
  for (let row = 0; row < size; row++) {
    for (let from = 0; from < size; from += cell) {
      const relief = coarseAt(wild.relief, left + from, top + row);
      const stand = coarseAt(wild.stands, left + from, top + row);
      for (let i = from; i < Math.min(size, from + cell); i++) {
        const t = ((top + row) & MASK) * TEXTURE_SIZE + ((left + i) & MASK);
        const ragged = relief + 0.02 * textures.middle[t];
        const kind = stand + 0.12 * textures.middle[t];
        pixels[row * size + i] =
          ragged < FOREST_LINE - 0.05
            ? margin
            : ragged < FOREST_LINE - 0.01
              ? shrub
              : kind > 0.28
                ? pines
                : kind < -0.38
                  ? bamboo
                  : forest;
      }
    }
  }
}

/** Hillsides towards the morning sun are brighter, those away from it darker; valleys are flat. */
export function reliefLight(plan: CountyPlan): CoarseGrid {
  const { landscape } = plan.site;
  const height = (x: number, y: number) => Math.max(0, coarseAt(landscape.relief, x, y) - FOREST_LINE + 0.08);
  return sampleCoarse(landscape.extent, 16, 32, (x, y) => {
    const east = height(x + 12, y) - height(x - 12, y);
    const south = height(x, y + 12) - height(x, y - 12);
    // Sun in the east-south-east: ground that falls towards it is lit.
    return Math.min(1.25, Math.max(0.72, 1 - 3.8 * (0.86 * east + 0.5 * south)));
  });
}
