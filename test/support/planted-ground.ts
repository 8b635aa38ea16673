import { transformer } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { seededNormal, seededRandom } from './random.ts';

/** A rectangle on the ground, in metres of the ground's CRS; x and y are its lowest. */
export interface PlantedBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How one acquisition sees the ground. */
export interface Acquisition {
  /** Decides the noise. */
  seed: number;
  /** Places where bright bare soil lies instead of what grows there. */
  built?: readonly PlantedBox[];
  /** Content of pixel (c, r) lies at (c + dx, r + dy). */
  shiftPx?: { dx: number; dy: number };
  /** The sensor's numbers are gain · ground + offset. */
  gain?: number;
  offset?: number;
}

type Noise = (x: number, y: number) => number;

const soil = [1400, 1900, 2500, 2900];
const noise = 12;

/**
 * Four-band ground (B, G, R, N; reflectance × 10,000), known at every point, not only on pixels: patches of crops
 * with soft edges, soil that shows through, all smooth enough to be sampled at `grainM` without aliasing.
 * So a scene of it can be drawn on any grid, in any CRS, shifted by any fraction of a pixel.
 */
export class PlantedGround {
  readonly crs: string;
  readonly #grainM: number;
  readonly #crops: Noise;
  readonly #vigour: Noise;
  readonly #texture: Noise;

  constructor(crs: string, seed: number, grainM: number) {
    this.crs = crs;
    this.#grainM = grainM;
    this.#crops = plateaus(seed, 22 * grainM, 5);
    this.#vigour = plateaus(seed + 1, 34 * grainM, 6);
    this.#texture = plateaus(seed + 2, 5 * grainM, 1);
  }

  /** Writes the ground as a uint16 GeoTIFF on the grid; returns the path. */
  async draw(path: string, grid: Grid, acquisition: Acquisition): Promise<string> {
    await writeTiff(path, grid, this.bands(grid, acquisition));
    return path;
  }

  bands(grid: Grid, { seed, built = [], shiftPx, gain = 1, offset = 0 }: Acquisition): Uint16Array[] {
    const { dx, dy } = shiftPx ?? { dx: 0, dy: 0 };
    const place = transformer(grid.crs ?? this.crs, this.crs);
    const normal = seededNormal(seed);
    const bands = Array.from({ length: 4 }, () => new Uint16Array(grid.width * grid.height));
    for (let row = 0, i = 0; row < grid.height; row++) {
      const northing = grid.originY + (row + 0.5 - dy) * grid.pixelHeight;
      for (let column = 0; column < grid.width; column++, i++) {
        const [x, y] = place(grid.originX + (column + 0.5 - dx) * grid.pixelWidth, northing);
        const bare = built.reduce((most, box) => Math.max(most, coverage(box, x, y, this.#grainM)), 0);
        const grown = this.#spectrum(x, y);
        for (let band = 0; band < 4; band++) {
          const ground = grown[band] + bare * (soil[band] - grown[band]);
          bands[band][i] = gain * (ground + noise * normal()) + offset;
        }
      }
    }
    return bands;
  }

  /** Soil and canopy in shares that differ from field to field; the texture is the light. */
  #spectrum(x: number, y: number): number[] {
    const green = 0.25 + 0.7 * this.#crops(x, y);
    const light = 0.85 + 0.2 * this.#vigour(x, y) + 0.1 * this.#texture(x, y);
    return [
      light * (900 - 450 * green),
      light * (1200 - 450 * green),
      light * (1500 - 1000 * green),
      light * (1900 + 1300 * green),
    ];
  }
}

/** Share of a place `grainM` wide that the box covers: its edges are as soft as a sensor's. */
function coverage({ x, y, width, height }: PlantedBox, px: number, py: number, grainM: number): number {
  const inside = Math.min(px - x, x + width - px, py - y, y + height - py);
  return Math.max(0, Math.min(1, 0.5 + inside / grainM));
}

/** Value noise, 0–1, on a turned lattice; `steepness` above 1 makes plateaus of the lattice points. */
function plateaus(seed: number, sizeM: number, steepness: number): Noise {
  const random = seededRandom(seed);
  const lattice = Float32Array.from({ length: 128 * 128 }, random);
  const turn = 0.3 + random();
  const [cos, sin] = [Math.cos(turn) / sizeM, Math.sin(turn) / sizeM];
  const at = (i: number, j: number) => lattice[((j & 127) << 7) | (i & 127)];
  const ramp = (t: number) => {
    const s = Math.max(0, Math.min(1, 0.5 + steepness * (t - 0.5)));
    return s * s * (3 - 2 * s);
  };
  return (x, y) => {
    const u = x * cos + y * sin;
    const v = y * cos - x * sin;
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [ramp(u - i), ramp(v - j)];
    return (at(i, j) * (1 - s) + at(i + 1, j) * s) * (1 - t) + (at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s) * t;
  };
}
