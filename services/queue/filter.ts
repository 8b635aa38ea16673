import type { LonLatBox } from '../../imagery/grid.ts';
import { ServiceError } from '../error.ts';
import { parseCql } from '../features/cql2/parse.ts';
import type { Condition } from '../features/cql2/tree.ts';
import { PATCH_QUERYABLES } from '../features/queryables.ts';
import type { Stage } from '../lifecycle/transition-row.ts';
import { STATES, stateNames } from '../lifecycle/transitions.ts';

/**
 * Which patches are meant. One filter for list, map, counts and export, so that they cannot disagree;
 * what is absent does not restrict, what is there must all hold.
 */
export interface PatchFilter {
  /** YYYY-MM. */
  month?: string;
  /** District code prefix asked for. */
  district?: string;
  /** District code prefix the asker may see; '' = all. Kept apart so that asking cannot widen it. */
  within?: string;
  /** Lies in any of these zone layers. */
  layers?: readonly string[];
  /** Is in any of these states; [] = none. */
  states?: readonly string[];
  /** TBLX codes. */
  types?: readonly string[];
  /** Belongs to any of these themes. */
  themes?: readonly string[];
  /** Area on the ellipsoid, at least and at most. */
  minAreaM2?: number;
  maxAreaM2?: number;
  /** Its box meets this one. */
  bbox?: LonLatBox;
  /** Its onset interval meets these local days, first and last inclusive; null = open. */
  onset?: { from: string | null; to: string | null };
  /** Words, all of which stand in its number, its district's name, its type's name or a note. */
  text?: string;
  /** Who has it in hand at `at` (承办人): given it by hand, else by the register of duties. */
  assignee?: { person: string; at: Date };
  /** What was asked for beside that, in CQL2 (services/features/cql2). */
  question?: Condition;
  /** The same, with the patches that meet its places. */
  condition?: Condition<readonly string[]>;
  /** Something happened to it at this time or later, UTC. */
  updatedSince?: string;
  /** Overdue at `at` (is: true) or not (is: false). Overdue = something is due and the time has passed. */
  overdue?: { is: boolean; at: Date };
}

/**
 * A filter that the store can carry out: words, people and places are found (resolve-filter.ts). What the store is asked
 * must be resolved in the same view of the store that it is asked in.
 */
export type ResolvedFilter = Omit<PatchFilter, 'text' | 'assignee' | 'question'> & {
  text?: never;
  assignee?: never;
  question?: never;
};

/** The names a filter has in query strings and on the command line. Lists are separated by commas. */
export const FILTER_NAMES = [
  'month',
  'district',
  'layer',
  'state',
  'stage',
  'type',
  'theme',
  'minArea',
  'maxArea',
  'bbox',
  'overdue',
  'text',
  'assignee',
  'filter',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/**
 * Reads a filter from strings; absent and empty ones do not restrict. `now` decides what is overdue.
 * Throws bad-input, naming the filter and the form it must have.
 */
export function parsePatchFilter(values: Readonly<Partial<Record<string, string>>>, now: Date): PatchFilter {
  const filter: PatchFilter = {};
  for (const [name, value] of Object.entries(values)) {
    if (!(FILTER_NAMES as readonly string[]).includes(name)) {
      throw new ServiceError('bad-input', `There is no filter ${name}; there are ${FILTER_NAMES.join(', ')}.`);
    }
    if (value !== undefined && value !== '') READERS[name as FilterName](value, filter, now);
  }
  return filter;
}

const READERS: Record<FilterName, (value: string, filter: PatchFilter, now: Date) => void> = {
  month(value, filter) {
    filter.month = parseMonth(value);
  },
  district(value, filter) {
    if (!/^\d{2,12}$/.test(value)) throw wrong('district', 'the first 2 to 12 digits of a district code', value);
    filter.district = value;
  },
  layer(value, filter) {
    filter.layers = listOf(value);
  },
  state(value, filter) {
    const known = STATES.patch.map(({ name }) => name);
    const states = listOf(value);
    const unknown = states.find((state) => !known.includes(state));
    if (unknown !== undefined) throw wrong('state', `one or more of ${known.join(', ')}`, unknown);
    restrictStates(filter, states);
  },
  stage(value, filter) {
    const stages: readonly string[] = ['find', 'warn', 'resolve'];
    if (!stages.includes(value)) throw wrong('stage', 'find, warn or resolve', value);
    restrictStates(filter, stateNames('patch', { stage: value as Stage }));
  },
  type(value, filter) {
    filter.types = listOf(value);
  },
  theme(value, filter) {
    filter.themes = listOf(value);
  },
  minArea(value, filter) {
    filter.minAreaM2 = parseArea('minArea', value);
  },
  maxArea(value, filter) {
    filter.maxAreaM2 = parseArea('maxArea', value);
  },
  bbox(value, filter) {
    filter.bbox = parseBox(value);
  },
  overdue(value, filter, now) {
    if (value !== 'true' && value !== 'false') throw wrong('overdue', 'true or false', value);
    filter.overdue = { is: value === 'true', at: now };
  },
  text(value, filter) {
    filter.text = value;
  },
  assignee(value, filter, now) {
    filter.assignee = { person: value.trim(), at: now };
  },
  filter(value, filter) {
    filter.question = parseCql(value, PATCH_QUERYABLES);
  },
};

function parseArea(name: FilterName, value: string): number {
  const areaM2 = Number(value);
  if (Number.isFinite(areaM2) && areaM2 >= 0) return areaM2;
  throw wrong(name, 'an area in m², 0 or more', value);
}

/** A month, YYYY-MM, as it is. Throws bad-input where it is none. */
export function parseMonth(value: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value)) throw wrong('month', 'YYYY-MM', value);
  return value;
}

function parseBox(value: string): LonLatBox {
  const numbers = value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [minLon, minLat, maxLon, maxLat] = numbers;
  const inRange =
    Math.abs(minLon) <= 180 && Math.abs(maxLon) <= 180 && Math.abs(minLat) <= 90 && Math.abs(maxLat) <= 90;
  if (numbers.length !== 4 || !inRange || !(minLon <= maxLon && minLat <= maxLat)) {
    throw wrong('bbox', 'minLon,minLat,maxLon,maxLat in degrees, longitude first', value);
  }
  return { minLon, minLat, maxLon, maxLat };
}

/** State and stage given together must both hold. */
function restrictStates(filter: PatchFilter, states: readonly string[]): void {
  filter.states = filter.states?.filter((state) => states.includes(state)) ?? states;
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function wrong(name: FilterName, form: string, got: string): ServiceError {
  return new ServiceError('bad-input', `The filter ${name} is ${form}; got '${got}'.`);
}
