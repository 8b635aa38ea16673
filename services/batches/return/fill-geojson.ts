import { readFileSync, writeFileSync } from 'node:fs';
import { JsonScanner } from '../../zones/layer-files/geojson/json-scanner.ts';
import type { RowAnswers } from './answers.ts';

/** Replaces a stretch of bytes. */
interface Splice {
  start: number;
  end: number;
  text: string;
}

const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Writes answers into the properties of features and touches no other byte of the text. */
export function fillGeojson(file: string, rows: Iterable<RowAnswers>): void {
  const bytes = readFileSync(file);
  const places: [start: number, end: number][] = [];
  const skipped = bytes[0] === 0xef ? 3 : 0;
  new JsonScanner({ item: (start, end) => places.push([start, end]), member: () => {} }).push(
    bytes.subarray(skipped),
    skipped,
  );
  const splices: Splice[] = [];
  for (const { row, values } of rows) splices.push(...splicesOf(bytes, places[row], values));
  writeFileSync(file, Buffer.concat([...spliced(bytes, splices)]));
}

function* spliced(bytes: Buffer, splices: readonly Splice[]): Generator<Buffer> {
  let at = 0;
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start)) {
    yield bytes.subarray(at, start);
    yield Buffer.from(text, 'utf8');
    at = end;
  }
  yield bytes.subarray(at);
}

function splicesOf(bytes: Buffer, [start, end]: [number, number], values: RowAnswers['values']): Splice[] {
  const properties = membersOf(bytes, start, end).get('properties');
  if (properties === undefined) return [];
  const text = (value: unknown) => JSON.stringify(value);
  if (bytes[properties.start] !== 0x7b) {
    const own = [...values].map(([name, value]) => `${text(name)}: ${text(value)}`);
    return own.length === 0 ? [] : [{ ...properties, text: `{ ${own.join(', ')} }` }];
  }
  const known = membersOf(bytes, properties.start, properties.end);
  const closing = properties.end - 1;
  const added = [...values]
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${text(name)}: ${text(value)}`);
  const replaced = [...values].flatMap(([name, value]) => {
    const place = known.get(name);
    return place === undefined ? [] : [{ ...place, text: text(value) }];
  });
  if (added.length === 0) return replaced;
  // A feature without the column, which its neighbours have: it gets one.
  return [...replaced, { start: closing, end: closing, text: `${known.size > 0 ? ', ' : ''}${added.join(', ')}` }];
}

/** The values of an object's members, blanks around them left out. */
function membersOf(bytes: Buffer, start: number, end: number): Map<string, { start: number; end: number }> {
  const members = new Map<string, { start: number; end: number }>();
  const member = (key: string, from: number, to: number) => {
    let [first, last] = [from, to];
    while (SPACES.has(bytes[first])) first++;
    while (last > first && SPACES.has(bytes[last - 1])) last--;
    members.set(JSON.parse(`"${key}"`), { start: first, end: last });
  };
  new JsonScanner({ item: () => {}, member }).push(bytes.subarray(start, end), start);
  return members;
}
