import type { DashboardBody } from '../../server/dashboard-schemas.ts';

/** The answer of GET /dashboard. */
export type Figures = DashboardBody;
export type County = Figures['counties'][number];
export type TrendMonth = Figures['trend'][number];
export type GaugeEntry = Figures['gauge']['districts'][number];
export type RadarEntry = Figures['radar']['entries'][number];
export type Seen = NonNullable<Figures['coverage']['total']>;
export type Reliability = Figures['precision']['total'];

const groupings = new Intl.NumberFormat('en-US');

export function countText(count: number): string {
  return groupings.format(count);
}

/** 0.1234 → 12.3%; – where there is nothing to share. Never rounds up to all, nor down to nothing. */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  if (share > 0 && share < 0.001) return '<0.1%';
  if (share > 0.999 && share < 1) return '99.9%';
  return `${(100 * share).toFixed(share === 0 || share === 1 ? 0 : 1)}%`;
}

/** 亩: whole from a hundred on, one digit from ten on, else two. */
export function muShort(areaM2: number): string {
  const mu = areaM2 * 0.0015;
  return mu >= 100 ? countText(Math.round(mu)) : mu.toFixed(mu >= 10 ? 1 : 2);
}

export function daysText(days: number | null): string {
  if (days === null) return '–';
  return days < 1 ? '<1' : days < 10 ? days.toFixed(days % 1 === 0 ? 0 : 1) : String(Math.round(days));
}
