/** The day in China (UTC+8, no summer time since 1991), YYYY-MM-DD. */
export function localDay(time: Date): string {
  return new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}
