import { type PairSide, planTies, tieAt } from '../../imagery/aligned.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import { type PairShift, robustShift, type TieShift } from '../../imagery/registration/shift.ts';

/** The shift that lays `after` on `before`, from all ties there are. */
export async function registeredShift(
  before: PairSide,
  after: PairSide,
  grid: Grid,
  overlap: Window,
): Promise<PairShift | null> {
  const ties: (TieShift | null)[] = [];
  for (const window of planTies(grid, overlap)) ties.push(await tieAt(before, after, grid, window));
  return robustShift(ties.filter((tie) => tie !== null));
}
