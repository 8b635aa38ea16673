import { type EventKind, KINDS } from './event-kinds.ts';
import { band, type Point, placed, type Ring, rectangle, ringAreaM2, scaled } from './geometry.ts';
import { noiseField } from './noise.ts';
import { between, type Random } from './random.ts';

/** Where and how one event lies on the ground. */
export interface Footprint {
  outline: Ring;
  centre: Point;
  angle: number;
  lengthM: number;
  widthM: number;
}

/** The outline of an event of about areaM2 at a place; buildings are square, earthworks are ragged. */
export function planFootprint(
  random: Random,
  kind: EventKind,
  areaM2: number,
  centre: Point,
  angle: number,
): Footprint {
  const aspect = between(random, ...KINDS[kind].aspect);
  const widthM = Math.sqrt(areaM2 / aspect);
  const lengthM = widthM * aspect;
  return { outline: outline(random, kind, areaM2, centre, angle, lengthM, widthM), centre, angle, lengthM, widthM };
}

function outline(
  random: Random,
  kind: EventKind,
  areaM2: number,
  [x, y]: Point,
  angle: number,
  lengthM: number,
  widthM: number,
): Ring {
  switch (kind) {
    case 'house':
    case 'shed':
    case 'yard':
      return rectangle(x, y, lengthM, widthM, angle);
    case 'road':
      return placed(curvedStrip(random, lengthM, widthM), x, y, angle);
    case 'orchard':
      return placed(ragged(random, lengthM, widthM, 0.02, 4), x, y, angle);
    case 'bulldozed':
      return toArea(placed(ragged(random, lengthM, widthM, 0.07, 4), x, y, angle), areaM2);
    case 'pond':
    case 'sand-pit':
      return toArea(placed(ragged(random, lengthM, widthM, 0.09, 2.6), x, y, angle), areaM2);
  }
}

function toArea(ring: Ring, areaM2: number): Ring {
  return scaled(ring, Math.sqrt(areaM2 / ringAreaM2(ring)));
}

function curvedStrip(random: Random, lengthM: number, widthM: number): Ring {
  const bend = between(random, -0.12, 0.12) * lengthM;
  const line = Array.from({ length: 17 }, (_, i): Point => {
    const t = i / 16 - 0.5;
    return [t * lengthM, bend * (1 - 4 * t * t)];
  });
  return band(line, widthM);
}

/** A superellipse (2 round, 4 nearly square) with a wavy edge. */
function ragged(random: Random, lengthM: number, widthM: number, wave: number, power: number): Ring {
  const noise = noiseField(Math.floor(random() * 1e9));
  return Array.from({ length: 36 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 36;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const radius = (Math.abs(cos) ** power + Math.abs(sin) ** power) ** (-1 / power);
    const wobble = 1 + wave * noise(4 * cos + 9, 4 * sin + 9);
    return [(cos * radius * wobble * lengthM) / 2, (sin * radius * wobble * widthM) / 2];
  });
}
