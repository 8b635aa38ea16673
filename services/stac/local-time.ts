import { LOCAL_OFFSET_MS } from '../local-time.ts';

/** Local day YYYY-MM-DD and time HH:MM:SS of an RFC 3339 time, or null where it is none. */
export function localOf(text: unknown): { date: string; time: string } | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}/.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const local = new Date(at + LOCAL_OFFSET_MS).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 19) };
}

/** A local day and time in UTC, RFC 3339. */
export function utcOf(date: string, time: string): string {
  return new Date(`${date}T${time}+08:00`).toISOString().replace('.000Z', 'Z');
}
