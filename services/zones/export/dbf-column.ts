import type { FieldValue, LayerField } from '../layer-files/layer-file.ts';
import { decimalsOf, numberText } from './number-text.ts';
import type { TextEncoding } from './text-encoding.ts';

/** A column of a .dbf: C text, N number, D day, L yes or no. Its width is known when all its values are. */
export interface DbfColumn {
  field: LayerField;
  name: string;
  type: 'C' | 'N' | 'D' | 'L';
  width: number;
  decimals: number;
  /** Empty texts, which a .dbf cannot tell from none. */
  empties: number;
}

/** Bytes of the longest text. */
export const TEXT_BYTES = 254;

const TYPES = { text: 'C', integer: 'N', number: 'N', boolean: 'L', date: 'D', datetime: 'C' } as const;
/** A number as somebody wrote it, of more digits than a double keeps, in the width that programs read. */
const MOST_DIGITS = 32;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

export function dbfColumn(field: LayerField, name: string): DbfColumn {
  const type = TYPES[field.type];
  const fixed = type === 'D' ? 8 : 1;
  const stated = Math.min(field.width ?? 1, TEXT_BYTES);
  return {
    field,
    name,
    type,
    width: type === 'D' || type === 'L' ? fixed : stated,
    decimals: type === 'N' ? leastDecimals(field) : 0,
    empties: 0,
  };
}

/** A column of numbers without a digit behind the point would come back as one of whole numbers. */
function leastDecimals({ type, decimals }: LayerField): number {
  return type === 'integer' ? 0 : (decimals ?? 1);
}

/**
 * Writes a value without padding; returns how many bytes, or -1 for none. Widens the column as it goes.
 * @param refuse gets the rest of a sentence about the field
 */
export function writeCell(
  column: DbfColumn,
  value: FieldValue | undefined,
  encoding: TextEncoding,
  buffer: Buffer,
  offset: number,
  refuse: (problem: string) => never,
): number {
  if (value === null || value === undefined) return -1;
  if (column.type === 'C') return writeText(column, value, encoding, buffer, offset, refuse);
  const text = asciiOf(column, value, refuse);
  if (column.type === 'N') widen(column, text);
  return buffer.write(text, offset, 'latin1');
}

function writeText(
  column: DbfColumn,
  value: string | number | boolean,
  encoding: TextEncoding,
  buffer: Buffer,
  offset: number,
  refuse: (problem: string) => never,
): number {
  const text = String(value);
  if (text === '') {
    column.empties++;
    return -1;
  }
  // Far too long a text is not worth encoding, and might not fit into the buffer.
  const bytes = text.length > TEXT_BYTES ? text.length : encoding.write(text, buffer, offset);
  if (bytes === -1) {
    return refuse(`the character ${encoding.lacking(text)}, which ${encoding.title} lacks; wanted --encoding utf-8`);
  }
  if (bytes > TEXT_BYTES) {
    const length = text.length > TEXT_BYTES ? `${text.length} characters` : `${bytes} bytes in ${encoding.title}`;
    return refuse(`a text of ${length}; a shapefile holds ${TEXT_BYTES} bytes: wanted a GeoPackage (.gpkg)`);
  }
  if (bytes > column.width) column.width = bytes;
  return bytes;
}

function asciiOf(
  { type, field }: DbfColumn,
  value: string | number | boolean,
  refuse: (problem: string) => never,
): string {
  if (type === 'L' && typeof value === 'boolean') return value ? 'T' : 'F';
  if (type === 'D' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value.replaceAll('-', '');
  if (type === 'N' && typeof value === 'number' && Number.isFinite(value)) {
    return numberFor(field, value);
  }
  if (type === 'N' && typeof value === 'string' && value.length <= MOST_DIGITS && NUMBER.test(value)) return value;
  const wanted = { C: 'text', N: 'a number', L: 'true or false', D: 'a day as YYYY-MM-DD' }[type];
  return refuse(`the value ${JSON.stringify(value).slice(0, 40)}; wanted ${wanted}, or a GeoPackage (.gpkg)`);
}

/** With the column's digits behind the point, unless a column of many would get wider for zeros at the end. */
function numberFor({ type, width, decimals }: LayerField, value: number): string {
  const text = numberText(value, type === 'integer' ? 0 : decimals);
  return width !== null && text.length > width ? numberText(value, null) : text;
}

function widen(column: DbfColumn, text: string): void {
  if (text.length > column.width) column.width = text.length;
  const decimals = decimalsOf(text);
  if (decimals > column.decimals) column.decimals = decimals;
}

/** The width a column ends up with: a point and its digits must fit where the header promises them. */
export function finalWidth({ type, width, decimals }: DbfColumn): number {
  return type === 'N' && decimals > 0 ? Math.max(width, decimals + 2) : width;
}

/** True where the column reads back as another type than the field had. */
export function isBent({ field }: DbfColumn): boolean {
  return field.type === 'datetime';
}
