import type { PlantedFigures } from '../../services/demonstration/planted.ts';
import type { MonthTable } from '../../services/queue/month-table.ts';
import { printTable } from './output.ts';

/** The month by district; in a simulated workspace with recall and false alarms against what was planted. */
export function printMonthTable(table: MonthTable, planted?: ReadonlyMap<string, PlantedFigures>): void {
  const head = ['district', 'found', 'warned', 'overdue', 'resolved', 'dismissed', '亩', 'observed'];
  const rows = [...table.rows, table.total].map((row) => {
    // Rounded down: 99.96 % is not all of it.
    const observed =
      row.observedFraction === null ? '–' : `${(Math.floor(1000 * row.observedFraction) / 10).toFixed(1)} %`;
    const counts = [row.found, row.warned, row.overdue, row.resolved, row.dismissed].map(String);
    const cells = [`${row.district} ${row.name}`.trim(), ...counts, (row.areaM2 * 0.0015).toFixed(1), observed];
    if (planted === undefined) return cells;
    const figures = planted.get(row.district);
    return [...cells, figures ? `${figures.found}/${figures.visible}` : '0/0', String(figures?.falseAlarms ?? 0)];
  });
  process.stdout.write(`\n${table.month}\n`);
  printTable(planted === undefined ? head : [...head, 'recall', 'false alarms'], rows);
}
