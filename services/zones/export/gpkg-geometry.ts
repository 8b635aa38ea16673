import { wkbType } from '../geometry/wkb.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { Box } from './shape-box.ts';

/** 'GP', version 0, flags: little-endian, envelope of x and y; then the CRS and the envelope. */
const HEADER_BYTES = 40;
const FLAGS = 0b0000_0011;
const WKB_HEADER = 5;

/**
 * A shape as a GeoPackage holds it (OGC 12-128r15, §2.1.3): header with envelope, then WKB. Always a multi-geometry,
 * so that a column has one type.
 */
export function gpkgGeometry({ kind, parts }: ZoneGeometry, box: Box, srsId: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeOf({ kind, parts }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.write('GP', 0, 'latin1');
  view.setUint8(2, 0);
  view.setUint8(3, FLAGS);
  view.setInt32(4, srsId, true);
  [box.minX, box.maxX, box.minY, box.maxY].forEach((value, i) => {
    view.setFloat64(8 + 8 * i, value, true);
  });
  const simple = kind === 'polygon' ? wkbType.polygon : wkbType.line;
  let at = putHeader(view, HEADER_BYTES, kind === 'polygon' ? wkbType.multiPolygon : wkbType.multiLine);
  view.setUint32(at, parts.length, true);
  at += 4;
  for (const part of parts) {
    at = putHeader(view, at, simple);
    if (kind === 'polygon') {
      view.setUint32(at, part.length, true);
      at += 4;
    }
    for (const path of part) at = putPath(view, at, path);
  }
  return bytes;
}

function sizeOf({ kind, parts }: ZoneGeometry): number {
  let bytes = HEADER_BYTES + WKB_HEADER + 4;
  for (const part of parts) {
    bytes += kind === 'polygon' ? WKB_HEADER + 4 : WKB_HEADER;
    for (const path of part) bytes += 4 + 8 * path.length;
  }
  return bytes;
}

function putHeader(view: DataView, at: number, type: number): number {
  view.setUint8(at, 1);
  view.setUint32(at + 1, type, true);
  return at + WKB_HEADER;
}

function putPath(view: DataView, start: number, path: Float64Array): number {
  view.setUint32(start, path.length / 2, true);
  let at = start + 4;
  for (let i = 0; i < path.length; i++, at += 8) view.setFloat64(at, path[i], true);
  return at;
}
