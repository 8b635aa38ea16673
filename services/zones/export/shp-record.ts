import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { type Box, turnOf } from './shape-box.ts';

/** ESRI Shapefile Technical Description, July 1998. Numbers of the .shp's own headers are big-endian, shapes little. */

const SHAPE_TYPES = { null: 0, line: 3, polygon: 5 } as const;
export const FILE_HEADER_BYTES = 100;
const RECORD_HEADER_BYTES = 8;
const SHAPE_HEADER_BYTES = 44;

/** Bytes of a record with its header. */
export function recordBytes(geometry: ZoneGeometry | null): number {
  if (geometry === null) return RECORD_HEADER_BYTES + 4;
  let bytes = RECORD_HEADER_BYTES + SHAPE_HEADER_BYTES;
  for (const part of geometry.parts) for (const path of part) bytes += 4 + path.length * 8;
  return bytes;
}

/** Writes one record; shells turn clockwise and holes anticlockwise. `number` counts from 1. */
export function writeShpRecord(
  buffer: Buffer,
  offset: number,
  number: number,
  geometry: ZoneGeometry | null,
  box: Box,
): void {
  buffer.writeInt32BE(number, offset);
  buffer.writeInt32BE((recordBytes(geometry) - RECORD_HEADER_BYTES) / 2, offset + 4);
  const shape = offset + RECORD_HEADER_BYTES;
  if (geometry === null) {
    buffer.writeInt32LE(SHAPE_TYPES.null, shape);
    return;
  }
  const paths = geometry.parts.reduce((sum, part) => sum + part.length, 0);
  buffer.writeInt32LE(SHAPE_TYPES[geometry.kind], shape);
  writeBox(buffer, shape + 4, box);
  buffer.writeInt32LE(paths, shape + 36);
  writePaths(buffer, shape, paths, geometry);
}

function writePaths(buffer: Buffer, shape: number, paths: number, { kind, parts }: ZoneGeometry): void {
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  let index = shape + SHAPE_HEADER_BYTES;
  const firstPoint = index + 4 * paths;
  let at = firstPoint;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      view.setInt32(index, (at - firstPoint) / 16, true);
      index += 4;
      const turned = kind === 'polygon' && (i === 0 ? turnOf(part[i]) > 0 : turnOf(part[i]) < 0);
      at = writePath(view, at, part[i], turned);
    }
  }
  view.setInt32(shape + 40, (at - firstPoint) / 16, true);
}

function writePath(view: DataView, offset: number, path: Float64Array, backwards: boolean): number {
  let at = offset;
  const last = path.length - 2;
  for (let i = 0; i <= last; i += 2) {
    const from = backwards ? last - i : i;
    view.setFloat64(at, path[from], true);
    view.setFloat64(at + 8, path[from + 1], true);
    at += 16;
  }
  return at;
}

/** The first hundred bytes of a .shp or .shx of so many bytes. `box` is null where no record has a shape. */
export function shpHeader(fileBytes: number, kind: 'polygon' | 'line', box: Box | null): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.writeInt32BE(9994, 0);
  header.writeInt32BE(fileBytes / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(SHAPE_TYPES[kind], 32);
  if (box !== null) writeBox(header, 36, box);
  return header;
}

function writeBox(buffer: Buffer, offset: number, { minX, minY, maxX, maxY }: Box): void {
  buffer.writeDoubleLE(minX, offset);
  buffer.writeDoubleLE(minY, offset + 8);
  buffer.writeDoubleLE(maxX, offset + 16);
  buffer.writeDoubleLE(maxY, offset + 24);
}
