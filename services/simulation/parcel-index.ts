import { contains, type Ring, ringAreaM2, ringBox } from './geometry.ts';
import type { Parcel } from './parcels.ts';

const CELL_M = 64;

/** Finds the parcel at a position without asking all of them. */
export interface ParcelIndex {
  at(x: number, y: number): Parcel | null;
}

export function indexParcels(parcels: Parcel[]): ParcelIndex {
  const cells = new Map<string, Parcel[]>();
  for (const parcel of parcels) {
    const box = ringBox(parcel.ring);
    for (let c = Math.floor(box.minX / CELL_M); c <= Math.floor(box.maxX / CELL_M); c++) {
      for (let r = Math.floor(box.minY / CELL_M); r <= Math.floor(box.maxY / CELL_M); r++) {
        const key = `${c} ${r}`;
        const cell = cells.get(key);
        if (cell === undefined) cells.set(key, [parcel]);
        else cell.push(parcel);
      }
    }
  }
  return {
    at: (x, y) => {
      const cell = cells.get(`${Math.floor(x / CELL_M)} ${Math.floor(y / CELL_M)}`) ?? [];
      return cell.find((parcel) => contains(parcel.ring, x, y)) ?? null;
    },
  };
}

/** About `count` evenly spaced positions inside a ring (at least one, and not closer than a metre). */
export function samplePoints(ring: Ring, count: number): [x: number, y: number][] {
  const box = ringBox(ring);
  const stepM = Math.max(1, Math.sqrt(ringAreaM2(ring) / count));
  const points: [number, number][] = [];
  for (let y = box.minY + stepM / 2; y < box.maxY; y += stepM) {
    for (let x = box.minX + stepM / 2; x < box.maxX; x += stepM) {
      if (contains(ring, x, y)) points.push([x, y]);
    }
  }
  return points.length > 0 ? points : [[(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2]];
}
