import { closeSync, openSync, writeSync } from 'node:fs';
import { ServiceError } from '../../error.ts';
import { type EncodingName, textEncoding } from '../../zones/export/text-encoding.ts';
import { type DbfField, nameOf, type ShapefileReading } from '../../zones/layer-files/layer-reading.ts';
import type { Misfit, RowAnswers } from './answers.ts';

/** Those a reader may name that are written alike. */
const WRITTEN_AS: Readonly<Record<string, EncodingName>> = { 'utf-8': 'utf-8', gbk: 'gbk', gb18030: 'gbk' };

/**
 * Writes answers into the cells of a .dbf and touches no other byte.
 * @throws ServiceError bad-input: text of an encoding that is not written
 */
export function fillDbf(file: string, reading: ShapefileReading, rows: Iterable<RowAnswers>): Misfit[] {
  const { encoding } = reading;
  const layout = reading.dbf!;
  const name = WRITTEN_AS[encoding];
  if (name === undefined) {
    throw new ServiceError('bad-input', `The batch is written in ${encoding}; wanted gbk or utf-8 to fill answers in.`);
  }
  const fields = new Map(layout.fields.map((field) => [nameOf(reading, field.name), field]));
  const misfits: Misfit[] = [];
  const descriptor = openSync(file, 'r+');
  try {
    for (const { row, number, values } of rows) {
      const start = layout.headerBytes + row * layout.recordBytes;
      for (const [column, value] of values) {
        const field = fields.get(column)!;
        const cell = cellOf(field, value, name);
        if (cell.problem !== null) misfits.push({ number, field: column, problem: cell.problem });
        if (cell.bytes !== null) writeSync(descriptor, cell.bytes, 0, field.width, start + field.offset);
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return misfits;
}

interface Cell {
  /** Null: the cell stays as it is. */
  bytes: Buffer | null;
  problem: string | null;
}

function cellOf(field: DbfField, value: string | number, encoding: EncodingName): Cell {
  if (field.type === 'C') return textCell(field, String(value), encoding);
  if (field.type === 'N' || field.type === 'F') return numberCell(field, value);
  const day = String(value).replaceAll('-', '');
  if (field.type === 'D' && /^\d{8}$/.test(day)) return { bytes: Buffer.from(day, 'latin1'), problem: null };
  return left(`a column of type ${field.type} does not hold "${value}": left as it came`);
}

/** Cut between characters where the column is too narrow, and said so. */
function textCell({ width }: DbfField, text: string, encoding: EncodingName): Cell {
  const { write, lacking, mostBytes, title } = textEncoding(encoding);
  const missing = lacking(text);
  if (missing !== null) return left(`${title} lacks the character ${missing}: left as it came`);
  const line = text.replace(/\s+/g, ' ');
  const room = Buffer.alloc(line.length * mostBytes + 4);
  const bytes = Buffer.alloc(width, 0x20);
  let at = 0;
  for (const character of line) {
    const length = write(character, room, 0);
    if (at + length > width) {
      const got = `${write(line, room, 0)} bytes in ${title}`;
      return { bytes, problem: `an answer of ${got} was cut to the ${width} of the column` };
    }
    room.copy(bytes, at, 0, length);
    at += length;
  }
  return { bytes, problem: null };
}

function numberCell({ width, decimals }: DbfField, value: string | number): Cell {
  const number = Number(value);
  if (!Number.isFinite(number)) return left(`a column of numbers does not hold "${value}": left as it came`);
  const text = number.toFixed(decimals);
  if (text.length > width) return left(`${text} does not fit the ${width} digits of the column: left as it came`);
  return { bytes: Buffer.from(text.padStart(width), 'latin1'), problem: null };
}

function left(problem: string): Cell {
  return { bytes: null, problem };
}
