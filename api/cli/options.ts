import { InvalidArgumentError } from 'commander';
import { parseCrs } from '../../imagery/crs.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { parseBandRoles } from '../../imagery/scene-file.ts';

/** Parsers for option values; each refuses with what was wanted and what was got. */

export function bandList(text: string): BandRole[] {
  try {
    return parseBandRoles(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`Wanted a number above 0, got '${text}'.`);
}

export function workerCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value;
  throw new InvalidArgumentError(`Wanted a whole number from 1 to 256, got '${text}'.`);
}

export function crsName(text: string): string {
  try {
    return parseCrs(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export function monthName(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted a month as YYYY-MM, got '${text}'.`);
}

export function dateName(text: string): string {
  const day = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  // A 31st of June is taken for the first of July.
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError(`Wanted a date as YYYY-MM-DD, got '${text}'.`);
}

/** The beginning of a district's code; '' = everywhere. */
export function districtDigits(text: string): string {
  if (/^\d{0,12}$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted up to 12 digits of a district code, got '${text}'.`);
}

/** A place in a numbered log. */
export function cursorNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Wanted a whole number from 0, got '${text}'.`);
}

/** Side of a picture. */
export function pixelCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 32 && value <= 2048) return value;
  throw new InvalidArgumentError(`Wanted a whole number of pixels from 32 to 2048, got '${text}'.`);
}
