import { ServiceError } from '../../error.ts';
import type { TextEncoding } from './text-encoding.ts';

/** A field name of a .dbf has this many bytes and a zero. */
const NAME_BYTES = 10;

/**
 * Names of at most ten bytes, all different without regard to case (as ArcGIS and QGIS ask), in the order of `names`.
 * What is short enough stays as it is.
 * @throws ServiceError bad-input where a name has a character that the encoding lacks
 */
export function shortNames(path: string, names: readonly string[], encoding: TextEncoding): string[] {
  for (const name of names) {
    const lacking = encoding.lacking(name);
    if (lacking === null) continue;
    const problem = `the name of the field ${name} has the character ${lacking}, which ${encoding.title} lacks`;
    throw new ServiceError('bad-input', `${path}: ${problem}; wanted --encoding utf-8, or a GeoPackage (.gpkg).`);
  }
  return distinct(names, (name, tail) => cut(name, NAME_BYTES - tail.length, encoding) + tail);
}

/** The names, told apart where two are the same but for case: SQLite takes those for one column. */
export function distinctNames(names: readonly string[], taken: readonly string[] = []): string[] {
  return distinct(names, (name, tail) => name + tail, taken);
}

function distinct(
  names: readonly string[],
  shape: (name: string, tail: string) => string,
  taken: readonly string[] = [],
): string[] {
  const used = new Set(taken.map(folded));
  const result: (string | undefined)[] = names.map((name) => {
    // A name that needs no change is not taken away by one that does.
    if (shape(name, '') !== name || name === '' || used.has(folded(name))) return undefined;
    used.add(folded(name));
    return name;
  });
  return result.map((name, i) => {
    if (name !== undefined) return name;
    const base = names[i] === '' ? 'FIELD' : names[i];
    for (let count = 0; ; count++) {
      const candidate = shape(base, count === 0 ? '' : `_${count}`);
      if (used.has(folded(candidate))) continue;
      used.add(folded(candidate));
      return candidate;
    }
  });
}

/** As many whole characters as fit into so many bytes. */
function cut(name: string, bytes: number, encoding: TextEncoding): string {
  const buffer = Buffer.alloc(4);
  let kept = '';
  let left = bytes;
  for (const character of name) {
    left -= encoding.write(character, buffer, 0);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

function folded(name: string): string {
  return name.toLowerCase();
}
