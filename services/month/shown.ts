import type { Window } from '../../imagery/grid.ts';
import { intersection } from '../detection/estimate.ts';

/** A scene and the part of a cell that it shows. */
export interface Shown {
  id: string;
  part: Window;
}

/** A part that another shows up to this share is as good as shown by it: tiles of two dates never lie quite alike. */
const sameGround = 0.9;
/** A part under this share of its cell is the margin of a neighbouring tile. */
const leastShare = 0.05;

/** Those of the scenes (id, window covered or null) that show something of a cell, in their order. */
export function shownIn(cell: Window, scenes: Iterable<[id: string, covered: Window | null]>): Shown[] {
  const shown: Shown[] = [];
  for (const [id, covered] of scenes) {
    const part = covered && intersection(covered, cell);
    if (part) shown.push({ id, part });
  }
  return shown;
}

/**
 * Of scenes latest first, those that are among the `most` latest ones for some ground of the cell: tiles beside
 * each other do not count as looks at the same ground.
 */
export function latestLooks(scenes: Shown[], most: number): Shown[] {
  return scenes.filter(({ part }, i) => {
    const later = scenes.slice(0, i).filter((other) => sharedArea(part, other.part) >= sameGround * area(part));
    return later.length < most;
  });
}

/** Pairs of scenes that most of a cell's ground is judged on: for each part the latest look and the latest before. */
export function mainPairs(cell: Window, afters: Shown[], befores: Shown[]): { beforeId: string; afterId: string }[] {
  const least = leastShare * area(cell);
  const earlier = latestLooks(befores, 1);
  return latestLooks(afters, 1).flatMap((after) =>
    earlier
      .filter((before) => sharedArea(before.part, after.part) >= least)
      .map((before) => ({ beforeId: before.id, afterId: after.id })),
  );
}

function sharedArea(a: Window, b: Window): number {
  const shared = intersection(a, b);
  return shared === null ? 0 : area(shared);
}

function area({ width, height }: Window): number {
  return width * height;
}
