import type { ChangeType, PatchColours } from '../../detectors/change-type.ts';
import { type PatchShape, shapeOf } from '../../detectors/patch-shape.ts';
import { drawnRuns, turned } from './drawn-shapes.ts';
import { seededNormal, seededRandom } from './random.ts';

/** Reflectance of a surface: blue, green, red, near infrared, short-wave infrared at 1.6 µm. */
export type Spectrum = readonly [number, number, number, number, number];

/** Surfaces by what a patch is called that ends so; `before` is what it may have been. */
export interface SpectraTable {
  before: Spectrum[];
  after: Partial<Record<ChangeType, Spectrum[]>>;
}

export interface ChangeSample {
  truth: ChangeType;
  colours: PatchColours;
  shape: PatchShape;
  pixelM: number;
}

const bands = { blue: 0, green: 1, red: 2, nearInfrared: 3, shortWave: 4 };

/** How a patch of a type may look from above, drawn on 200 pixels a side of 2 m, slightly different each time. */
const drawings: Record<string, (random: () => number) => (u: number, v: number) => boolean> = {
  block: (random) => {
    const [long, short] = [8 + 30 * random(), 5 + 12 * random()];
    return (u, v) => Math.abs(u) < long && Math.abs(v) < short;
  },
  letter: (random) => {
    const [arm, thick] = [14 + 24 * random(), 6 + 5 * random()];
    return (u, v) => u > -arm && v > -arm && u < arm && v < arm && (u < thick - arm || v < thick - arm);
  },
  road: (random) => {
    const [radius, half] = [90 + 200 * random(), 1.5 + random()];
    return (u, v) => Math.abs(Math.hypot(u, v - radius) - radius) < half && v < 90;
  },
  rows: (random) => {
    const [pitch, count] = [6 + 3 * random(), 4 + Math.floor(6 * random())];
    // Tunnels side by side, a path along one end.
    return (u, v) =>
      Math.abs(u) < 25 && v > 0 && v < count * pitch && (v % pitch < pitch - 1.5 || u > 22) && count * pitch < 90;
  },
  pond: (random) => {
    const [radius, flat] = [6 + 25 * random(), 0.6 + 0.4 * random()];
    return (u, v) => Math.hypot(u, v / flat) < radius;
  },
  ragged: (random) => {
    const [radius, phase] = [10 + 35 * random(), 6 * random()];
    const edge = (angle: number) => 1 + 0.25 * Math.sin(3 * angle + phase) + 0.12 * Math.sin(11 * angle + 2 * phase);
    return (u, v) => Math.hypot(u, v) < radius * edge(Math.atan2(v, u));
  },
};
const drawingsOf: Partial<Record<ChangeType, (keyof typeof drawings)[]>> = {
  built: ['block', 'letter', 'block'],
  road: ['road'],
  bare: ['ragged', 'block'],
  water: ['pond', 'ragged', 'block'],
  'vegetation-gain': ['ragged', 'block'],
  'vegetation-loss': ['ragged', 'block'],
  greenhouse: ['rows', 'block'],
  solar: ['rows', 'block'],
};

/**
 * Patches with planted changes: surfaces brighter or darker by 15 %, each band by 4 % on its own, up to a tenth of
 * the old ground left inside, 2 % of error of normalisation per band, noise of 0.003.
 */
export function changeSamples(table: SpectraTable, count: number, seed: number): ChangeSample[] {
  const random = seededRandom(seed);
  const normal = seededNormal(seed + 1);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const varied = (spectrum: Spectrum) => {
    const light = Math.exp(0.15 * normal());
    return spectrum.map((value) => value * light * Math.exp(0.04 * normal()));
  };
  const types = Object.keys(table.after) as ChangeType[];
  return Array.from({ length: count }, (_, i) => {
    const truth = types[i % types.length];
    const before = varied(one(table.before));
    const ground = varied(one(table.after[truth]!));
    const left = 0.1 * random();
    const after = ground.map((value, band) => {
      const mixed = (1 - left) * value + left * before[band];
      return Math.max(0.001, mixed * (1 + 0.02 * normal()) + 0.003 * normal());
    });
    const drawing = drawings[one(drawingsOf[truth]!)](random);
    const shape = shapeOf(drawnRuns(200, turned(360 * random(), drawing)));
    return { truth, colours: { before, after, bands, reflectance: true }, shape, pixelM: 2 };
  });
}

/** The same patches as a sensor without short-wave infrared sees them, or in counts of no known scale. */
export function withoutShortWave({ colours, ...rest }: ChangeSample): ChangeSample {
  return { ...rest, colours: { ...colours, bands: { ...bands, shortWave: null } } };
}

export function asCounts({ colours, ...rest }: ChangeSample): ChangeSample {
  const counts = (values: readonly number[]) => values.map((value, band) => 12 + 330 * value * (1 + 0.03 * (band - 2)));
  return {
    ...rest,
    colours: { ...colours, before: counts(colours.before), after: counts(colours.after), reflectance: false },
  };
}
