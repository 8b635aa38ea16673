import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { printTable } from '../../../api/cli/output.ts';
import { printMonthTable } from '../../../api/cli/tables.ts';
import type { MonthRow, MonthTable } from '../../../services/queue/month-table.ts';

let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('a table has its columns under each other where Chinese stands, which is twice as wide, and its numbers on the right', () => {
  printTable(
    ['district', 'found'],
    [
      ['430421 衡阳县', '3'],
      ['430422', '12'],
    ],
  );
  expect(printed).toBe('district       found\n430421 衡阳县      3\n430422            12\n');
});

it('a table without rows is its head', () => {
  printTable(['number', 'm²'], []);
  expect(printed).toBe('number  m²\n');
});

const row = (district: string, name: string, found: number, measured: boolean): MonthRow => ({
  ...{ district, name, found, warned: 2, open: found - 1, overdue: 1, resolved: 1, dismissed: 0, areaM2: 2000 * found },
  ...(measured
    ? { totalM2: 1000, observedM2: 987.6, observedFraction: 0.9876 }
    : { totalM2: null, observedM2: null, observedFraction: null }),
});
const table: MonthTable = {
  month: '2024-07',
  at: '2024-08-31T18:00:00.000Z',
  rows: [row('430421', '衡阳县', 5, true), row('430422', '衡南县', 3, false)],
  total: row('', '合计', 8, false),
};

it('the table of a month has areas in 亩, what was seen never rounded up, and a dash where nobody knows', () => {
  printMonthTable(table);
  expect(printed.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    [''],
    ['2024-07'],
    ['district', 'found', 'warned', 'overdue', 'resolved', 'dismissed', '亩', 'observed'],
    ['430421 衡阳县', '5', '2', '1', '1', '0', '15.0', '98.7 %'],
    ['430422 衡南县', '3', '2', '1', '1', '0', '9.0', '–'],
    ['合计', '8', '2', '1', '1', '0', '24.0', '–'],
    [''],
  ]);
});

it('that of a simulated month has recall and false alarms too', () => {
  const planted = new Map([
    ['430421', { visible: 4, found: 3, heldBack: 1, falseAlarms: 2, issued: 5 }],
    ['', { visible: 4, found: 3, heldBack: 1, falseAlarms: 2, issued: 8 }],
  ]);
  printMonthTable(table, planted);
  const ends = printed
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/).slice(-2));
  expect(ends).toEqual([
    ['recall', 'false alarms'],
    ['3/4', '2'],
    ['0/0', '0'],
    ['3/4', '2'],
  ]);
});
