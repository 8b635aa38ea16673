/** A picture to be drawn upon: red, green, blue of each pixel, row by row. */
export interface Canvas {
  pixels: Uint8Array;
  width: number;
  height: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

export function paint({ pixels, width, height }: Canvas, x: number, y: number, colour: Colour): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  pixels.set(colour, 3 * (y * width + x));
}

/** A line of `thickness` pixels between two places (pixel corners are whole numbers), cut off at the canvas's edge. */
export function line(
  canvas: Canvas,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  colour: Colour,
  thickness: number,
): void {
  const visible = clipped(x0, y0, x1, y1, canvas, thickness);
  if (visible === null) return;
  const [ax, ay, bx, by] = visible;
  const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(bx - ax), Math.abs(by - ay))));
  for (let k = 0; k <= steps; k++) {
    const left = Math.round(ax + ((bx - ax) * k) / steps - thickness / 2);
    const top = Math.round(ay + ((by - ay) * k) / steps - thickness / 2);
    for (let y = top; y < top + thickness; y++)
      for (let x = left; x < left + thickness; x++) paint(canvas, x, y, colour);
  }
}

/** The part of a line that may be seen (Liang–Barsky), so that a long one outside costs nothing. */
function clipped(x0: number, y0: number, x1: number, y1: number, { width, height }: Canvas, room: number) {
  let [from, to] = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (const [p, q] of [
    [-dx, x0 + room],
    [dx, width + room - x0],
    [-dy, y0 + room],
    [dy, height + room - y0],
  ]) {
    if (p === 0 && q < 0) return null;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  if (from > to) return null;
  return [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy] as const;
}
