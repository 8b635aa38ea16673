import { ServiceError } from '../error.ts';
import type { Region } from '../store/hiding.ts';

/** Events of a region that a reader went past while they were hidden: after `from`, up to and with `to`. */
export interface Skipped extends Region {
  from: number;
  to: number;
}

/**
 * How far a reader of the change feed has come: every event up to `seq` has been told, once, but for those that were
 * skipped since they were under embargo; these come when it has ended. As text: `seq`, then `~month.district.from-to`
 * for each of them, the month without its dash or empty.
 */
export interface FeedCursor {
  seq: number;
  skipped: Skipped[];
}

/** More than these are nobody's: embargoes in force are few, and what was skipped one after another is joined. */
const mostSkipped = 100;
const FORM = /^\d{1,15}(~(\d{6})?\.\d{0,12}\.\d{1,15}-\d{1,15})*$/;

export const wantedCursor = "the 'next' of an earlier page, or 0";

/** @throws ServiceError bad-input */
export function readFeedCursor(text: string): FeedCursor {
  const [seq, ...parts] = text.split('~');
  if (!FORM.test(text) || parts.length > mostSkipped) {
    throw new ServiceError('bad-input', `A change feed goes on from ${wantedCursor}; got '${text.slice(0, 100)}'.`);
  }
  const skipped = parts.map((part): Skipped => {
    const [month, district, range] = part.split('.');
    const [from, to] = range.split('-').map(Number);
    return { month: month === '' ? null : `${month.slice(0, 4)}-${month.slice(4)}`, district, from, to };
  });
  return { seq: Number(seq), skipped };
}

export function writeFeedCursor({ seq, skipped }: FeedCursor): string {
  const parts = skipped.map(({ month, district, from, to }) => {
    return `${month?.replace('-', '') ?? ''}.${district}.${from}-${to}`;
  });
  return [seq, ...parts].join('~');
}

/** What is in both, or null. */
export function common<R extends Region>(one: R, other: Region): R | null {
  const month = one.month ?? other.month;
  if (other.month !== null && month !== other.month) return null;
  if (one.district.startsWith(other.district)) return { ...one, month };
  return other.district.startsWith(one.district) ? { ...one, month, district: other.district } : null;
}

/**
 * What stays skipped once all that is no longer hidden has been told as far as `told`: beyond it everything, up to it
 * what is hidden now.
 */
export function stillSkipped(skipped: readonly Skipped[], hidden: readonly Region[], told: number): Skipped[] {
  const beyond = skipped.map((one) => ({ ...one, from: Math.max(one.from, told) }));
  const within = skipped
    .map((one) => ({ ...one, to: Math.min(one.to, told) }))
    .flatMap((one) => hidden.flatMap((region) => common(one, region) ?? []));
  return joined([...within, ...beyond]);
}

/** The same with what was gone past just now. */
export function skippedSince(
  skipped: readonly Skipped[],
  hidden: readonly Region[],
  from: number,
  to: number,
): Skipped[] {
  return joined([...skipped, ...hidden.map((region) => ({ ...region, from, to }))]);
}

/** Ranges of one region that touch become one; empty ones go. */
function joined(skipped: readonly Skipped[]): Skipped[] {
  const found: Skipped[] = [];
  for (const one of skipped.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const before = found.find(
      (other) => other.month === one.month && other.district === one.district && other.to >= one.from,
    );
    if (before === undefined) found.push({ ...one });
    else before.to = Math.max(before.to, one.to);
  }
  return found;
}
