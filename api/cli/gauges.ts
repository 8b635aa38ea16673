import { Command, InvalidArgumentError, Option } from 'commander';
import { whatIfRestored } from '../../services/gauges/farmland-gauge.ts';
import { checkInput, type InputUnit, inputUnits, knownInputs } from '../../services/gauges/inputs.ts';
import { standardParameters } from '../../services/gauges/parameters.ts';
import { readGaugeRows, readGauges } from '../../services/gauges/read-gauges.ts';
import { thresholdRadar } from '../../services/gauges/threshold-radar.ts';
import { localDay } from '../../services/local-time.ts';
import { addGaugeInput } from '../../services/store/gauge-inputs.ts';
import { monthsReported } from '../../services/store/gauge-rows.ts';
import type { Store } from '../../services/store/open.ts';
import { printGauges, printRadar, printWhatIf } from './gauge-tables.ts';
import { monthName } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface GaugeArguments extends WorkspaceArguments {
  district: string;
  year?: string;
}

export function gaugesCommand(): Command {
  const gauges = new Command('gauges').description('15 % gauge, farmland floor, threshold radar and quota link');
  gaugeOptions(gauges.command('show'))
    .description('the gauges of a year: illegal farmland, farmland kept, quota link, and what does not add up')
    .action(show);
  workspaceOptions(gauges.command('set'))
    .description('enter a figure for a district and year; earlier entries stay on record')
    .argument('<district>', 'administrative code of any level')
    .argument('<year>', 'YYYY')
    .argument('<name>', `${Object.keys(knownInputs).join(', ')}, or one that a formula names`)
    .argument('<value>', 'number', number)
    .requiredOption('--source <text>', 'where the figure comes from')
    .addOption(new Option('--unit <unit>', 'what the value is in').choices(inputUnits).default('m2'))
    .action(set);
  gaugeOptions(gauges.command('radar'))
    .description('who has taken 5 亩 of permanent basic farmland or 10 亩 of other farmland within 12 months')
    .option('--month <month>', 'last month of the twelve (default: the latest)', monthName)
    .action(radar);
  gaugeOptions(gauges.command('what-if'))
    .description('the 15 % gauge if some patches were restored')
    .requiredOption('--restored <patches>', 'numbers or ids, with commas between')
    .action(whatIf);
  return gauges;
}

function gaugeOptions(command: Command): Command {
  return workspaceOptions(command)
    .option('--district <code>', 'district code or its first digits (default: all)', digits, '')
    .option('--year <year>', 'YYYY (default: this year)', yearName);
}

async function show({ district, ...options }: GaugeArguments): Promise<void> {
  const report = await withWorkspace(options, async ({ store }) =>
    readGauges(store, options.year ?? (await thisYear(store)), district),
  );
  if (options.json) printJson(report);
  else printGauges(report);
}

async function set(
  district: string,
  year: string,
  name: string,
  value: number,
  { unit, source, ...options }: WorkspaceArguments & { unit: InputUnit; source: string },
): Promise<void> {
  const input = { district, year, name, value, unit, source };
  checkInput(input);
  const entered = await withWorkspace(options, async ({ store }) => {
    const row = { ...input, enteredAt: (await clockOf(store))().toISOString() };
    await addGaugeInput(store.db, row);
    return row;
  });
  if (options.json) return printJson(entered);
  const title = knownInputs[name]?.zh ?? name;
  process.stdout.write(`已录入 ${district} ${year} ${title} ${name} = ${value} ${unit}（来源：${source}）\n`);
}

async function radar({ district, ...options }: GaugeArguments & { month?: string }): Promise<void> {
  const entries = await withWorkspace(options, async ({ store }) => {
    const to = options.month ?? (await monthsReported(store.db))?.to ?? `${await thisYear(store)}-12`;
    return thresholdRadar(await readGaugeRows(store, to.slice(0, 4), district), to, standardParameters);
  });
  if (options.json) printJson(entries);
  else printRadar(entries);
}

async function whatIf({ district, restored, ...options }: GaugeArguments & { restored: string }): Promise<void> {
  const result = await withWorkspace(options, async ({ store }) => {
    const year = options.year ?? (await thisYear(store));
    const named = restored
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    return whatIfRestored(await readGaugeRows(store, year, district), named, district, year, standardParameters);
  });
  if (options.json) printJson(result);
  else printWhatIf(result);
}

/** In Shanghai, by the workspace's clock. */
async function thisYear(store: Store): Promise<string> {
  const now = (await clockOf(store))();
  return localDay(now).slice(0, 4);
}

function yearName(text: string): string {
  if (/^(19|20)\d{2}$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted a year as YYYY, got '${text}'.`);
}

function digits(text: string): string {
  if (/^\d{0,12}$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted up to 12 digits of a district code, got '${text}'.`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Wanted a number, got '${text}'.`);
}
