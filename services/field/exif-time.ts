import type { TakenAt } from './photo-facts.ts';

/** Minutes by which Asia/Shanghai is ahead of UTC; it has had no summer time since 1991. */
const SHANGHAI_MINUTES = 480;

/**
 * A time as EXIF states it (local 'YYYY:MM:DD HH:MM:SS', and '+08:00' beside it since 2.31), in UTC. Without an offset
 * it is taken for Asia/Shanghai. Null where it is no time.
 */
export function exifTime(local: unknown, offset: unknown): TakenAt | null {
  if (typeof local !== 'string') return null;
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(local.trim());
  if (parts === null) return null;
  const utc = utcOf(parts.slice(1).map(Number));
  if (utc === null) return null;
  const minutes = offsetMinutes(offset);
  const at = new Date(utc - (minutes ?? SHANGHAI_MINUTES) * 60_000).toISOString();
  return { at, by: minutes === null ? 'assumed-shanghai' : 'offset' };
}

/** The satellites' clock: 'YYYY:MM:DD' and [hours, minutes, seconds], both UTC. */
export function gpsTime(date: unknown, time: unknown): TakenAt | null {
  const day = typeof date === 'string' ? /^(\d{4})[:-](\d\d)[:-](\d\d)/.exec(date.trim()) : null;
  const clock = clockOf(time);
  if (day === null || clock === null) return null;
  const utc = utcOf([...day.slice(1).map(Number), ...clock]);
  return utc === null ? null : { at: new Date(utc).toISOString(), by: 'gps' };
}

function clockOf(time: unknown): number[] | null {
  const parts =
    typeof time === 'string'
      ? time.split(':').map(Number)
      : ArrayBuffer.isView(time) || Array.isArray(time)
        ? [...(time as number[])]
        : [];
  return parts.length === 3 && parts.every(Number.isFinite) ? parts.map(Math.floor) : null;
}

/** Null where there is no such moment: a 31st of June, or the zeros of a camera whose clock was never set. */
function utcOf([year, month, day, hour, minute, second]: number[]): number | null {
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(utc);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return year >= 1990 && same && minute < 60 && second < 61 ? utc : null;
}

function offsetMinutes(offset: unknown): number | null {
  const parts = typeof offset === 'string' ? /^([+-])(\d\d):(\d\d)/.exec(offset.trim()) : null;
  if (typeof offset === 'string' && offset.trim() === 'Z') return 0;
  if (parts === null) return null;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return minutes > 14 * 60 ? null : parts[1] === '-' ? -minutes : minutes;
}
