import { readGeometry } from './geometry.ts';
import { Reader } from './reader.ts';
import type { Comparison, Condition, Queryable, Value } from './tree.ts';
import { readValue } from './values.ts';

const COMPARISONS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];

/** The temporal functions that compare with an instant. */
const TEMPORAL: Readonly<Record<string, Comparison>> = { T_AFTER: '>', T_BEFORE: '<', T_EQUALS: '=' };

/**
 * Reads a filter in CQL2 text: AND, OR, NOT, comparisons, IN, BETWEEN, LIKE, IS NULL, S_INTERSECTS, T_AFTER, T_BEFORE
 * and T_EQUALS over the collection's queryables. `geometry` is the one property of a place.
 * @throws ServiceError bad-input, saying at which letter what was wanted
 */
export function parseCql(text: string, queryables: readonly Queryable[]): Condition {
  const reader = new Reader(text);
  const condition = readOr({ reader, queryables });
  if (reader.next.kind !== 'end') throw reader.refusal('AND, OR or its end');
  return condition;
}

interface Reading {
  reader: Reader;
  queryables: readonly Queryable[];
}

function readOr(reading: Reading): Condition {
  const conditions = [readAnd(reading)];
  while (reading.reader.takes('OR')) conditions.push(readAnd(reading));
  return conditions.length === 1 ? conditions[0] : { kind: 'or', conditions };
}

function readAnd(reading: Reading): Condition {
  const conditions = [readNot(reading)];
  while (reading.reader.takes('AND')) conditions.push(readNot(reading));
  return conditions.length === 1 ? conditions[0] : { kind: 'and', conditions };
}

function readNot(reading: Reading): Condition {
  const { reader } = reading;
  if (reader.takes('NOT')) return { kind: 'not', condition: reader.nested(() => readNot(reading)) };
  if (!reader.takes('(')) return readPredicate(reading);
  const condition = reader.nested(() => readOr(reading));
  reader.needs(')');
  return condition;
}

function readPredicate(reading: Reading): Condition {
  const { reader } = reading;
  if (reader.sees('S_INTERSECTS') && reader.sees('(', 1)) return readIntersects(reader);
  const temporal = Object.keys(TEMPORAL).find((name) => reader.sees(name) && reader.sees('(', 1));
  if (temporal !== undefined) return readTemporal(reading, TEMPORAL[temporal]);
  for (const value of [true, false]) {
    if (reader.takes(String(value).toUpperCase())) return { kind: 'always', value };
  }
  return readComparison(reading);
}

function readIntersects(reader: Reader): Condition {
  reader.take();
  reader.needs('(');
  if (!reader.takes('GEOMETRY') && !reader.takes('GEOM')) throw reader.refusal('the property geometry');
  reader.needs(',');
  const place = readGeometry(reader);
  reader.needs(')');
  return { kind: 'intersects', place };
}

function readTemporal(reading: Reading, comparison: Comparison): Condition {
  const { reader } = reading;
  reader.take();
  reader.needs('(');
  const queryable = readProperty(reading, 'the name of a day or time');
  if (queryable.type !== 'day' && queryable.type !== 'time') throw reader.refusal('a day or time before it');
  reader.needs(',');
  const value = readValue(reader, queryable);
  reader.needs(')');
  return { kind: 'compare', property: queryable.name, comparison, value };
}

function readComparison(reading: Reading): Condition {
  const { reader } = reading;
  const queryable = readProperty(reading, 'the name of a property');
  const property = queryable.name;
  if (reader.next.kind === 'mark' && COMPARISONS.includes(reader.next.text)) {
    const comparison = reader.take().text as Comparison;
    return { kind: 'compare', property, comparison, value: readValue(reader, queryable) };
  }
  if (reader.takes('IS')) {
    const isNot = reader.takes('NOT');
    reader.needs('NULL');
    return negated(isNot, { kind: 'is-null', property });
  }
  return negated(reader.takes('NOT'), readAmong(reader, queryable));
}

/** IN, BETWEEN and LIKE, before which a NOT may stand. */
function readAmong(reader: Reader, queryable: Queryable): Condition {
  const property = queryable.name;
  if (reader.takes('IN')) {
    reader.needs('(');
    const values: Value[] = [readValue(reader, queryable)];
    while (reader.takes(',')) values.push(readValue(reader, queryable));
    reader.needs(')');
    return { kind: 'in', property, values };
  }
  if (reader.takes('BETWEEN')) {
    const from = readValue(reader, queryable);
    reader.needs('AND');
    return { kind: 'between', property, from, to: readValue(reader, queryable) };
  }
  if (queryable.type !== 'string') throw reader.refusal('a comparison, IN, BETWEEN or IS NULL');
  if (!reader.takes('LIKE')) throw reader.refusal('a comparison, IN, BETWEEN, LIKE or IS NULL');
  return { kind: 'like', property, pattern: patternOf(String(readValue(reader, queryable))) };
}

function readProperty({ reader, queryables }: Reading, wanted: string): Queryable {
  const token = reader.take();
  const found = token.kind === 'word' ? queryables.find(({ name }) => name === token.text) : undefined;
  if (found !== undefined) return found;
  throw reader.refusal(`${wanted} (${queryables.map(({ name }) => name).join(', ')})`, token);
}

/** '%' stands for any letters, '_' for one; after a backslash each stands for itself. */
function patternOf(text: string): Extract<Condition, { kind: 'like' }>['pattern'] {
  return [...text.matchAll(/\\(.)|%|_|[^\\%_]+|\\$/gsu)].map(([whole, escaped]) => {
    if (escaped !== undefined) return { text: escaped };
    return whole === '%' ? 'any' : whole === '_' ? 'one' : { text: whole };
  });
}

function negated(isNot: boolean, condition: Condition): Condition {
  return isNot ? { kind: 'not', condition } : condition;
}
