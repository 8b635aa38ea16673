import { Command, Option } from 'commander';
import { exportSamples } from '../../services/samples/export.ts';
import { type Sample, sampleLibrary } from '../../services/samples/library.ts';
import { districtDigits, pixelCount } from './options.ts';
import { printJson, printTable } from './output.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface SampleArguments extends WorkspaceArguments {
  district: string;
  seed: string;
}

const LABELS = ['change', 'false-change', 'unclear'] as const;

export function samplesCommand(): Command {
  const samples = new Command('samples').description(
    '解译样本库: what people concluded on, for a detector to learn from',
  );
  chosen(samples.command('list')).description('every labelled patch, with its part of each split').action(list);
  chosen(samples.command('export'))
    .description('write them as a data set with chips, masks, features, labels and splits')
    .requiredOption('-o, --out <dir>', 'folder to be made')
    .option('--size <px>', 'side of the chips', pixelCount, 256)
    .addOption(new Option('--label <label...>', 'only these').choices([...LABELS]))
    .addHelpText('after', '\nExample: tuban samples export -o samples-2026 --label change false-change')
    .action(write);
  return samples;
}

function chosen(command: Command): Command {
  return workspaceOptions(command)
    .option('--district <code>', 'first digits of a district code', districtDigits, '')
    .option('--seed <text>', 'of the split by scene', '1');
}

async function list(options: SampleArguments): Promise<void> {
  const { samples, withoutPixels } = await withWorkspace(options, ({ store }) => sampleLibrary(store, options));
  if (options.json) return printJson({ samples, withoutPixels });
  printTable(
    ['图斑 patch', '标签 label', '理由 reason', '类型 type', 'm²', '后时相 after', '按影像 by scene', '按时间 by date'],
    samples.map((one) => [
      ...[one.number, one.label, one.reason, one.type, one.areaM2.toFixed(0), one.afterDate],
      ...[one.splits.scene, one.splits.date],
    ]),
  );
  if (withoutPixels.length > 0) process.stdout.write(`无影像依据，未列 without pixels: ${withoutPixels.length}\n`);
}

async function write(options: SampleArguments & { out: string; size: number; label?: Sample['label'][] }) {
  const bar = new ProgressBar();
  const { out: to, size: sizePx, label: labels, district, seed } = options;
  const exported = await withWorkspace(options, async ({ store }) => {
    const onProgress = (done: number, total: number) => bar.draw('samples', done, total);
    const at = (await clockOf(store))();
    return exportSamples(store, { to, sizePx, labels, district, seed, at, onProgress });
  }).finally(() => bar.clear());
  if (options.json) return printJson({ ...exported, out: to });
  const { samples, missing, withoutPixels } = exported;
  process.stdout.write(
    `${to}  样本 samples ${samples}，缺影像 missing ${missing.length}，无像元 without pixels ${withoutPixels.length}\n`,
  );
  for (const { number, why } of missing) process.stdout.write(`  ${number}  ${why}\n`);
}
