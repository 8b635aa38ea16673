/** A closed path on whole numbers, without the repeated last point. */
type Path = { x: number; y: number }[];

/**
 * Of points in a row on one level only the first and the last, all round: they enclose the same. On a level run to
 * and fro clipper2-ts misses the top of a ring and follows it round and round, until memory ends.
 */
export function levelled<Ring extends Path>(path: Ring): Ring {
  const { length } = path;
  const isBetween = (i: number) =>
    path[(i + length - 1) % length].y === path[i].y && path[(i + 1) % length].y === path[i].y;
  return path.some((_, i) => isBetween(i)) ? (path.filter((_, i) => !isBetween(i)) as Ring) : path;
}

/**
 * Makes a Clipper64 fail, as it does where it finds a fault itself, when it sweeps over more levels than there are
 * points: each is swept over once.
 */
export function endingAfter(clipper: object, points: number): void {
  let left = points + 2;
  let level = 0;
  Object.defineProperty(clipper, 'currentBotY', {
    get: () => level,
    set: (value: number) => {
      if (left-- <= 0) throw new RangeError('The sweep does not end.');
      level = value;
    },
  });
}
