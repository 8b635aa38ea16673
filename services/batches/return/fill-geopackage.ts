import Database from 'better-sqlite3';
import type { GeopackageReading } from '../../zones/layer-files/layer-reading.ts';
import type { RowAnswers } from './answers.ts';

/** Functions that the spatial index's triggers name. They fire when a shape or a key changes, which none does here. */
const OF_TRIGGERS = ['ST_IsEmpty', 'ST_MinX', 'ST_MaxX', 'ST_MinY', 'ST_MaxY'];

/** Writes answers into the rows of a GeoPackage, all or none. */
export function fillGeopackage(file: string, { table, key }: GeopackageReading, rows: Iterable<RowAnswers>): void {
  const db = new Database(file, { fileMustExist: true });
  try {
    for (const name of OF_TRIGGERS) db.function(name, { varargs: true }, () => null);
    const statements = new Map<string, Database.Statement>();
    const statementOf = (column: string) => {
      const text = `UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${quoted(key)} = ?`;
      const known = statements.get(text) ?? db.prepare(text);
      statements.set(text, known);
      return known;
    };
    db.transaction(() => {
      for (const { fid, values } of rows) {
        for (const [column, value] of values) statementOf(column).run(value, BigInt(fid!));
      }
    })();
  } finally {
    db.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
