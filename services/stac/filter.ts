import type { LonLatBox } from '../../imagery/grid.ts';
import { objectOf, type StacItem } from './item.ts';
import { localOf, utcOf } from './local-time.ts';

/** Which items are wanted; what is not said is not asked. */
export interface ItemFilter {
  bbox?: LonLatBox;
  /** First and last local day (Asia/Shanghai), both inclusive. */
  from?: string;
  to?: string;
  collections: readonly string[];
  /** At most so many items. */
  limit: number;
}

/** True when an item is what the filter means. */
export function isMeant({ box, collection, properties }: StacItem, filter: ItemFilter): boolean {
  if (filter.bbox && box && !meet(filter.bbox, box)) return false;
  if (filter.collections.length > 0 && !filter.collections.includes(collection ?? '')) return false;
  const start = localOf(properties['datetime'] ?? properties['start_datetime'])?.date;
  const end = localOf(properties['datetime'] ?? properties['end_datetime'])?.date;
  if (filter.from !== undefined && end !== undefined && end < filter.from) return false;
  return !(filter.to !== undefined && start !== undefined && start > filter.to);
}

/** False when a Collection says by its name or extent that nothing in it can be meant. */
export function mayHold(document: unknown, filter: ItemFilter): boolean {
  const collection = objectOf(document);
  if (collection?.['type'] !== 'Collection') return true;
  if (filter.collections.length > 0 && !filter.collections.includes(String(collection['id']))) return false;
  const extent = objectOf(collection['extent']);
  const boxes = objectOf(extent?.['spatial'])?.['bbox'];
  const [overall] = Array.isArray(boxes) ? boxes : [];
  if (filter.bbox && isFourNumbers(overall)) {
    const [minLon, minLat, maxLon, maxLat] = overall;
    if (minLon <= maxLon && !meet(filter.bbox, { minLon, minLat, maxLon, maxLat })) return false;
  }
  const intervals = objectOf(extent?.['temporal'])?.['interval'];
  const [start, end] = Array.isArray(intervals) && Array.isArray(intervals[0]) ? intervals[0] : [];
  const [first, last] = [localOf(start)?.date, localOf(end)?.date];
  if (filter.from !== undefined && last !== undefined && last < filter.from) return false;
  return !(filter.to !== undefined && first !== undefined && first > filter.to);
}

/** The days of a filter as a STAC API wants them; undefined where none are named. */
export function datetimeOf({ from, to }: ItemFilter): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  return `${from === undefined ? '..' : utcOf(from, '00:00:00')}/${to === undefined ? '..' : utcOf(to, '23:59:59')}`;
}

function meet(a: LonLatBox, b: LonLatBox): boolean {
  return a.minLon <= b.maxLon && b.minLon <= a.maxLon && a.minLat <= b.maxLat && b.minLat <= a.maxLat;
}

function isFourNumbers(box: unknown): box is [number, number, number, number] {
  return Array.isArray(box) && box.length === 4 && box.every((value) => typeof value === 'number');
}
