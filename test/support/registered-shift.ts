import { type PairSide, planTies, tieShifts } from '../../imagery/aligned.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import { type PairShift, robustShift } from '../../imagery/registration/shift.ts';

/** The shift that lays `after` on `before`, from all ties there are. */
export async function registeredShift(
  before: PairSide,
  after: PairSide,
  grid: Grid,
  overlap: Window,
): Promise<PairShift | null> {
  const ties = await tieShifts(before, after, grid, planTies(grid, overlap));
  return robustShift(ties.filter((tie) => tie !== null));
}
