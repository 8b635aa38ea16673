import { type Expression, type SqlBool, sql } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { Dialect } from './dialect.ts';

/** The tables whose boxes are indexed; the indexes are made in migrations/differences.ts. */
export type SpatialTable = 'zones' | 'patches' | 'detections';

/**
 * True for the rows of `table` whose box meets `box`; boxes that only touch meet. For `.where(…)` of any
 * query in which the table appears, under the name `alias` where it was given one.
 */
export function whereInBox(
  dialect: Dialect,
  table: SpatialTable,
  box: LonLatBox,
  alias: string = table,
): Expression<SqlBool> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const { minLon, minLat, maxLon, maxLat } = box;
  // Both indexes are slightly generous (32-bit floats; a tolerance of 1e-6 degrees): this decides.
  const exactly = sql`${column('minLon')} <= ${maxLon} and ${column('maxLon')} >= ${minLon}
    and ${column('minLat')} <= ${maxLat} and ${column('maxLat')} >= ${minLat}`;
  const roughly =
    dialect === 'sqlite'
      ? sql`${column('id')} in (select "id" from ${sql.table(`${table}_box`)}
          where "minLon" <= ${maxLon} and "maxLon" >= ${minLon} and "minLat" <= ${maxLat} and "maxLat" >= ${minLat})`
      : sql`box(point(${column('minLon')}, ${column('minLat')}), point(${column('maxLon')}, ${column('maxLat')}))
          && box(point(${minLon}, ${minLat}), point(${maxLon}, ${maxLat}))`;
  return sql<SqlBool>`(${roughly} and ${exactly})`;
}
