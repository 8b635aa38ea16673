import { type Check, checksOf, type Difference, differencesOf } from './checks.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { MonthRow } from './month-row.ts';

/** The figures of a month, whole and by district, with their checks; pure. */

export interface DistrictFigures {
  /** Six digits. */
  district: string;
  figures: Figures;
}

export interface FigureSet {
  whole: Figures;
  /** In order of code. */
  districts: DistrictFigures[];
  checks: Check[];
  differences: Difference[];
}

export function figureSet(rows: readonly MonthRow[]): FigureSet {
  const whole = figuresOf(rows);
  const districts = byDistrict(rows).map(([district, own]) => ({ district, figures: figuresOf(own) }));
  const parts = districts.map(({ figures }) => figures);
  return { whole, districts, checks: checksOf(rows, whole, parts), differences: differencesOf(rows) };
}

export function byDistrict<T extends { district: string }>(rows: readonly T[]): [district: string, rows: T[]][] {
  const grouped = Map.groupBy(rows, ({ district }) => district.slice(0, 6));
  return [...grouped].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Every number of some figures by its path, e.g. review.ended; null: a rate of nothing. */
export function flatFigures(figures: Figures): Map<string, number | null> {
  const flat = new Map<string, number | null>();
  const walk = (value: unknown, path: string): void => {
    if (value === null || typeof value === 'number') flat.set(path, value);
    else for (const [name, part] of Object.entries(value as object)) walk(part, path === '' ? name : `${path}.${name}`);
  };
  walk(figures, '');
  return flat;
}
