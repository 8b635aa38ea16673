import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { kappa } from '../../detectors/accuracy.ts';
import {
  judgeObjects,
  matchObjects,
  type Objects,
  objectFigures,
  objectsOf,
  pixelsOn,
} from '../../detectors/objects.ts';
import { RunCollector } from '../../detectors/runs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';
import { pixelsInside } from '../../services/evaluation/polygon-runs.ts';
import type { Contender } from './contenders.ts';

/** What was planted. */
export interface Truth {
  grid: Grid;
  objects: Objects;
}

export interface Accuracy {
  patchCount: number;
  /** Share of the planted objects that have a patch of their own at IoU ≥ 0.25. */
  hitShare: number;
  /** Share of the patches that touch no planted object. */
  falseShare: number;
  /** Cohen's κ of changed and unchanged pixels. */
  kappa: number;
}

const wantedIoU = 0.25;

/** The truth raster numbers the planted objects from 1; 0 is what stayed. */
export async function readTruth(folder: string): Promise<Truth> {
  const source = await openTiff(join(folder, 'truth.tif'));
  const { grid } = source.info;
  const { width, height } = grid;
  const { bands } = await source.read({ column: 0, row: 0, width, height });
  await source.close();
  const objects = new Map<number, RunCollector>();
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const number = bands[0][i];
      if (number === 0) continue;
      const object = objects.get(number) ?? new RunCollector();
      objects.set(number, object);
      object.add(row, column, column + 1);
    }
  }
  return { grid, objects: objectsOf([...objects.values()].map((object) => object.finish())) };
}

/** Compares the patches a contender has written with the truth, pixel by pixel on the truth's grid. */
export function accuracyOf({ patches }: Contender, truth: Truth): Accuracy {
  const { features }: FeatureCollection<Polygon | MultiPolygon> = JSON.parse(readFileSync(patches.path, 'utf8'));
  // GDAL polygonizes what did not change too, as DN 0.
  const changed = features.filter((feature) => feature.properties?.DN !== 0);
  const found = objectsOf(changed.map(({ geometry }) => pixelsInside(geometry, truth.grid, patches.crs)));
  const matching = matchObjects(truth.objects, found);
  const sum = (pixels: Float64Array) => pixels.reduce((total, count) => total + count, 0);
  const [trueCount, foundCount] = [sum(matching.truthPixels), sum(matching.foundPixels)];
  const truePositive = sum(pixelsOn(found, truth.objects.runs));
  const falseNegative = trueCount - truePositive;
  return {
    patchCount: found.count,
    hitShare: objectFigures(judgeObjects(matching, wantedIoU, 1)).recall,
    falseShare: 1 - sum(Float64Array.from(matching.touching)) / found.count,
    kappa: kappa({
      truePositive,
      falsePositive: foundCount - truePositive,
      falseNegative,
      trueNegative: truth.grid.width * truth.grid.height - foundCount - falseNegative,
    }),
  };
}
