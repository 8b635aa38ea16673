import type { IndexRow } from '../../store/index-rows.ts';
import { readCursor, writeCursor } from '../list.ts';
import type { Found } from './patch-index.ts';

export interface FoundPage {
  rows: IndexRow[];
  /** Of the rows, in the columns. */
  places: Int32Array;
  /** Cursor of the page that follows; null: this is the last. */
  next: string | null;
  /** On all pages. */
  total: number;
}

/** One page of what was found, as listPatches gives it. @throws ServiceError bad-input on a cursor that is none */
export function pageOf(
  { columns, places }: Pick<Found, 'columns' | 'places'>,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): FoundPage {
  const after = cursor ? readCursor(cursor) : null;
  const first = after === null ? 0 : firstFrom(places, columns.placeAfter(after.month, after.number));
  const shown = places.subarray(first, first + limit);
  const rows: IndexRow[] = [];
  for (const place of shown) rows.push(columns.rows[place]);
  const more = first + limit < places.length;
  return { rows, places: shown, next: more ? writeCursor(rows[rows.length - 1]) : null, total: places.length };
}

/** Where in ascending places the first stands that is not below `place`. */
function firstFrom(places: Int32Array, place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
