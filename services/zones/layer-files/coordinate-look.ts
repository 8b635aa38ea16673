import { epsgOfZone } from '../geometry/to-lon-lat.ts';

/** What coordinates look like, taken by themselves. */
export interface Look {
  kind: 'degrees' | 'prefixed' | 'metres' | 'mercator' | 'unknown';
  /** True where northing or latitude comes first. */
  swapped: boolean;
  /** Gauss-Krüger zones whose numbers stand before the eastings, ascending. */
  zones: number[];
}

export type Coordinates = readonly (readonly [x: number, y: number])[];

/** Half of what a zone may reach over, with room for what is drawn past its edges; m. */
const HALF_ZONE = 450_000;
/** Northings of China begin north of the equator and end before this. */
const MOST_NORTHING = 6_100_000;

/** What most of the points look like; those that look like nothing say nothing. */
export function lookOf(points: Coordinates): Look {
  const votes = new Map<string, number>();
  const zones = new Set<number>();
  for (const [x, y] of points) {
    const plain = kindOf(x, y);
    const kind = plain ?? kindOf(y, x);
    const name = kind === null ? 'unknown' : `${kind}${plain === null ? ' swapped' : ''}`;
    votes.set(name, (votes.get(name) ?? 0) + 1);
    const zone = prefixOf(x, y) ?? prefixOf(y, x);
    if (zone !== null) zones.add(zone);
  }
  const [most = 'unknown'] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [];
  const [kind, swapped] = most.split(' ');
  return { kind: kind as Look['kind'], swapped: swapped !== undefined, zones: [...zones].sort((a, b) => a - b) };
}

/** The zone whose number stands before an easting, of China's 6° (13–23) and 3° (25–45) zones; null = none. */
export function prefixOf(x: number, y: number): number | null {
  const zone = Math.floor(x / 1e6);
  if (epsgOfZone(zone) === null || !(y > 0 && y < MOST_NORTHING)) return null;
  return Math.abs(x - zone * 1e6 - 500_000) <= HALF_ZONE ? zone : null;
}

/** True where metres could be web mercator's of China: eastings of 6° zones 13–15 are too. */
export function couldBeMercator(x: number, y: number): boolean {
  return x > 8.1e6 && x < 15.1e6 && y > 0.3e6 && y < 7.2e6;
}

function kindOf(x: number, y: number): Exclude<Look['kind'], 'unknown'> | null {
  if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return 'degrees';
  if (prefixOf(x, y) !== null) return 'prefixed';
  if (x > 0 && x < 1e6 && y > 300_000 && y < MOST_NORTHING) return 'metres';
  return couldBeMercator(x, y) ? 'mercator' : null;
}
