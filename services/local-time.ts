/** Asia/Shanghai has been UTC+8 without daylight saving since 1992: days and months are told in it. */
export const LOCAL_OFFSET_MS = 8 * 3_600_000;

/** The local day, YYYY-MM-DD, of a moment or of its ISO text. */
export function localDay(at: Date | string): string {
  return localIso(at).slice(0, 10);
}

/** The local time of a moment or of its ISO text, to the minute: 2025-07-01 10:00. */
export function localTime(at: Date | string): string {
  return localIso(at).slice(0, 16).replace('T', ' ');
}

function localIso(at: Date | string): string {
  return new Date(new Date(at).getTime() + LOCAL_OFFSET_MS).toISOString();
}
