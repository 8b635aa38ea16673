import { html } from 'htm/preact';
import type { PlaceStrip } from '../../server/strip-schemas.ts';

/** Where a patch lies in its pictures. */
export type Frame = Pick<PlaceStrip['frame'], 'width' | 'height' | 'outline'>;

/** The patch's rings over a picture. */
export function Outline({ frame }: { frame: Frame }) {
  const path = frame.outline.map((ring) => `M${ring.map((point) => point.join(' ')).join('L')}Z`).join('');
  return html`
    <svg class="outline" viewBox=${`0 0 ${frame.width} ${frame.height}`} aria-hidden="true">
      <path d=${path} class="halo" /><path d=${path} class="line" />
    </svg>
  `;
}

/** Area inside rings, in their own units; holes turn the other way round and take theirs off. */
export function ringsArea(rings: readonly (readonly [number, number][])[]): number {
  const doubled = (ring: readonly [number, number][]) =>
    ring.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = ring[(i + 1) % ring.length];
      return sum + x * nextY - nextX * y;
    }, 0);
  return Math.abs(rings.reduce((sum, ring) => sum + doubled(ring), 0)) / 2;
}

const barLengthsM = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** A bar of a round length, at most a third of the picture. */
export function ScaleBar({ widthM }: { widthM: number }) {
  const lengthM = barLengthsM.findLast((length) => length <= widthM / 3);
  if (lengthM === undefined) return null;
  const text = lengthM < 1000 ? `${lengthM} m` : `${lengthM / 1000} km`;
  return html`<span class="scale" style=${{ width: `${(100 * lengthM) / widthM}%` }}>${text}</span>`;
}
