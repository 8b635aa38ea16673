/** 亩 (mu). 1 亩 is 2000/3 m² exactly; 666.67 is its rounding. */
export const M2_PER_MU = 2000 / 3;

export function muOf(m2: number): number {
  return (m2 * 3) / 2000;
}

/** To 0.01 m²: the figure that is shown, and that tests are made on. */
export function shownM2(m2: number): number {
  return Math.round(m2 * 100) / 100;
}

/** Sums areas and rounds the sum. */
export function sumM2(areas: readonly number[]): number {
  return shownM2(areas.reduce((sum, area) => sum + area, 0));
}
