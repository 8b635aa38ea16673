import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { type Confusion, kappa } from '../../detectors/accuracy.ts';
import { transformer } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';
import type { Contender } from './contenders.ts';

/** What was planted: which pixel belongs to which object (0: none). */
export interface Truth {
  grid: Grid;
  objects: ArrayLike<number>;
}

export interface Accuracy {
  patchCount: number;
  /** Share of the planted objects that one patch covers at IoU ≥ 0.25. */
  hitShare: number;
  /** Share of the patches that touch no planted object. */
  falseShare: number;
  /** Cohen's κ of changed and unchanged pixels. */
  kappa: number;
}

const wantedIoU = 0.25;

export async function readTruth(folder: string): Promise<Truth> {
  const source = await openTiff(join(folder, 'truth.tif'));
  const { grid } = source.info;
  const { bands } = await source.read({ column: 0, row: 0, width: grid.width, height: grid.height });
  await source.close();
  return { grid, objects: bands[0] };
}

/** Compares the patches a contender has written with the truth, pixel by pixel on the truth's grid. */
export function accuracyOf({ patches }: Contender, truth: Truth): Accuracy {
  const { features }: FeatureCollection<Polygon | MultiPolygon> = JSON.parse(readFileSync(patches.path, 'utf8'));
  // GDAL polygonizes what did not change too, as DN 0.
  const changed = features.filter((feature) => feature.properties?.DN !== 0);
  const toGrid = transformer(patches.crs, truth.grid.crs!);
  const found = new Int32Array(truth.grid.width * truth.grid.height);
  for (const [i, { geometry }] of changed.entries()) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const rings = polygons.flat().map((ring) => ring.map((point) => onGrid(toGrid(point[0], point[1]), truth.grid)));
    fill(found, truth.grid, rings, i + 1);
  }
  return { patchCount: changed.length, ...compare(found, changed.length, truth.objects) };
}

function onGrid([x, y]: Position, grid: Grid): Position {
  return [(x - grid.originX) / grid.pixelWidth, (y - grid.originY) / grid.pixelHeight];
}

/** Sets the pixels whose centre lies inside the rings (even-odd, so that holes stay out). */
function fill(pixels: Int32Array, grid: Grid, rings: Position[][], value: number): void {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = ring[i - 1][1] < ring[i][1] ? [ring[i - 1], ring[i]] : [ring[i], ring[i - 1]];
      for (let row = Math.ceil(y0 - 0.5); row + 0.5 < y1; row++) {
        const x = x0 + ((x1 - x0) * (row + 0.5 - y0)) / (y1 - y0);
        const ofRow = crossings.get(row);
        if (ofRow) ofRow.push(x);
        else crossings.set(row, [x]);
      }
    }
  }
  for (const [row, ofRow] of crossings) {
    ofRow.sort((a, b) => a - b);
    for (let i = 0; i + 1 < ofRow.length; i += 2) {
      const line = row * grid.width;
      pixels.fill(value, line + Math.ceil(ofRow[i] - 0.5), line + Math.ceil(ofRow[i + 1] - 0.5));
    }
  }
}

function compare(found: Int32Array, patchCount: number, objects: ArrayLike<number>): Omit<Accuracy, 'patchCount'> {
  const confusion: Confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  const objectPixels = new Map<number, number>();
  const patchPixels = new Float64Array(patchCount + 1);
  const shared = new Map<number, number>();
  for (let i = 0; i < found.length; i++) {
    const [patch, object] = [found[i], objects[i]];
    if (patch !== 0 && object !== 0) confusion.truePositive++;
    else if (patch !== 0) confusion.falsePositive++;
    else if (object !== 0) confusion.falseNegative++;
    else confusion.trueNegative++;
    patchPixels[patch]++;
    if (object === 0) continue;
    objectPixels.set(object, (objectPixels.get(object) ?? 0) + 1);
    const both = object * (patchCount + 1) + patch;
    if (patch !== 0) shared.set(both, (shared.get(both) ?? 0) + 1);
  }
  const hit = new Set<number>();
  const touching = new Set<number>();
  for (const [both, pixels] of shared) {
    const [object, patch] = [Math.floor(both / (patchCount + 1)), both % (patchCount + 1)];
    touching.add(patch);
    if (pixels / (objectPixels.get(object)! + patchPixels[patch] - pixels) >= wantedIoU) hit.add(object);
  }
  return {
    hitShare: hit.size / objectPixels.size,
    falseShare: 1 - touching.size / patchCount,
    kappa: kappa(confusion),
  };
}
