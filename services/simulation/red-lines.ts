import { contains, type Point, type Ring } from './geometry.ts';
import { FOREST_LINE, type Landscape, reliefAt } from './landscape.ts';

/** One area within the ecological red line: a wooded hill and the fields at its foot. */
export interface RedLine {
  id: string;
  ring: Ring;
}

/** The foot of the hill, in relief: somewhat below the trees. */
const FOOT = FOREST_LINE - 0.1;
const STEP_M = 8;
const REACH_M = 620;
const LARGEST = 5;

/** The largest hills, each outlined by walking down from its top in 48 directions. */
export function planRedLines(landscape: Landscape): RedLine[] {
  const chosen: Ring[] = [];
  for (const [x, y] of hilltops(landscape)) {
    if (chosen.some((ring) => contains(ring, x, y))) continue;
    const ring = outline(landscape, x, y);
    // Rings may not overlap: a zone that counts ground twice would be wrong.
    if (chosen.some((other) => overlap(other, ring))) continue;
    chosen.push(ring);
    if (chosen.length === LARGEST) break;
  }
  return chosen.map((ring, i) => ({ id: `HX${String(i + 1).padStart(3, '0')}`, ring }));
}

function hilltops(landscape: Landscape): Point[] {
  const { widthM, heightM } = landscape.extent;
  const tops: { at: Point; relief: number }[] = [];
  for (let y = 48; y < heightM; y += 48) {
    for (let x = 48; x < widthM; x += 48) {
      const relief = reliefAt(landscape, x, y);
      if (relief > FOREST_LINE + 0.12) tops.push({ at: [x, y], relief });
    }
  }
  return tops.sort((a, b) => b.relief - a.relief).map((top) => top.at);
}

function outline(landscape: Landscape, x: number, y: number): Ring {
  const { widthM, heightM } = landscape.extent;
  return Array.from({ length: 48 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 48;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let reach = STEP_M;
    while (reach < REACH_M && reliefAt(landscape, x + reach * cos, y + reach * sin) > FOOT) reach += STEP_M;
    return [Math.min(widthM - 2, Math.max(2, x + reach * cos)), Math.min(heightM - 2, Math.max(2, y + reach * sin))];
  });
}

function overlap(a: Ring, b: Ring): boolean {
  return a.some(([x, y]) => contains(b, x, y)) || b.some(([x, y]) => contains(a, x, y));
}
