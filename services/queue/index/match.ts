import { stateNames } from '../../lifecycle/transitions.ts';
import type { Region } from '../../store/hiding.ts';
import type { ResolvedFilter } from '../filter.ts';
import { type CodeColumn, type Columns, dayNumber, type NumberColumn } from './columns.ts';

type PlainFilter = Omit<ResolvedFilter, 'condition'>;

/** A filter made ready for the columns: what is asked of each, as store/filtered.ts asks it of the database. */
export interface Match {
  /** Places to look at, the last not included. */
  first: number;
  end: number;
  /** Or these alone, which are fewer. */
  among: Int32Array | null;
  /** Codes that are meant, 1 or 0 by code. */
  codes: [column: Uint32Array, allowed: Uint8Array][];
  /** Both ends included; NaN is in no range. */
  ranges: [column: Float64Array, low: number, high: number][];
  /** Overdue, or not: no due date is not overdue. */
  overdue: [due: Float64Array, is: boolean, at: number] | null;
  hidden: { months: Uint8Array; districts: Uint8Array }[];
}

const replaced: readonly string[] = stateNames('patch', { outcome: 'replaced' });

/** What a filter that names nothing in words asks of the columns. */
export function matchOf(columns: Columns, filter: PlainFilter, hidden: readonly Region[]): Match {
  const [first, end] = filter.month === undefined ? [0, columns.rows.length] : columns.ofMonth(filter.month);
  const allowed = (name: CodeColumn, test: (text: string) => boolean) =>
    Uint8Array.from(columns.dictionaries[name].texts, (text) => Number(test(text)));
  const codes: Match['codes'] = [];
  const only = (name: CodeColumn, test: (text: string) => boolean) => {
    const flags = allowed(name, test);
    if (flags.includes(0)) codes.push([columns.codes[name], flags]);
  };
  const { district = '', within = '', states, types, layers, themes } = filter;
  const districts = allowed('district', (code) => code.startsWith(district) && code.startsWith(within));
  const alone = districts.indexOf(1) === districts.lastIndexOf(1) ? districts.indexOf(1) : -1;
  const among = filter.month !== undefined && alone >= 0 ? columns.ofDistrict(filter.month, alone) : null;
  if (among === null && districts.includes(0)) codes.push([columns.codes.district, districts]);
  only('state', (state) => states?.includes(state) ?? !replaced.includes(state));
  if (types !== undefined) only('type', (type) => types.includes(type));
  if (layers !== undefined) only('layers', (names) => layers.some((name) => names.includes(`,${name},`)));
  if (themes !== undefined) only('themes', (names) => themes.some((name) => names.includes(`,${name},`)));
  const overdue = filter.overdue && { is: filter.overdue.is, at: filter.overdue.at.getTime() };
  return {
    ...{ first, end, among, codes, ranges: rangesOf(columns, filter) },
    overdue: overdue ? [columns.numbers.dueAt, overdue.is, overdue.at] : null,
    hidden: hidden.map(({ month, district: prefix }) => ({
      months: allowed('month', (name) => month === null || name === month),
      districts: allowed('district', (code) => code.startsWith(prefix)),
    })),
  };
}

function rangesOf({ numbers }: Columns, filter: PlainFilter): Match['ranges'] {
  const ranges: Match['ranges'] = [];
  const range = (name: NumberColumn, low: number, high: number) => ranges.push([numbers[name], low, high]);
  const { minAreaM2, maxAreaM2, bbox, onset, updatedSince } = filter;
  if (minAreaM2 !== undefined || maxAreaM2 !== undefined) range('areaM2', minAreaM2 ?? 0, maxAreaM2 ?? Infinity);
  if (bbox !== undefined) {
    range('minLon', -Infinity, bbox.maxLon);
    range('maxLon', bbox.minLon, Infinity);
    range('minLat', -Infinity, bbox.maxLat);
    range('maxLat', bbox.minLat, Infinity);
  }
  if (onset?.from) range('after', dayNumber(onset.from), Infinity);
  if (onset?.to) range('before', -Infinity, dayNumber(onset.to));
  if (updatedSince !== undefined) range('updatedAt', Date.parse(updatedSince), Infinity);
  return ranges;
}

/** Used by one question after another; each takes its part away with it. */
let scratch = new Int32Array(0);

/** The places that match, in order. */
export function placesOf({ codes: monthly, rows }: Columns, match: Match): Int32Array {
  const { among, codes, ranges, overdue, hidden } = match;
  const [first, end] = among === null ? [match.first, match.end] : [0, among.length];
  if (scratch.length < rows.length) scratch = new Int32Array(rows.length + 1000);
  const found = scratch;
  let count = 0;
  next: for (let at = first; at < end; at++) {
    const place = among === null ? at : among[at];
    for (let i = 0; i < codes.length; i++) if (codes[i][1][codes[i][0][place]] === 0) continue next;
    for (let i = 0; i < ranges.length; i++) {
      const value = ranges[i][0][place];
      if (!(value >= ranges[i][1] && value <= ranges[i][2])) continue next;
    }
    if (overdue !== null && overdue[0][place] < overdue[2] !== overdue[1]) continue;
    for (const { months, districts } of hidden) {
      if (months[monthly.month[place]] === 1 && districts[monthly.district[place]] === 1) continue next;
    }
    found[count++] = place;
  }
  return found.slice(0, count);
}
