import { createHash } from 'node:crypto';

/** When a message is tried again, counted in tries that failed; after the last it is given up (dead). */
export const RETRY_AFTER_SECONDS: readonly number[] = [
  5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];

/** A pause is shortened or lengthened by up to this share, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A receiver cannot ask for a longer pause. */
const LONGEST_PAUSE_MS = 86_400_000;

/**
 * When to try again after `failed` tries; null: never.
 * @param name of the message at its receiver: decides where in the jitter the pause lies
 * @param pause until when the receiver asked to be left alone
 */
export function nextTry(failed: number, at: Date, name: string, pause: Date | null): Date | null {
  const seconds = RETRY_AFTER_SECONDS[failed - 1];
  if (seconds === undefined) return null;
  const drawn = createHash('sha256').update(`${name}:${failed}`).digest().readUInt32BE(0) / 2 ** 32;
  const time = at.getTime() + 1000 * seconds * (1 + JITTER * (2 * drawn - 1));
  return new Date(Math.max(time, pause?.getTime() ?? 0));
}

/** Until when Retry-After (seconds, or a date) asks to wait; null where it says nothing that can be read. */
export function pauseAsked(retryAfter: string | null, at: Date): Date | null {
  if (retryAfter === null) return null;
  const asked = /^\s*\d{1,9}\s*$/.test(retryAfter) ? at.getTime() + 1000 * Number(retryAfter) : Date.parse(retryAfter);
  if (Number.isNaN(asked) || asked <= at.getTime()) return null;
  return new Date(Math.min(asked, at.getTime() + LONGEST_PAUSE_MS));
}
