import type { Label } from '../lifecycle/label.ts';
import { MU_PER_M2 } from '../queue/detail.ts';

/** A report is tables: JSON holds them, XLSX and PDF only write them down, so that no figure can differ between these. */

/** Chinese first; null: not known, or a rate of nothing. */
export type Cell = string | number | Label | null;

export interface Column {
  id: string;
  title: Label;
  /** How its cells are written: rates as % rounded down, areas (m², 亩) to 0.01; a fraction is text such as 3/7. */
  format: 'text' | 'fraction' | 'count' | 'area' | 'mu' | 'rate' | 'days' | 'number';
  /** Share of a printed page's width; absent: not printed, only in JSON and XLSX. */
  width?: number;
}

export interface ReportTable {
  id: string;
  title: Label;
  note?: Label;
  columns: Column[];
  rows: Record<string, Cell>[];
  /** Only in JSON and XLSX. */
  unprinted?: true;
}

export function column(id: string, zh: string, en: string, format: Column['format'], width?: number): Column {
  return { id, title: { zh, en }, format, ...(width !== undefined && { width }) };
}

export function label(zh: string, en: string): Label {
  return { zh, en };
}

/** m² in 亩. */
export function mu(areaM2: number): number;
export function mu(areaM2: number | null): number | null;
export function mu(areaM2: number | null): number | null {
  return areaM2 === null ? null : Math.round(areaM2 * MU_PER_M2 * 1e6) / 1e6;
}

/** To six places: what is worth keeping of a rate, and the same text everywhere. */
export function rate(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}

/** A cell as it is printed. */
export function cellText(cell: Cell | undefined, format: Column['format']): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'object') return cell.zh;
  if (typeof cell === 'string') return cell;
  switch (format) {
    case 'area':
    case 'mu':
      return cell.toFixed(2);
    // Rounded down: 99.96 % is not all of it.
    case 'rate':
      return `${(Math.floor(cell * 1000 + 1e-6) / 10).toFixed(1)}`;
    case 'days':
      return String(Math.round(cell * 10) / 10);
    default:
      return String(cell);
  }
}
