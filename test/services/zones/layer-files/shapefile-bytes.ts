import { rmSync, writeFileSync } from 'node:fs';

export interface DbfColumn {
  name: string | Buffer;
  type: string;
  width: number;
  decimals?: number;
}

/** A .dbf of dBase III with its rows as bytes; a row may begin with '*' (deleted). */
export function dbfOf(columns: readonly DbfColumn[], rows: readonly (Buffer | string)[][], languageId = 0): Buffer {
  const recordBytes = 1 + columns.reduce((sum, { width }) => sum + width, 0);
  const header = Buffer.alloc(32 + 32 * columns.length + 1);
  header[0] = 3;
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(recordBytes, 10);
  header[29] = languageId;
  columns.forEach(({ name, type, width, decimals = 0 }, i) => {
    Buffer.from(name).copy(header, 32 + 32 * i, 0, 10);
    header.write(type, 32 + 32 * i + 11, 'latin1');
    header[32 + 32 * i + 16] = width;
    header[32 + 32 * i + 17] = decimals;
  });
  header[header.length - 1] = 0x0d;
  const records = rows.map((row) => {
    const record = Buffer.alloc(recordBytes, ' ');
    const cells = row.length > columns.length ? row : [' ', ...row];
    let at = 0;
    cells.forEach((cell, i) => {
      const bytes = Buffer.from(cell);
      const width = i === 0 ? 1 : columns[i - 1].width;
      // Numbers stand at the end of their field.
      const isNumber = i > 0 && /[NF]/.test(columns[i - 1].type);
      bytes.copy(record, isNumber ? at + width - bytes.length : at, 0, width);
      at += width;
    });
    return record;
  });
  return Buffer.concat([header, ...records, Buffer.from([0x1a])]);
}

/** Content of a polygon record; rings as x0, y0, x1, … */
export function polygonOf(...rings: number[][]): Buffer {
  const points = rings.flat();
  const bytes = Buffer.alloc(44 + 4 * rings.length + 8 * points.length);
  bytes.writeInt32LE(5, 0);
  bytes.writeInt32LE(rings.length, 36);
  bytes.writeInt32LE(points.length / 2, 40);
  let start = 0;
  rings.forEach((ring, i) => {
    bytes.writeInt32LE(start, 44 + 4 * i);
    start += ring.length / 2;
  });
  for (const [i, value] of points.entries()) bytes.writeDoubleLE(value, 44 + 4 * rings.length + 8 * i);
  return bytes;
}

/** Closed square with its corner there, clockwise as shells are. */
export function square(x: number, y: number, side: number): number[] {
  return [x, y, x, y + side, x + side, y + side, x + side, y, x, y];
}

/** .shp and .shx of records. */
export function shpOf(records: readonly Buffer[]): { shp: Buffer; shx: Buffer } {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 100;
  records.forEach((content, i) => {
    const header = Buffer.alloc(8);
    header.writeInt32BE(i + 1, 0);
    header.writeInt32BE(content.length / 2, 4);
    const entry = Buffer.alloc(8);
    entry.writeInt32BE(at / 2, 0);
    entry.writeInt32BE(content.length / 2, 4);
    parts.push(header, content);
    index.push(entry);
    at += 8 + content.length;
  });
  return {
    shp: Buffer.concat([shpHeader(at), ...parts]),
    shx: Buffer.concat([shpHeader(100 + 8 * records.length), ...index]),
  };
}

export function shpHeader(fileBytes: number, shapeType = 5): Buffer {
  const header = Buffer.alloc(100);
  header.writeInt32BE(9994, 0);
  header.writeUInt32BE(fileBytes / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(shapeType, 32);
  return header;
}

export interface ShapefileParts {
  shapes?: readonly Buffer[];
  dbf?: Buffer | null;
  prj?: string | null;
  cpg?: string | null;
  shx?: Buffer | null;
  shp?: Buffer;
}

const LONLAT_PRJ =
  'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';

/** Writes a shapefile; what is null is left out. Without more it is a square in Hengyang. */
export function writeShapefile(path: string, parts: ShapefileParts): string {
  const shapes = parts.shapes ?? [polygonOf(square(112.5, 26.9, 0.01))];
  const { shp, shx } = shpOf(shapes);
  const stem = path.replace(/\.shp$/, '');
  for (const ending of ['shx', 'dbf', 'prj', 'cpg']) rmSync(`${stem}.${ending}`, { force: true });
  writeFileSync(path, parts.shp ?? shp);
  if (parts.shx !== null) writeFileSync(`${stem}.shx`, parts.shx ?? shx);
  const ids = shapes.map((_, i) => [String(i + 1)]);
  if (parts.dbf !== null) writeFileSync(`${stem}.dbf`, parts.dbf ?? dbfOf([{ name: 'ID', type: 'N', width: 9 }], ids));
  if (parts.prj !== null) writeFileSync(`${stem}.prj`, parts.prj ?? LONLAT_PRJ);
  if (parts.cpg) writeFileSync(`${stem}.cpg`, parts.cpg);
  return path;
}
