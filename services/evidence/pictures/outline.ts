import { type Canvas, type Colour, line } from './canvas.ts';

const HALO: Colour = [0, 0, 0];
const OUTLINE: Colour = [255, 59, 48];

/** Draws the rings of a patch, in pixels of the picture, so that they are seen on light and on dark ground. */
export function drawOutline(canvas: Canvas, rings: readonly (readonly (readonly [number, number])[])[]): void {
  for (const ring of rings) drawPath(canvas, ring, HALO, 4);
  for (const ring of rings) drawPath(canvas, ring, OUTLINE, 2);
}

export function drawPath(
  canvas: Canvas,
  points: readonly (readonly [number, number])[],
  colour: Colour,
  thickness: number,
): void {
  for (let i = 1; i < points.length; i++) line(canvas, points[i - 1], points[i], colour, thickness);
}
