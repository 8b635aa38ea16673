import type { Geometry, MultiPolygon, Polygon } from 'geojson';
import { ServiceError } from '../error.ts';
import { intersects } from '../stac/intersects.ts';
import type { Store } from '../store/open.ts';
import { outlinesInBox } from '../store/outlines.ts';
import type { Condition } from './cql2/tree.ts';
import { boxAround, withPlaces } from './places.ts';

/** So many patches may have boxes that meet a geometry that is asked for: each is then looked at exactly. */
const mostCandidates = 50_000;

/**
 * Finds out which patches meet the places of a question. `within`: district code prefix that the asker may see.
 * @throws ServiceError bad-input where a place meets too many
 */
export function patchCondition(
  db: Store['db'],
  question: Condition,
  within: string,
): Promise<Condition<readonly string[]>> {
  return withPlaces(question, (place) => idsMeeting(db, place, within));
}

async function idsMeeting(db: Store['db'], place: Geometry, within: string): Promise<string[]> {
  const rows = await outlinesInBox(db, boxAround(place), within, mostCandidates + 1);
  if (rows.length > mostCandidates) {
    const text = `A geometry of S_INTERSECTS may lie over at most ${mostCandidates} patches; ask for a smaller one, or with bbox.`;
    throw new ServiceError('bad-input', text);
  }
  return rows.flatMap(({ id, geometryJson }) => {
    const outline = JSON.parse(geometryJson) as Polygon | MultiPolygon;
    const polygons = outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates;
    return polygons.some((coordinates) => intersects(place, { type: 'Polygon', coordinates })) ? [id] : [];
  });
}
