import type { Reader } from './reader.ts';
import type { Token } from './tokens.ts';
import type { Queryable, QueryableType, Value } from './tree.ts';

const WANTED: Readonly<Record<QueryableType, string>> = {
  string: "a text such as '20'",
  number: 'a number',
  day: "a day such as DATE('2025-06-01')",
  time: "a UTC time such as TIMESTAMP('2025-06-01T00:00:00Z')",
};

/** One value of the type that the property has. @throws ServiceError bad-input */
export function readValue(reader: Reader, { type }: Queryable): Value {
  const token = reader.take();
  if (type === 'number') {
    if (token.kind === 'number' && Number.isFinite(Number(token.text))) return Number(token.text);
    throw reader.refusal(WANTED.number, token);
  }
  const text = literalOf(reader, token, type);
  const value = text === null ? null : type === 'string' ? text : type === 'day' ? dayOf(text) : timeOf(text);
  if (value === null) throw reader.refusal(WANTED[type], token);
  return value;
}

/** The text in quotes, or in DATE('…') and TIMESTAMP('…') where the property is a time. */
function literalOf(reader: Reader, token: Token, type: QueryableType): string | null {
  if (token.kind === 'text') return token.text;
  const maker = type === 'day' ? 'DATE' : type === 'time' ? 'TIMESTAMP' : null;
  if (token.kind !== 'word' || token.text.toUpperCase() !== maker) return null;
  reader.needs('(');
  const inner = reader.take();
  if (inner.kind !== 'text') throw reader.refusal(WANTED[type], inner);
  reader.needs(')');
  return inner.text;
}

function dayOf(text: string): string | null {
  const time = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time.getTime());
  return isDay && time.toISOString().startsWith(text) ? text : null;
}

/** As times are stored, so that they are in order as texts. */
function timeOf(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[-+]\d{2}:\d{2})$/.test(text)) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
