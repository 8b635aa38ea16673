import { z } from '@hono/zod-openapi';
import type { LonLatBox } from '../../imagery/grid.ts';
import { STATES } from '../../services/lifecycle/transitions.ts';
import { localDay } from '../../services/local-time.ts';

/** Request parameters. Each says in words what it wants: the same words document it and refuse a bad value. */

export const month = z
  .string({ error: 'a month YYYY-MM' })
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month YYYY-MM')
  .openapi({ description: 'A month YYYY-MM (Asia/Shanghai).', example: '2025-06' });

const wantedDay = 'a day YYYY-MM-DD';

export const day = z
  .string({ error: wantedDay })
  .refine((text) => text.length === 10 && parseDay(text) === text, wantedDay)
  .openapi({ format: 'date' });

export const district = z
  .string({ error: 'the first 2 to 12 digits of a district code' })
  .regex(/^\d{2,12}$/, 'the first 2 to 12 digits of a district code')
  .openapi({ description: 'A district code, or its first digits: everything under it.', example: '430421' });

const wantedName = 'a name of letters, digits and dashes';
const isName = (text: string) => /^[\p{L}\p{N}_-]{1,64}$/u.test(text);

export const name = z.string({ error: wantedName }).refine(isName, wantedName);

const wantedCollection = 'the id of a collection (GET /collections)';

export const collection = z
  .string({ error: wantedCollection })
  .refine((text) => /^[\p{L}\p{N}_-]{1,80}$/u.test(text), wantedCollection)
  .openapi({ description: 'cases, coverage, districts, or zones-NAME of a layer.', example: 'districts' });

export const id = z
  .string()
  .regex(/^[\w.:-]{1,100}$/, 'an id of letters, digits and dashes')
  .openapi({ description: 'The id, or for a patch also its number (JCBH).' });

const wantedTolerance = 'degrees from 0 to 0.01';

/** How far a drawn outline may lie from the recorded one. */
export const tolerance = z
  .string({ error: wantedTolerance })
  .transform(Number)
  .refine((degrees) => degrees >= 0 && degrees <= 0.01, wantedTolerance)
  .openapi({
    type: 'number',
    description: 'Degrees that a drawn outline may lie off the recorded one; 0 if not given.',
  });

export const flag = z.enum(['true', 'false'], { error: 'true or false' }).openapi({ type: 'boolean' });

const stateNames = STATES.patch.map((state) => state.name);
const wantedNames = 'names of letters, digits and dashes, separated by commas';
const wantedStates = `one or more of ${stateNames.join(', ')}, separated by commas`;

/** One or more names, separated by commas: any of them. */
export const names = z
  .string({ error: wantedNames })
  .max(2000, wantedNames)
  .refine((text) => text.split(',').every(isName), wantedNames);

export const states = z
  .string({ error: wantedStates })
  .refine((text) => text.split(',').every((state) => stateNames.includes(state)), wantedStates)
  .openapi({ description: 'States of the lifecycle (GET /lifecycle).', example: 'found,warned' });

export const stage = z.enum(['find', 'warn', 'resolve'], { error: 'find, warn or resolve' });

export const cursor = z
  .string({ error: "the 'next' of an earlier page" })
  .regex(/^[\w-]{1,200}$/, "the 'next' of an earlier page")
  .openapi({ description: 'From the next link of an earlier page.' });

/** A whole number from `minimum` to `maximum`, written in digits. */
export function integer(minimum: number, maximum: number) {
  const wanted = `a whole number from ${minimum} to ${maximum}`;
  return z
    .string({ error: wanted })
    .regex(/^\d{1,9}$/, wanted)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, wanted)
    .openapi({ type: 'integer', minimum, maximum });
}

export const areaM2 = z
  .string({ error: 'an area in m², 0 or more' })
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'an area in m², 0 or more')
  .openapi({ type: 'number', minimum: 0, description: 'Area in m².' });

const wantedBox = 'minLon,minLat,maxLon,maxLat in degrees, each minimum below its maximum, longitude first';

/** Four numbers, or six as OGC allows (with heights, which are not used). */
export const bbox = z
  .string({ error: wantedBox })
  .transform((text, context): LonLatBox => {
    const box = parseBox(text);
    if (box !== null) return box;
    context.issues.push({ code: 'custom', message: wantedBox, input: text });
    return z.NEVER;
  })
  .openapi({
    type: 'array',
    items: { type: 'number' },
    minItems: 4,
    maxItems: 6,
    example: [112.4, 26.7, 112.8, 27],
    param: { style: 'form', explode: false },
  });

function parseBox(text: string): LonLatBox | null {
  const parts = text
    .split(',')
    .map((part) => (/^\s*[-+]?\d+(\.\d+)?(e[-+]?\d+)?\s*$/i.test(part) ? Number(part) : NaN));
  if (parts.some(Number.isNaN) || (parts.length !== 4 && parts.length !== 6)) return null;
  const half = parts.length / 2;
  const [minLon, minLat] = parts;
  const [maxLon, maxLat] = parts.slice(half);
  const inRange = minLon >= -180 && maxLon <= 180 && minLat >= -90 && maxLat <= 90;
  return inRange && minLon <= maxLon && minLat <= maxLat ? { minLon, minLat, maxLon, maxLat } : null;
}

/** Days, first and last inclusive; null = open. */
export interface DayInterval {
  from: string | null;
  to: string | null;
}

const wantedTime = 'a date, a UTC time, or an interval start/end with .. for an open end';

const wantedInstant = 'a UTC time such as 2025-07-01T00:00:00Z';

/** A moment, as times are stored. */
export const instant = z
  .string({ error: wantedInstant })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[-+]\d{2}:\d{2})$/, wantedInstant)
  .refine((text) => !Number.isNaN(Date.parse(text)), wantedInstant)
  .transform((text) => new Date(text).toISOString())
  .openapi({ type: 'string', format: 'date-time' });

/** OGC datetime: an instant, a closed interval or a half-open one. Read as whole days in Asia/Shanghai. */
export const datetime = z
  .string({ error: wantedTime })
  .transform((text, context): DayInterval => {
    const interval = parseInterval(text);
    if (interval !== null) return interval;
    context.issues.push({ code: 'custom', message: wantedTime, input: text });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: `When: ${wantedTime}.`, example: '2025-06-01/..' });

function parseInterval(text: string): DayInterval | null {
  const ends = text.split('/');
  if (ends.length > 2) return null;
  const days = ends.map((end) => (ends.length === 2 && (end === '' || end === '..') ? null : parseDay(end)));
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined || (from === null && to === null)) return null;
  return from !== null && to !== null && from > to ? null : { from, to };
}

/** YYYY-MM-DD of a date or RFC 3339 time; undefined when it is neither. */
function parseDay(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[-+]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const time = new Date(text.length === 10 ? `${text}T00:00:00+08:00` : text);
  if (Number.isNaN(time.getTime())) return undefined;
  const day = localDay(time);
  // JavaScript takes 30 February for 2 March.
  return text.length === 10 && day !== text ? undefined : day;
}
