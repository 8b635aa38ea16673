import type { Geometry } from 'geojson';

/** What a property can be compared with. day: local, YYYY-MM-DD. time: UTC, with milliseconds. */
export type QueryableType = 'string' | 'number' | 'day' | 'time';

/** A property by which a collection may be filtered, under the name it has in the features. */
export interface Queryable {
  name: string;
  type: QueryableType;
  title: string;
}

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Value = string | number;

/**
 * A filter, read and checked: every property is one of the collection's, every value of its type. A place is a
 * geometry as it was asked for, and the ids of what meets it once that has been found out.
 */
export type Condition<Place = Geometry> =
  | { kind: 'and' | 'or'; conditions: Condition<Place>[] }
  | { kind: 'not'; condition: Condition<Place> }
  | { kind: 'always'; value: boolean }
  | { kind: 'compare'; property: string; comparison: Comparison; value: Value }
  | { kind: 'in'; property: string; values: Value[] }
  | { kind: 'between'; property: string; from: Value; to: Value }
  /** The parts of the pattern: a text as it is, any = '%', one = '_'. */
  | { kind: 'like'; property: string; pattern: ({ text: string } | 'any' | 'one')[] }
  | { kind: 'is-null'; property: string }
  | { kind: 'intersects'; place: Place };
