import type { ZoneGeometry } from '../geometry/zone-geometry.ts';

/** A box in a file's own coordinates. */
export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export function emptyBox(): Box {
  return { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
}

export function boxOfShape({ parts }: ZoneGeometry): Box {
  const box = emptyBox();
  for (const part of parts) {
    for (const path of part) {
      for (let i = 0; i < path.length; i += 2) {
        if (path[i] < box.minX) box.minX = path[i];
        if (path[i] > box.maxX) box.maxX = path[i];
        if (path[i + 1] < box.minY) box.minY = path[i + 1];
        if (path[i + 1] > box.maxY) box.maxY = path[i + 1];
      }
    }
  }
  return box;
}

export function growBox(box: Box, { minX, minY, maxX, maxY }: Box): void {
  if (minX < box.minX) box.minX = minX;
  if (minY < box.minY) box.minY = minY;
  if (maxX > box.maxX) box.maxX = maxX;
  if (maxY > box.maxY) box.maxY = maxY;
}

/** Twice the area a ring goes round, positive anticlockwise; from its first corner, so that small rings keep digits. */
export function turnOf(ring: Float64Array): number {
  let sum = 0;
  for (let i = 2; i + 3 < ring.length; i += 2) {
    sum += (ring[i] - ring[0]) * (ring[i + 3] - ring[1]) - (ring[i + 2] - ring[0]) * (ring[i + 1] - ring[1]);
  }
  return sum;
}
