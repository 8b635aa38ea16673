import type { Ring } from './geometry.ts';

/** A square of pixels to fill shapes into, one number each. (left, top) is the county metre of its corner. */
export interface Canvas {
  left: number;
  top: number;
  size: number;
  pixels: Uint16Array | Uint8Array;
}

/** Sets every pixel whose centre lies inside the ring (even-odd). Pixel centres are at +0.5. */
export function fillRing(canvas: Canvas, ring: Ring, value: number): void {
  const { left, top, size, pixels } = canvas;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < ring.length; i++) {
    low = Math.min(low, ring[i][1]);
    high = Math.max(high, ring[i][1]);
  }
  const first = Math.max(0, Math.ceil(low - top - 0.5));
  const last = Math.min(size - 1, Math.floor(high - top - 0.5));
  const crossings: number[] = [];
  for (let row = first; row <= last; row++) {
    const y = top + row + 0.5;
    crossings.length = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i];
      const b = ring[j];
      if (a[1] > y !== b[1] > y) crossings.push(a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) - left);
    }
    if (crossings.length > 2) crossings.sort((p, q) => p - q);
    else if (crossings[0] > crossings[1]) crossings.reverse();
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(size, Math.ceil(crossings[i + 1] - 0.5));
      if (to > from) pixels.fill(value, row * size + from, row * size + to);
    }
  }
}
