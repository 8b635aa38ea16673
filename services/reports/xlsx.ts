import writeXlsx, { type CellObject, type SheetData } from 'write-excel-file/node';
import type { Report } from './report.ts';
import { type Cell, type Column, cellText, type ReportTable } from './table.ts';
import { withoutTimes } from './zip-times.ts';

/** How numbers stand in a sheet; the cells hold them whole. */
const FORMATS: Partial<Record<Column['format'], string>> = {
  area: '#,##0.00',
  mu: '#,##0.00',
  number: '#,##0.00',
  rate: '0.0%',
  days: '0.0',
};
/** Excel's own limit is 31 characters and none of []:*?/\ in a sheet's name. */
const mostName = 31;

/** The report as a workbook: a sheet of what it is, and one of each table, numbers as in JSON. The same report, the same bytes. */
export async function reportXlsx(report: Report): Promise<Uint8Array> {
  const names = new Set<string>();
  const sheets = [
    { sheet: '报告', data: aboutSheet(report), columns: [{ width: 16 }, { width: 80 }], fontFamily: undefined },
    ...report.tables.map((table) => ({
      sheet: sheetName(table.title.zh, names),
      data: tableSheet(table),
      columns: table.columns.map(({ format }) => ({ width: format === 'text' ? 18 : 13 })),
      stickyRowsCount: 1,
    })),
  ];
  return withoutTimes(await writeXlsx(sheets as Parameters<typeof writeXlsx>[0]).toBuffer());
}

/** One row a column, first row their titles; under all the note, apart. */
function tableSheet({ columns, rows }: ReportTable): SheetData {
  const head = columns.map(
    ({ title }): CellObject => ({
      value: title.zh.replace('\n', ' '),
      fontWeight: 'bold',
      backgroundColor: '#EDF0F4',
      wrap: true,
    }),
  );
  return [head, ...rows.map((row) => columns.map((column) => sheetCell(row[column.id], column)))] as SheetData;
}

function sheetCell(cell: Cell | undefined, { format }: Column): CellObject | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell !== 'number') return { value: cellText(cell, format), type: String } as CellObject;
  const numbers = FORMATS[format];
  return { value: cell, type: Number, ...(numbers && { format: numbers }) } as CellObject;
}

function aboutSheet(report: Report): SheetData {
  const { title, statusText, at, simulated, failed, tables } = report;
  const rows: [string, string][] = [
    ['报告', title.zh],
    ['Report', title.en],
    ['状态', statusText.zh],
    ['数据时点', at],
    ['平衡检查', failed === 0 ? '全部平衡' : `${failed} 项不平，见“平衡检查”`],
    ...(simulated ? [['说明', '模拟数据 SIMULATED'] as [string, string]] : []),
    ...tables.flatMap(({ title: name, note }): [string, string][] => (note ? [[name.zh, note.zh]] : [])),
  ];
  return rows.map(([name, text]) => [
    { value: name, fontWeight: 'bold' },
    { value: text, wrap: true },
  ]) as SheetData;
}

function sheetName(title: string, taken: Set<string>): string {
  const plain = title.replace(/[[\]:*?/\\]/g, ' ').slice(0, mostName);
  let name = plain;
  for (let n = 2; taken.has(name); n++) name = `${plain.slice(0, mostName - 3)} ${n}`;
  taken.add(name);
  return name;
}
