import { Command, InvalidArgumentError, Option } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { type EvaluateOptions, evaluate } from '../../services/evaluation/evaluate.ts';
import { estimateMapOfFile } from '../../services/evaluation/sampled-map-file.ts';
import { printEvaluation, printMapEstimate } from './evaluation-tables.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';

interface EvaluateArguments {
  score?: string;
  patches?: string;
  truth?: string;
  unchanged?: string;
  grid?: string;
  threshold?: number;
  minPixels: number;
  confusion?: string;
  json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'compare a change score or patches with the truth, or estimate areas from a sample; needs no workspace',
    )
    .option('--score <file>', 'change score, as detect writes it: larger = more change, no data = unobserved')
    .option('--patches <file>', 'change patches, polygons as detect writes them; with --score, both of one comparison')
    .option('--truth <mask>', 'what changed: an image that is not black there, or polygons')
    .option('--unchanged <mask>', 'what did not; then only what is set in one of the two counts')
    .option('--threshold <score>', 'score above which a pixel is change, such as detect --json tells', finiteNumber)
    .option('--min-pixels <n>', 'leave smaller objects out, true and found ones', pixelCount, 1)
    .addOption(
      new Option('--grid <image>', 'image whose pixels are counted, for patches and a truth of polygons').conflicts(
        'score',
      ),
    )
    .addOption(
      new Option('--confusion <file>', 'sample counts map × reference and mapped areas (CSV or JSON)').conflicts([
        'score',
        'patches',
        'truth',
        'unchanged',
        'threshold',
        'grid',
      ]),
    )
    .option('--home <dir>', 'taken for uniformity: evaluate needs no workspace')
    .option('--json', 'print all figures as JSON')
    .addHelpText(
      'after',
      '\nPolygons come as a shapefile (loose or zipped), GeoPackage, GeoJSON, GeoJSONSeq or FlatGeobuf, in any CRS.' +
        '\nImages are GeoTIFF, PNG or JPEG.' +
        '\n\nExample:\n  tuban evaluate --score score.tif --truth changed.tif --threshold 2.4',
    )
    .action(run);
}

async function run(options: EvaluateArguments): Promise<void> {
  if (options.confusion !== undefined) {
    const estimate = await estimateMapOfFile(options.confusion);
    return options.json ? printJson(estimate) : printMapEstimate(estimate);
  }
  const bar = new ProgressBar();
  const onProgress = (done: number, total: number) => bar.draw('evaluating', done, total);
  const found = await evaluate({ ...checked(options), onProgress }).finally(() => bar.clear());
  if (options.json) printJson(found);
  else printEvaluation(found);
}

function checked({ score, patches, truth, unchanged, grid, threshold, minPixels }: EvaluateArguments): EvaluateOptions {
  const refuse = (problem: string) => {
    throw new ServiceError('bad-input', `evaluate: ${problem}.`);
  };
  if (score === undefined && patches === undefined)
    refuse('wanted what was found, as --score or --patches (or a sample as --confusion), got neither');
  if (truth === undefined) return refuse('wanted what is true, as --truth, got none');
  if (threshold !== undefined && score === undefined) refuse('--threshold is one of a score; wanted --score, got none');
  return {
    truth,
    minPixels,
    ...(score !== undefined && { score }),
    ...(patches !== undefined && { patches }),
    ...(unchanged !== undefined && { unchanged }),
    ...(grid !== undefined && { grid }),
    ...(threshold !== undefined && { threshold }),
  };
}

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Wanted a number, got '${text}'.`);
}

function pixelCount(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`Wanted a whole number from 1, got '${text}'.`);
}
