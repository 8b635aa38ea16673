import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson';
import { ServiceError } from '../error.ts';
import { intersects } from '../stac/intersects.ts';
import type { Store } from '../store/open.ts';
import { outlinesInBox } from '../store/outlines.ts';
import type { Condition } from './cql2/tree.ts';

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
  return resolve(question, (place) => idsMeeting(db, place, within));
}

async function resolve<A, B>(condition: Condition<A>, idsOf: (place: A) => Promise<B>): Promise<Condition<B>> {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const conditions: Condition<B>[] = [];
      for (const one of condition.conditions) conditions.push(await resolve(one, idsOf));
      return { kind: condition.kind, conditions };
    }
    case 'not':
      return { kind: 'not', condition: await resolve(condition.condition, idsOf) };
    case 'intersects':
      return { kind: 'intersects', place: await idsOf(condition.place) };
    default:
      return condition;
  }
}

async function idsMeeting(db: Store['db'], place: Geometry, within: string): Promise<string[]> {
  const rows = await outlinesInBox(db, boxOf(place), within, mostCandidates + 1);
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

function boxOf(place: Geometry) {
  const positions = place.type === 'GeometryCollection' ? [] : positionsOf(place.coordinates);
  const box = { minLon: 180, minLat: 90, maxLon: -180, maxLat: -90 };
  for (const [lon, lat] of positions) {
    box.minLon = Math.min(box.minLon, lon);
    box.maxLon = Math.max(box.maxLon, lon);
    box.minLat = Math.min(box.minLat, lat);
    box.maxLat = Math.max(box.maxLat, lat);
  }
  return box;
}

function positionsOf(coordinates: unknown[]): Position[] {
  return Array.isArray(coordinates[0])
    ? coordinates.flatMap((part) => positionsOf(part as unknown[]))
    : [coordinates as Position];
}
