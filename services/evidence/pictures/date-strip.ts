import { type Canvas, paint } from './canvas.ts';

/** Letters of 5 × 7 dots, rows from the top, five bits each: enough to say which picture it is, of which day. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  '-': [0, 0, 0, 31, 0, 0, 0],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  O: [14, 17, 17, 17, 17, 17, 14],
  R: [30, 17, 17, 30, 20, 18, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
};

const DOT = 2;
const MARGIN = 6;
const INK = [255, 255, 255] as const;

export const STRIP_PX = 7 * DOT + 2 * MARGIN;

/** The picture with a black strip below it that says `text`, so that a copy without its name still tells its day. */
export function withStrip({ pixels, width, height }: Canvas, text: string): Canvas {
  const labelled = { pixels: new Uint8Array(3 * width * (height + STRIP_PX)), width, height: height + STRIP_PX };
  labelled.pixels.set(pixels);
  for (const [n, letter] of [...text].entries()) {
    const glyph = GLYPHS[letter] ?? [];
    const left = MARGIN + n * 6 * DOT;
    for (const [row, bits] of glyph.entries()) {
      for (let column = 0; column < 5; column++) {
        if ((bits & (16 >> column)) !== 0) dot(labelled, left + column * DOT, height + MARGIN + row * DOT);
      }
    }
  }
  return labelled;
}

function dot(canvas: Canvas, x: number, y: number): void {
  for (let dy = 0; dy < DOT; dy++) for (let dx = 0; dx < DOT; dx++) paint(canvas, x + dx, y + dy, INK);
}
