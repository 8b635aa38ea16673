import { addDays, dayOfYear } from './calendar.ts';
import { between, gaussian, integer, seeded, shuffled } from './random.ts';

/** How many tiles, and of what size. One pixel is one metre. */
export interface Tiling {
  tilesAcross: number;
  tilesDown: number;
  tileSize: number;
  /** A whole year of months, in the place of the usual three. */
  wholeYear?: boolean;
}

/** One image of one tile, as the satellite took it. */
export interface Acquisition {
  column: number;
  row: number;
  /** Tiles of one strip are taken in one pass: same day, same sky, same sensor state. */
  strip: number;
  month: string;
  date: string;
  /** How far the picture lies from where the file says it does, in pixels, right and down. */
  shift: { dx: number; dy: number };
  /** recorded = surface * gain + offset, per band B G R N, in reflectance. */
  gains: number[];
  offsets: number[];
  /** Relative brightness change across one kilometre, right and down (view angle). */
  slope: { perKmX: number; perKmY: number };
}

/** Early rice stands in June, is cut in late July, late rice is just set in mid August and closed in mid September. */
const PASSES = [
  { month: '2024-06', date: '2024-06-15' },
  { month: '2024-07', date: '2024-07-22' },
  { month: '2024-08', date: '2024-08-11' },
  { month: '2024-09', date: '2024-09-14' },
];

/** A pass in the middle of every month of the year after. */
const YEAR_PASSES = Array.from({ length: 13 }, (_, i) => {
  const month = i === 0 ? '2024-12' : `2025-${String(i).padStart(2, '0')}`;
  return { month, date: `${month}-13` };
});

/** The month whose images nothing is compared with but later ones. */
export const BASELINE_MONTH: string = PASSES[0].month;
export const MONTHS: string[] = monthsOf({});

/** The months to be run, oldest first; the images begin one month earlier. */
export function monthsOf(tiling: Pick<Tiling, 'wholeYear'>): string[] {
  return passesOf(tiling)
    .slice(1)
    .map(({ month }) => month);
}

function passesOf({ wholeYear = false }: Pick<Tiling, 'wholeYear'>): typeof PASSES {
  return wholeYear ? YEAR_PASSES : PASSES;
}

/** The month in which two tiles were not imaged at all. */
const GAP_MONTH = '2024-08';

/** Which images exist: every tile in every month, but for a gap of two tiles. In month, row, column order. */
export function planAcquisitions(seed: number, tiling: Tiling): Acquisition[] {
  const missing = missingTiles(seed, tiling);
  const list: Acquisition[] = [];
  for (const pass of passesOf(tiling)) {
    for (let row = 0; row < tiling.tilesDown; row++) {
      for (let column = 0; column < tiling.tilesAcross; column++) {
        if (pass.month === GAP_MONTH && missing.has(`${column} ${row}`)) continue;
        list.push(acquire(seed, pass, column, row));
      }
    }
  }
  return list;
}

function missingTiles(seed: number, tiling: Tiling): Set<string> {
  if (tiling.tilesAcross * tiling.tilesDown < 16) return new Set();
  const random = seeded(seed, 'missing');
  const all = Array.from({ length: tiling.tilesAcross * tiling.tilesDown }, (_, i) => i);
  const chosen = shuffled(random, all).slice(0, 2);
  return new Set(chosen.map((i) => `${i % tiling.tilesAcross} ${Math.floor(i / tiling.tilesAcross)}`));
}

function acquire(seed: number, pass: (typeof PASSES)[number], column: number, row: number): Acquisition {
  const strip = Math.floor(column / 2);
  const swath = seeded(seed, 'pass', pass.month, strip);
  const own = seeded(seed, 'scene', pass.month, column, row);
  const airLight = between(swath, 0.002, 0.014);
  const gains = [0, 1, 2, 3].map(() => 1 + 0.045 * gaussian(swath) + 0.008 * gaussian(own));
  // What the air adds falls from blue to near infrared.
  const offsets = [1, 0.7, 0.5, 0.25].map((share) => airLight * share * (1 + 0.2 * gaussian(swath)));
  return {
    column,
    row,
    strip,
    month: pass.month,
    date: addDays(pass.date, integer(swath, 0, 3)),
    shift: planShift(own),
    gains,
    offsets,
    slope: { perKmX: 0.012 * gaussian(swath), perKmY: 0.008 * gaussian(swath) },
  };
}

/** Mostly within 0.7 px; one scene in eight is about a whole pixel off. */
function planShift(random: () => number): { dx: number; dy: number } {
  const length = random() < 0.125 ? between(random, 0.85, 1.1) : between(random, 0, 0.7);
  const angle = 2 * Math.PI * random();
  return { dx: length * Math.cos(angle), dy: length * Math.sin(angle) };
}

/** Where the sun stood at 11 in the morning: shadows fall away from it. */
export interface Sun {
  /** Direction in which shadows fall, a unit vector in county metres. */
  shadowX: number;
  shadowY: number;
  /** Shadow length per metre of height. */
  reach: number;
}

const LATITUDE = (27.2 * Math.PI) / 180;
const HOUR_ANGLE = -Math.PI / 12;

export function sunOn(date: string): Sun {
  const declination = ((23.44 * Math.PI) / 180) * Math.sin((2 * Math.PI * (dayOfYear(date) - 81)) / 365);
  const up =
    Math.sin(LATITUDE) * Math.sin(declination) + Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(HOUR_ANGLE);
  const east = -Math.cos(declination) * Math.sin(HOUR_ANGLE);
  const north =
    Math.cos(LATITUDE) * Math.sin(declination) - Math.sin(LATITUDE) * Math.cos(declination) * Math.cos(HOUR_ANGLE);
  const level = Math.hypot(east, north);
  // y runs south: a sun in the south throws shadows towards -y.
  return { shadowX: -east / level, shadowY: north / level, reach: level / up };
}
