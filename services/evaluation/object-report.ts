import {
  fates,
  judgeObjects,
  matchObjects,
  type ObjectFigures,
  type Objects,
  objectFigures,
  pixelsOn,
} from '../../detectors/objects.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { pixelAreaM2 } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';

export interface SizeBin extends ObjectFigures {
  /** Sizes from `from` on and under `to` (null: no end), in the report's unit. */
  from: number;
  to: number | null;
}

export interface ObjectReport {
  /** What sizes are told in: m² on the ellipsoid, or pixels where no CRS says how large one is. */
  sizeUnit: 'm2' | 'pixels';
  /** Smaller objects are left out. */
  minPixels: number;
  /** True objects more than half of which was not observed. They count, as missed unless found. */
  unobservedTruth: number;
  /** Found objects without a pixel that counts: neither right nor wrong, and in no figure. */
  unjudged: number;
  atIoU: (ObjectFigures & { iou: number; bySize: SizeBin[] })[];
  /** Found objects that share no pixel with anything true. */
  falseAlarms: number;
  /** Per 100 km² of the observed ground that counts; null where no CRS says how large that is. */
  falseAlarmsPer100Km2: number | null;
}

/** METHODS §9. */
const leastIoUs = [0.1, 0.25, 0.5];
/** 0.6, 3, 15 and 75 亩: the smallest farmland case in practice, then a house, a yard, a plant. */
const binsM2 = [0, 400, 2000, 10_000, 50_000];
const binsPixels = [0, 25, 100, 400, 1600];

/** Side of the parts of the grid whose pixels are taken as equally large. */
const areaPx = 64;

/** What there is to compare. Only pixels that count are left of the objects. */
export interface ComparedObjects {
  truth: Objects;
  found: Objects;
  /** True pixels that were not observed. */
  unseenTruth: PixelRuns;
  grid: Grid;
  minPixels: number;
  /** Ground that counts and was observed; null where no CRS says how large it is. */
  observedM2: number | null;
}

export function reportObjects(compared: ComparedObjects): ObjectReport {
  const { truth, found, grid, minPixels, observedM2 } = compared;
  const matching = matchObjects(truth, found);
  const counts = (pixels: number) => pixels >= minPixels;
  const unseen = pixelsOn(truth, compared.unseenTruth);
  const sizes = {
    truth: sizesOf(truth, matching.truthPixels, grid),
    found: sizesOf(found, matching.foundPixels, grid),
  };
  const bins = grid.crs === null ? binsPixels : binsM2;
  const atIoU = leastIoUs.map((iou) => {
    const judgement = judgeObjects(matching, iou, minPixels);
    const bySize = bins.map((from, i): SizeBin => {
      const to = bins[i + 1] ?? null;
      const isIn = (size: number) => size >= from && (to === null || size < to);
      const figures = objectFigures(
        judgement,
        (label) => isIn(sizes.truth[label]),
        (label) => isIn(sizes.found[label]),
      );
      return { from, to, ...figures };
    });
    return { iou, ...objectFigures(judgement), bySize };
  });
  const { found: foundFates } = judgeObjects(matching, 0, minPixels);
  const falseAlarms = foundFates.filter((fate, label) => fate !== fates.leftOut && !matching.touching[label]).length;
  return {
    sizeUnit: grid.crs === null ? 'pixels' : 'm2',
    minPixels,
    unobservedTruth: matching.truthPixels.filter((pixels, i) => counts(pixels) && unseen[i] > pixels / 2).length,
    unjudged: matching.foundPixels.filter((pixels) => pixels === 0).length,
    atIoU,
    falseAlarms,
    // Where nothing was observed there is no ground to divide by.
    falseAlarmsPer100Km2: observedM2 === null || observedM2 === 0 ? null : (falseAlarms * 1e8) / observedM2,
  };
}

/** Sizes to tell bins apart: all pixels weigh what the one in the middle of their part of the grid does. */
function sizesOf({ runs, labels }: Objects, pixels: Float64Array, grid: Grid): Float64Array {
  if (grid.crs === null) return pixels;
  const areas = new Map<number, number>();
  const areaAt = (column: number, row: number) => {
    const [i, j] = [Math.floor(column / areaPx), Math.floor(row / areaPx)];
    const key = j * Math.ceil(grid.width / areaPx) + i;
    const known = areas.get(key) ?? pixelAreaM2(grid, (i + 0.5) * areaPx, (j + 0.5) * areaPx)!;
    areas.set(key, known);
    return known;
  };
  const sizes = new Float64Array(pixels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (sizes[label] === 0) sizes[label] = pixels[label] * areaAt(runs.start[i], runs.row[i]);
  }
  return sizes;
}
