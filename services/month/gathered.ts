import { deserialize } from 'node:v8';
import { mergeRegions, type Region } from '../../detectors/region.ts';
import { joinRuns, type PixelRuns, pixelCount } from '../../detectors/runs.ts';
import type { CellResult } from '../detection/cell.ts';
import type { PairModel } from '../detection/scene-pair.ts';
import { readCells } from '../store/cells.ts';
import type { Store } from '../store/open.ts';
import type { MonthPlan } from './plan.ts';

/** All cells of a run put together. */
export interface Gathered {
  regions: Region[];
  cloud: PixelRuns;
  noImage: PixelRuns;
  /** Pixels compared: all cells, observed or not. */
  pixels: number;
  /** Pixels that changed as crops do. */
  seasonalPixels: number;
  models: Map<string, PairModel>;
  warnings: string[];
}

/** Reads the stored cells and merges what they found across their seams. */
export async function gather(store: Store, plan: MonthPlan): Promise<Gathered> {
  const cells: CellResult[] = [];
  const models = new Map<string, PairModel>();
  for await (const { key, result } of readCells(store.db, plan.id)) {
    const stored = deserialize(result) as CellResult | PairModel;
    if (key.startsWith('model:')) models.set((stored as PairModel).key, stored as PairModel);
    else cells.push(stored as CellResult);
  }
  for (const model of cells.flatMap((cell) => cell.estimated)) models.set(model.key, model);
  const warnings = [...models.values()].flatMap(({ key, warnings }) => warnings.map((warning) => `${key}: ${warning}`));
  const pixels = plan.cells.reduce((sum, { window }) => sum + window.width * window.height, 0);
  return {
    regions: mergeRegions(
      cells.flatMap((cell) => cell.regions),
      plan.parameters.minPixels,
    ),
    cloud: joinRuns(cells.map((cell) => cell.cloud)),
    noImage: joinRuns(cells.map((cell) => cell.noImage)),
    pixels,
    seasonalPixels: cells.reduce((sum, cell) => sum + cell.seasonalPixels, 0),
    models,
    // Threads may report the same damage twice.
    warnings: [...new Set([...warnings, ...cells.flatMap((cell) => cell.warnings)])].sort(),
  };
}

/** Shares of the compared area that were observed, and that cloud hid. */
export function observedShares({ pixels, cloud, noImage }: Gathered): { observed: number; cloud: number } {
  const hidden = pixelCount(cloud);
  return { observed: 1 - (hidden + pixelCount(noImage)) / pixels, cloud: hidden / pixels };
}
