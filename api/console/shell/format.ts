import { currentLanguage, word } from './text.ts';

const groupings = { zh: new Intl.NumberFormat('zh-CN'), en: new Intl.NumberFormat('en') };

/** 12345.6 -> '12,346'. Small areas keep one digit; a sliver is not nothing. */
export function areaText(areaM2: number): string {
  if (areaM2 > 0 && areaM2 < 0.05) return '< 0.1';
  const rounded = areaM2 < 10 ? Math.round(areaM2 * 10) / 10 : Math.round(areaM2);
  return groupings[currentLanguage()].format(rounded);
}

/** m² as 亩 (1 m² = 0.0015 亩 exactly), two digits. */
export function muText(areaM2: number): string {
  return (areaM2 * 0.0015).toFixed(2);
}

export function percentText(fraction: number): string {
  if (fraction > 0 && fraction < 0.0005) return '< 0.1%';
  return `${(fraction * 100).toFixed(fraction >= 0.9995 || fraction === 0 ? 0 : 1)}%`;
}

const dayParts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });
const minuteParts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** A UTC time as the local day of the authority: '2025-04-01'. */
export function dayText(utc: string): string {
  return dayParts.format(new Date(utc));
}

/** A UTC time as local day and minute: '2025-04-01 09:30'. */
export function minuteText(utc: string): string {
  return minuteParts.format(new Date(utc));
}

const dayMs = 86_400_000;

/** How a due date stands at `now`: late or not, and '超期 3 天' or '剩 5 天'. */
export function dueText(dueAt: string, now: number): { late: boolean; text: string } {
  const leftMs = Date.parse(dueAt) - now;
  const days = Math.max(1, Math.ceil(Math.abs(leftMs) / dayMs));
  const late = leftMs < 0;
  return { late, text: word(late ? 'overdueBy' : 'daysLeft').replace('#', String(days)) };
}

/** JCBH in its parts, so that the eye finds the sequence: district, year and month, sequence. */
export function numberParts(number: string): [string, string, string] {
  return [number.slice(0, 6), number.slice(6, 12), number.slice(12)];
}
