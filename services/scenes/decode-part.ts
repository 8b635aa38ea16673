import type { ImageryError } from '../../imagery/error.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { Scene } from '../../imagery/scene.ts';
import { openSceneFile } from '../../imagery/scene-file.ts';

/** Which windows of a scene are decoded to see whether they can be. */
export interface DecodePart {
  scene: Scene;
  /** True: all of them, from the `first` on, as many as one part has; otherwise a sample spread over the image. */
  whole: boolean;
  first: number;
}

export interface DecodedPart {
  grid: Grid;
  /** What could not be decoded, a line for each place, in order. */
  damage: string[];
  decoded: number;
  /** How many windows the whole image has. */
  windows: number;
}

const windowPx = 512;
export const windowsOfPart = 16;

/** @throws ImageryError when the file cannot be opened */
export async function decodePart({ scene, whole, first }: DecodePart): Promise<DecodedPart> {
  const damage = new Set<string>();
  const source = await openSceneFile(scene, (error: ImageryError) =>
    damage.add(error.message.replace(/\s*\n\s*/g, ' ')),
  );
  try {
    const { grid } = source.info;
    const along = (length: number) => Math.ceil(length / windowPx);
    const windows = along(grid.width) * along(grid.height);
    const looked = whole ? range(first, Math.min(windows, first + windowsOfPart)) : sampled(windows);
    for (const index of looked) await source.read(windowAt(grid, index));
    return { grid, damage: [...damage].sort(), decoded: looked.length, windows };
  } finally {
    await source.close();
  }
}

/** The grid in windows, row by row. */
function windowAt({ width, height }: Grid, index: number): Window {
  const columns = Math.ceil(width / windowPx);
  const column = (index % columns) * windowPx;
  const row = Math.floor(index / columns) * windowPx;
  return { column, row, width: Math.min(windowPx, width - column), height: Math.min(windowPx, height - row) };
}

/** The first, the last, and some between, the same every time. */
function sampled(windows: number): number[] {
  if (windows <= windowsOfPart) return range(0, windows);
  return range(0, windowsOfPart).map((k) => Math.round((k * (windows - 1)) / (windowsOfPart - 1)));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
