const days = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });

/** The day in Asia/Shanghai of a moment, YYYY-MM-DD. */
export function localDate(at: string | Date): string {
  return days.format(new Date(at));
}
