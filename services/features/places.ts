import type { Geometry, Position } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { Condition } from './cql2/tree.ts';

/** The same question with each place of it answered, as by the ids of what meets it. */
export async function withPlaces<A, B>(
  condition: Condition<A>,
  answer: (place: A) => Promise<B>,
): Promise<Condition<B>> {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const conditions: Condition<B>[] = [];
      for (const one of condition.conditions) conditions.push(await withPlaces(one, answer));
      return { kind: condition.kind, conditions };
    }
    case 'not':
      return { kind: 'not', condition: await withPlaces(condition.condition, answer) };
    case 'intersects':
      return { kind: 'intersects', place: await answer(condition.place) };
    default:
      return condition;
  }
}

export function asksForPlace(condition: Condition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.conditions.some(asksForPlace);
  return condition.kind === 'not' ? asksForPlace(condition.condition) : condition.kind === 'intersects';
}

/** The box around a geometry, degrees. */
export function boxAround(geometry: Geometry): LonLatBox {
  const positions = geometry.type === 'GeometryCollection' ? [] : positionsOf(geometry.coordinates);
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
