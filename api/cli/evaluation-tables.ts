import type { ClassEstimate, Estimate, MapEstimate } from '../../detectors/olofsson.ts';
import type { Evaluation } from '../../services/evaluation/evaluate.ts';
import type { ObjectReport, SizeBin } from '../../services/evaluation/object-report.ts';
import type { Agreement, PixelFigures } from '../../services/evaluation/pixel-figures.ts';
import { printTable } from './output.ts';

/** IoU that sizes are told apart at. */
const iouOfSizes = 0.25;

export function printEvaluation(found: Evaluation): void {
  const { pixels, ranking, objects } = found;
  print(
    `${pixels.counted} pixels count, ${pixels.changed} of them changed; ` +
      `${(100 * found.unobservedFraction).toFixed(1)} % unobserved`,
  );
  if (ranking) {
    const { all, observed } = ranking;
    const without = ` (observed only: ${share(observed.rocAuc)}, ${share(observed.averagePrecision)})`;
    print(
      `ROC-AUC ${share(all.rocAuc)}, average precision ${share(all.averagePrecision)}` +
        (pixels.unobserved > 0 ? without : ''),
    );
  }
  printAgreement(found);
  if (objects) printObjects(objects);
  for (const warning of found.warnings) print(`warning: ${warning}`);
}

function printAgreement({ threshold, scoreAgreement, patchAgreement, ranking, pixels }: Evaluation): void {
  const rows = [
    ...agreementRows(`score > ${Number(threshold?.toPrecision(5))}`, scoreAgreement, pixels.unobserved),
    ...agreementRows('patches', patchAgreement, pixels.unobserved),
  ];
  if (rows.length > 0) {
    print('');
    printTable(['pixels', 'κ', 'F1', 'precision', 'recall', 'OA'], rows);
  }
  if (ranking && threshold === null) print('no threshold: threshold-free figures of the score only (--threshold V)');
}

function agreementRows(name: string, agreement: Agreement | null, unobserved: number): string[][] {
  if (agreement === null) return [];
  const row = (title: string, { kappa, f1, precision, recall, overallAccuracy }: PixelFigures) => [
    title,
    ...[kappa, f1, precision, recall, overallAccuracy].map(share),
  ];
  const all = row(name, agreement.all);
  return unobserved === 0 ? [all] : [all, row(`${name}, observed only`, agreement.observed)];
}

function printObjects(objects: ObjectReport): void {
  const row = (title: string, { truth, found, precision, recall, f1 }: ObjectReport['atIoU'][number] | SizeBin) => [
    title,
    String(truth),
    String(found),
    ...[precision, recall, f1].map(share),
  ];
  const columns = ['true', 'found', 'precision', 'recall', 'F1'];
  print('');
  printTable(
    ['objects', ...columns],
    objects.atIoU.map((figures) => row(`IoU ≥ ${figures.iou}`, figures)),
  );
  const sized = objects.atIoU.find(({ iou }) => iou === iouOfSizes)!;
  const unit = objects.sizeUnit === 'm2' ? 'm²' : 'pixels';
  const name = ({ from, to }: SizeBin) => (to === null ? `from ${from} ${unit}` : `${from}–${to} ${unit}`);
  print('');
  printTable(
    [`IoU ≥ ${iouOfSizes}, by size`, ...columns],
    sized.bySize.filter(({ truth, found }) => truth + found > 0).map((bin) => row(name(bin), bin)),
  );
  const density = objects.falseAlarmsPer100Km2;
  const per = density === null ? '' : `, ${density >= 100 ? density.toFixed(0) : density.toPrecision(3)} per 100 km²`;
  print(`\nfalse alarms: ${objects.falseAlarms} that touch nothing true${per}`);
  if (objects.unobservedTruth > 0) print(`true objects mostly unobserved: ${objects.unobservedTruth}`);
  if (objects.unjudged > 0) print(`found objects on ground that does not count: ${objects.unjudged}`);
}

export function printMapEstimate({ overallAccuracy, classes }: MapEstimate): void {
  const hectares = (m2: number) => (m2 / 1e4).toFixed(0);
  // 1 m² = 0.0015 亩 exactly.
  const mu = (m2: number) => (m2 * 0.0015).toFixed(0);
  const withMargin = ({ value, margin }: Estimate, format: (value: number) => string) => [
    format(value),
    Number.isNaN(margin) ? '–' : format(margin),
  ];
  const row = ({ name, mappedArea, area, usersAccuracy, producersAccuracy }: ClassEstimate) => [
    name,
    hectares(mappedArea),
    ...withMargin(area, hectares),
    ...withMargin(area, mu),
    ...withMargin(usersAccuracy, share),
    ...withMargin(producersAccuracy, share),
  ];
  const head = ['class', 'mapped ha', 'ha', '±', '亩', '±', "user's accuracy", '±', "producer's accuracy", '±'];
  printTable(head, classes.map(row));
  const [value, margin] = withMargin(overallAccuracy, share);
  print(`\noverall accuracy ${value} ± ${margin}; ± is 95 % confidence (Olofsson et al. 2014)`);
}

function share(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
