import type { Kysely } from 'kysely';
import { isRectified, outcomeOf } from '../cycle/figures.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { seenPatches } from '../store/report-rows.ts';
import type { Database } from '../store/schema.ts';
import { listZones } from '../store/zones.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import type { MapFacts } from './facts.ts';
import { isOriginal } from './headline.ts';
import type { PeriodRow } from './period-rows.ts';
import { thinRing } from './thin-ring.ts';

/** A page shows about this many parts of the whole's width. */
const PARTS = 700;

/** The counties' outlines on the last day of a month, and the points of some rows. */
export async function readMap(db: Kysely<Database>, rows: readonly PeriodRow[], month: string): Promise<MapFacts> {
  return { outlines: await readOutlines(db, month), points: await readPoints(db, rows) };
}

async function readOutlines(db: Kysely<Database>, month: string): Promise<MapFacts['outlines']> {
  const zones = await listZones(db, { date: lastDayOf(month), layers: ['districts'] });
  const counties = zones.filter(({ externalId }) => externalId.length === 6);
  const width = Math.max(...counties.map((zone) => zone.maxLon)) - Math.min(...counties.map((zone) => zone.minLon));
  return counties.map(({ externalId, name, geometry }) => {
    const { parts } = fromWkb(geometry);
    const shells = parts.map(([shell]) => thinRing(pairsOf(shell), width / PARTS));
    return { code: externalId, name, rings: shells.filter(({ length }) => length > 0) };
  });
}

function pairsOf(path: Float64Array): [number, number][] {
  return Array.from({ length: path.length / 2 }, (_, k) => [path[2 * k], path[2 * k + 1]]);
}

/** Of families sent down that were not dismissed. */
async function readPoints(db: Kysely<Database>, rows: readonly PeriodRow[]): Promise<MapFacts['points']> {
  const shown = rows.filter((row) => row.issued && isOriginal(row) && outcomeOf(row) !== 'dismissed');
  const seen = await seenPatches(
    db,
    shown.map(({ patchId }) => patchId),
  );
  return shown.flatMap((row) => {
    const place = seen.get(row.patchId);
    if (place === undefined) return [];
    const kind = !row.violation ? 'other' : isRectified(row) ? 'put-right' : 'breach';
    const [lon, lat] = [place.lon, place.lat].map((degrees) => Math.round(degrees * 1e5) / 1e5);
    return [{ code: row.district.slice(0, 6), lon, lat, kind }];
  });
}
