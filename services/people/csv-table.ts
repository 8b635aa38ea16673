import { readFile } from 'node:fs/promises';
import { ServiceError } from '../error.ts';

/** A table that people keep in a spreadsheet: rows of cells by the name of their column, trimmed, '' where empty. */
export interface CsvTable {
  columns: string[];
  rows: Record<string, string>[];
}

const MOST_BYTES = 64 * 2 ** 20;

/** Reads a CSV in UTF-8 or GBK, separated by commas, semicolons or tabs. @throws ServiceError bad-input naming the file */
export async function readCsv(path: string): Promise<CsvTable> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw new ServiceError('bad-input', `${path}: wanted a CSV table, but ${got}.`, undefined, error);
  });
  if (bytes.length > MOST_BYTES) throw new ServiceError('bad-input', `${path}: wanted a CSV table of at most 64 MiB.`);
  return parseCsv(decoded(bytes), path);
}

/** UTF-8, or what Chinese spreadsheets write. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** RFC 4180, whose quotes may hold line ends; lines of nothing but separators are left out. */
function parseCsv(text: string, name: string): CsvTable {
  const separator = [',', '\t', ';'].find((each) => text.split(/\r?\n/, 1)[0].includes(each)) ?? ',';
  const [head = [], ...lines] = recordsOf(text, separator, name);
  if (head.length === 0) throw new ServiceError('bad-input', `${name}: wanted a CSV table with a header; got nothing.`);
  const rows = lines.map((cells, i) => {
    if (cells.length > head.length) {
      const got = `${cells.length} in row ${i + 2}`;
      throw new ServiceError('bad-input', `${name}: wanted ${head.length} columns as in the header; got ${got}.`);
    }
    return Object.fromEntries(head.map((column, c) => [column, cells[c] ?? '']));
  });
  return { columns: head, rows };
}

function recordsOf(text: string, separator: string, name: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  const endRow = () => {
    if (cells.some((cell) => cell !== '')) records.push(cells);
    cells = [];
  };
  for (let at = 0; at < text.length; ) {
    const { cell, next } = cellAt(text, at, separator, name);
    cells.push(cell.trim());
    at = next;
    if (text[at] === separator) {
      at++;
      if (at === text.length) cells.push('');
      continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    endRow();
  }
  endRow();
  return records;
}

function cellAt(text: string, start: number, separator: string, name: string): { cell: string; next: number } {
  if (text[start] !== '"') {
    let next = start;
    while (next < text.length && text[next] !== separator && text[next] !== '\n' && text[next] !== '\r') next++;
    return { cell: text.slice(start, next), next };
  }
  let cell = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') cell += text[at++];
    else return { cell, next: at + 1 };
  }
  const line = text.slice(0, start).split('\n').length;
  throw new ServiceError('bad-input', `${name}: the quoted text that begins in line ${line} has no end.`);
}

/** The value of the first column that is there by one of these names, '' where none is. */
export function columnOf(row: Readonly<Record<string, string>>, names: readonly string[]): string {
  const found = Object.keys(row).find((column) => names.includes(column.trim()));
  return found === undefined ? '' : row[found];
}
