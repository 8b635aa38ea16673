import { rename, rm, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { type Period, periodOf } from '../../services/reports/period.ts';
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../../services/reports/render.ts';
import { drawReport, type Report } from '../../services/reports/report.ts';
import { monthName } from './options.ts';
import { printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ReportArguments extends WorkspaceArguments {
  district: string;
  out: string[];
}

export function reportCommand(): Command {
  const report = new Command('report').description(
    '月报、季报、年报、任期报告: the figures of a period as PDF, XLSX or JSON',
  );
  for (const [kind, argument, example] of [
    ['month', 'YYYY-MM', '2026-07'],
    ['quarter', 'YYYY-Qn', '2026-Q3'],
    ['year', 'YYYY', '2026'],
  ] as const) {
    outputs(report.command(kind))
      .description(`a ${kind} for the whole or one district; once closed, the same to the byte whenever it is drawn`)
      .argument('<period>', argument)
      .option('--district <code>', 'district code of 2, 4 or 6 digits (default: the whole)', scopeCode, '')
      .addHelpText('after', `\nExample: tuban report ${kind} ${example} --district 430421 -o report.pdf -o report.xlsx`)
      .action((name: string, options: ReportArguments) => draw(periodOf(kind, name), options));
  }
  outputs(report.command('term'))
    .description('one county over a term of office')
    .requiredOption('--district <code>', 'county, six digits', scopeCode)
    .requiredOption('--from <month>', 'first month, YYYY-MM', monthName)
    .requiredOption('--to <month>', 'last month, YYYY-MM', monthName)
    .addHelpText('after', '\nExample: tuban report term --district 430421 --from 2024-03 --to 2026-07 -o term.pdf')
    .action((options: ReportArguments & { from: string; to: string }) =>
      draw(periodOf('term', `${options.from}..${options.to}`), options),
    );
  return report;
}

function outputs(command: Command): Command {
  return workspaceOptions(command).option(
    '-o, --out <file>',
    'FILE.pdf, FILE.xlsx or FILE.json; may be given again (default: a summary is printed)',
    (file: string, before: string[]) => [...before, file],
    [] as string[],
  );
}

async function draw(period: Period, { district, out, ...options }: ReportArguments): Promise<void> {
  await checkOutputFiles(
    out.map((path) => ({ option: '--out', path })),
    [],
  );
  const wanted = out.map((path): [string, ReportFormat] => [path, formatOf(path)]);
  const report = await withWorkspace(options, async ({ store }) =>
    drawReport(store, period, district, (await clockOf(store))()),
  );
  for (const [path, format] of wanted) await writeWhole(path, await renderReport(report, format));
  if (options.json) return printJson(report);
  printSummary(report, out);
}

function printSummary({ title, statusText, failed, tables }: Report, out: readonly string[]): void {
  const headline = tables.find(({ id }) => id === 'headline')?.rows ?? [];
  const lines = [
    `${title.zh}  ${title.en}`,
    `${statusText.zh}`,
    ...headline.map(({ figure, now, unit }) => `${words(figure)} ${figureText(now, unit)} ${words(unit)}`),
    failed === 0 ? '平衡检查全部平衡 all checks hold' : `平衡检查 ${failed} 项不平 ${failed} checks differ`,
    ...out.map((path) => `已写 ${path}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Counts as they are, areas to the hundredth: as the same report has them on paper. */
function figureText(cell: unknown, unit: unknown): string {
  if (typeof cell !== 'number') return words(cell ?? '–');
  return words(unit) === '亩' ? cell.toFixed(2) : String(cell);
}

function words(cell: unknown): string {
  return typeof cell === 'object' && cell !== null ? (cell as { zh: string }).zh : String(cell ?? '');
}

function formatOf(path: string): ReportFormat {
  const ending = path.split('.').at(-1)?.toLowerCase() as ReportFormat;
  if (REPORT_FORMATS.includes(ending)) return ending;
  throw new ServiceError('bad-input', `${path}: a report is written as .pdf, .xlsx or .json.`);
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw new ServiceError('bad-input', `${path} cannot be written: ${(error as Error).message}.`, undefined, error);
  }
}

function scopeCode(text: string): string {
  if (/^(\d{2}){0,3}$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted a district code of 2, 4 or 6 digits, got '${text}'.`);
}
