import { deserialize } from 'node:v8';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { CellResult } from '../detection/cell.ts';
import type { Gathered } from '../month/gathered.ts';
import type { MonthPlan } from '../month/plan.ts';
import { readCells } from '../store/cells.ts';
import type { Store } from '../store/open.ts';
import { windowOfKey } from '../themes/zone-look.ts';
import type { Sight } from './gained-ground.ts';

/** What a plan that was just compared saw. */
export function sightOfPlan({ grid, cells }: MonthPlan, { cloud, noImage }: Gathered): Sight {
  return { grid, cells: cells.map(({ window }) => window), hidden: [cloud, noImage] };
}

/** What a run saw, from its stored cells. */
export async function sightOfRun(store: Store, run: { id: string; planJson: string }): Promise<Sight> {
  const { grid } = JSON.parse(run.planJson) as { grid: Grid };
  const cells: Window[] = [];
  const hidden: PixelRuns[] = [];
  for await (const { key, result } of readCells(store.db, run.id)) {
    const window = windowOfKey(key, grid);
    if (window === null) continue;
    const { cloud, noImage } = deserialize(result) as CellResult;
    cells.push(window);
    hidden.push(cloud, noImage);
  }
  return { grid, cells, hidden };
}
