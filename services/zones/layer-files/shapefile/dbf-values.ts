import type { FieldValue } from '../layer-file.ts';
import type { DbfField } from '../layer-reading.ts';

/** Decodes text that is not plain ASCII; null where it is not of the encoding. */
export type DecodeText = (bytes: Uint8Array, fillsField: boolean) => string | null;

/** Reads a field of a record that begins at `at` in `bytes`. `ascii` holds the same bytes, a character each. */
export type ReadValue = (bytes: Buffer, ascii: string, at: number) => FieldValue;

/** What is to stand for bytes that are not of the encoding; may refuse the file instead. */
export type Undecodable = (field: DbfField, bytes: Uint8Array) => string;

/** Whole numbers of more digits are codes, and stay text: a double keeps no more than 15 of all of them. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);
const SPACE = 0x20;
const DAY_MS = 86_400_000;
/** Julian day of 1970-01-01. */
const EPOCH_JULIAN_DAY = 2_440_588;

/** How values of a field are read. @param undecodable says what to do with text the encoding has no meaning for */
export function valueReader(field: DbfField, level7: boolean, decode: DecodeText, undecodable: Undecodable): ReadValue {
  const { type, offset, width } = field;
  switch (type) {
    case 'C':
      return (bytes, ascii, at) => textValue(bytes, ascii, at + offset, field, decode, undecodable);
    case 'N':
    case 'F':
      return (bytes, ascii, at) => numberValue(bytes, ascii, at + offset, width);
    case 'D':
      return (_, ascii, at) => dateValue(ascii.slice(at + offset, at + offset + width));
    case 'L':
      return (_, ascii, at) => booleanValue(ascii.charAt(at + offset));
    case 'I':
    case '+':
      return (bytes, _, at) => (level7 ? flipped32(bytes, at + offset) : bytes.readInt32LE(at + offset));
    case 'O':
    case 'B':
      return width === 8 ? (bytes, _, at) => doubleValue(bytes, at + offset, level7) : () => null;
    case '@':
    case 'T':
      return width === 8 ? (bytes, _, at) => momentValue(bytes, at + offset) : () => null;
    default:
      return () => null;
  }
}

function textValue(
  bytes: Buffer,
  ascii: string,
  start: number,
  field: DbfField,
  decode: DecodeText,
  undecodable: Undecodable,
): string | null {
  let end = start + field.width;
  while (end > start && (bytes[end - 1] === SPACE || bytes[end - 1] === 0)) end--;
  if (end === start) return null;
  for (let i = start; i < end; i++) {
    if (bytes[i] < 0x80) continue;
    const value = bytes.subarray(start, end);
    const text = decode(value, end === start + field.width);
    return (text ?? undecodable(field, value)).replace(/\0.*$/s, '') || null;
  }
  const text = ascii.slice(start, end);
  return text.includes('\0') ? text.slice(0, text.indexOf('\0')).trimEnd() || null : text;
}

/** Digits are added up by hand: most values are short, and a product or quotient of exact doubles is rounded right. */
function numberValue(bytes: Buffer, ascii: string, start: number, width: number): FieldValue {
  const last = start + width;
  let at = start;
  while (at < last && bytes[at] === SPACE) at++;
  const begin = at;
  const negative = bytes[at] === 0x2d;
  if (negative || bytes[at] === 0x2b) at++;
  let whole = 0;
  let seen = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < last; at++) {
    const byte = bytes[at];
    if (byte >= 0x30 && byte <= 0x39) {
      whole = whole * 10 + (byte - 0x30);
      seen++;
      if (whole > 0) digits++;
      if (decimals >= 0) decimals++;
    } else if (byte === 0x2e && decimals < 0) decimals = 0;
    else break;
  }
  const atEnd = at === last || bytes[at] === SPACE || bytes[at] === 0;
  if (!atEnd || digits > MOST_DIGITS || decimals > 22 || seen === 0) return oddNumber(ascii.slice(begin, last));
  if (decimals > 0) whole /= POWERS[decimals];
  return negative && whole > 0 ? -whole : whole;
}

/** What is no short plain number: an exponent, a long code, stars (ESRI's null), or nothing. */
function oddNumber(field: string): FieldValue {
  const text = field.replace(/\0[\s\S]*$/, '').trim();
  if (/^[-+]?0*[1-9]\d{15,}$/.test(text)) return text;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return null;
  return Number(text);
}

function dateValue(text: string): string | null {
  const found = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return found && text !== '00000000' ? `${found[1]}-${found[2]}-${found[3]}` : null;
}

function booleanValue(mark: string): boolean | null {
  if ('TtYy1'.includes(mark)) return true;
  return 'FfNn0'.includes(mark) ? false : null;
}

/** dBase 7: big-endian, the sign bit turned so that bytes sort as numbers do. */
function flipped32(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) ^ -0x80000000;
}

function doubleValue(bytes: Buffer, at: number, level7: boolean): number | null {
  if (!level7) return bytes.readDoubleLE(at);
  const raw = bytes.readBigUInt64BE(at);
  if (raw === 0n) return null;
  const turned = Buffer.alloc(8);
  turned.writeBigUInt64BE(raw >> 63n ? raw ^ (1n << 63n) : ~raw & 0xffff_ffff_ffff_ffffn);
  return turned.readDoubleBE(0);
}

/** Julian day and milliseconds of the day. */
function momentValue(bytes: Buffer, at: number): string | null {
  const day = bytes.readInt32LE(at);
  return day === 0 ? null : moment((day - EPOCH_JULIAN_DAY) * DAY_MS + bytes.readInt32LE(at + 4));
}

function moment(ms: number): string | null {
  const date = new Date(Math.round(ms / 1000) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000', '');
}
