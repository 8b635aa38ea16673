import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { GRADES, type Grade } from '../../services/deadlines/grade.ts';
import { listDeadlines } from '../../services/deadlines/list.ts';
import { applyRecount, showRecount } from '../../services/deadlines/recount.ts';
import { workspaceDeadlines } from '../../services/deadlines/workspace.ts';
import { readCalendarYear } from '../../services/deadlines/year-file.ts';
import { ServiceError } from '../../services/error.ts';
import { packagedYears } from '../../services/lifecycle/calendar.ts';
import { endOfDay } from '../../services/lifecycle/deadline.ts';
import { readRules } from '../../services/lifecycle/deadline-rules.ts';
import { addCalendarYear, addDeadlineRules } from '../../services/store/deadline-data.ts';
import { printDeadlines, printMoves } from './deadline-tables.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ListArguments extends WorkspaceArguments {
  at?: Date;
  district: string;
  grade?: Grade;
}

interface RecountArguments extends WorkspaceArguments {
  district: string;
  apply?: boolean;
  by?: string;
  note: string;
}

export function deadlinesCommand(): Command {
  const deadlines = new Command('deadlines').description(
    '期限 — what is due, late and escalated; the calendar it is counted on',
  );
  workspaceOptions(deadlines.command('list'))
    .description('what is due soon, overdue, to be supervised (督办) or interviewed (约谈), most urgent first')
    .option('--at <time>', 'as it was at that time: YYYY-MM-DD (its end) or an ISO time (default: now)', moment)
    .option('--district <code>', 'district code or its first digits (default: all)', digits, '')
    .addOption(new Option('--grade <grade>', 'only this grade (default: all but none)').choices(GRADES))
    .action(list);
  workspaceOptions(deadlines.command('recount'))
    .description('which due dates would move on the calendar as it is now; --apply moves them, each as an event')
    .option('--district <code>', 'district code or its first digits (default: all)', digits, '')
    .option('--apply', 'move them')
    .option('--by <name>', 'who applies it; needed with --apply')
    .option('--note <text>', 'why, for the log', '工作日历更新，重算期限')
    .action(recount);
  workspaceOptions(deadlines.command('rules'))
    .description('the limits and grades that hold; with a JSON file, enter others')
    .argument('[file]', 'deadline rules as JSON, in the form that --json prints')
    .action(rules);
  const calendar = deadlines
    .command('calendar')
    .description('工作日历 — public holidays and make-up days, a file a year');
  workspaceOptions(calendar.command('add'))
    .description('enter the calendar of a year; it holds instead of the one that comes with the program')
    .argument('<file>', 'JSON: {year, holidays, makeUpDays, source}, days as YYYY-MM-DD')
    .action(addYear);
  workspaceOptions(calendar.command('list')).description('the years that are known, and from where').action(listYears);
  return deadlines;
}

async function list({ at, district, grade, ...options }: ListArguments): Promise<void> {
  const found = await withWorkspace(options, async ({ store }) =>
    listDeadlines(store, { at: at ?? (await clockOf(store))(), district, grades: grade && [grade] }),
  );
  if (options.json) printJson(found);
  else printDeadlines(found);
}

async function recount({ district, apply, by, note, ...options }: RecountArguments): Promise<void> {
  if (apply && !by?.trim()) {
    throw new ServiceError('bad-input', 'Due dates are moved by a person: --apply needs --by NAME; got nothing.');
  }
  const shown = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    const found = await showRecount(store, { at, district });
    if (apply) await applyRecount(store, found.moves, { actor: by as string, note, at });
    return { ...found, applied: apply === true };
  });
  if (options.json) return printJson(shown);
  printMoves(shown.moves, shown.unknown);
  if (shown.moves.length === 0) return;
  const said = apply
    ? `已由${by}重算 moved by ${by}`
    : '仅预览，--apply --by 姓名 后生效 shown only; --apply --by NAME moves them';
  process.stdout.write(`${shown.moves.length} 个期限 due dates · ${said}\n`);
}

async function rules(file: string | undefined, options: WorkspaceArguments): Promise<void> {
  const entered = file === undefined ? null : readRules(await textOf(file), file);
  const holding = await withWorkspace(options, async ({ store }) => {
    if (entered !== null) {
      const enteredAt = (await clockOf(store))().toISOString();
      await addDeadlineRules(store.db, { rulesJson: JSON.stringify(entered), source: file as string, enteredAt });
    }
    return (await workspaceDeadlines(store.db)).rules;
  });
  if (options.json) return printJson(holding);
  const { extension, ...rest } = holding;
  const rows = [
    ['版本 edition', rest.edition],
    ['将到期 due soon', `${rest.dueSoonWorkingDays} 个工作日前 working days before`],
    ['督办 supervise', `超期 ${rest.superviseAfterWorkingDays} 个工作日后 working days overdue`],
    ['约谈 interview', `超期 ${rest.interviewAfterWorkingDays} 个工作日后 working days overdue`],
    ['延期 extension', `至多 ${extension.times} 次、共 ${extension.days} 日 times, days in all`],
    ['撤销 undo', `${rest.undoHours} 小时内 hours`],
  ];
  printTable(['规则 rule', '值 value'], rows);
}

async function addYear(file: string, options: WorkspaceArguments): Promise<void> {
  const year = readCalendarYear(await textOf(file), file);
  const moves = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    const { holidays, makeUpDays, ...said } = year;
    const days = { holidaysJson: JSON.stringify(holidays), makeUpDaysJson: JSON.stringify(makeUpDays) };
    await addCalendarYear(store.db, { ...said, ...days, enteredAt: at.toISOString() });
    return (await showRecount(store, { at })).moves.length;
  });
  if (options.json) return printJson({ ...year, wouldMove: moves });
  const counts = `放假 ${year.holidays.length} 天、调休上班 ${year.makeUpDays.length} 天`;
  process.stdout.write(`已录入 ${year.year} 年工作日历（${counts}；来源：${year.source}）\n`);
  if (moves > 0) {
    process.stdout.write(
      `${moves} 个期限会变动，用 tuban deadlines recount 查看 due dates would move; recount shows them\n`,
    );
  }
}

async function listYears(options: WorkspaceArguments): Promise<void> {
  const { years } = await withWorkspace(options, ({ store }) => workspaceDeadlines(store.db));
  const own = new Set(years.map(({ year }) => year));
  const packaged = packagedYears.filter((year) => !own.has(year));
  if (options.json) return printJson({ years, packaged });
  process.stdout.write(`程序自带 with the program: ${packaged[0]}–${packaged.at(-1)}\n`);
  if (years.length === 0) return;
  printTable(
    ['年份 year', '放假 off', '调休 worked', '来源 source'],
    years.map(({ year, holidays, makeUpDays, source }) => [
      String(year),
      String(holidays.length),
      String(makeUpDays.length),
      source,
    ]),
  );
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${file}: cannot be read: ${error.message}.`);
  });
}

function moment(text: string): Date {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return endOfDay(text);
    // A time without its zone would mean another moment on every machine.
    if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
      const at = new Date(text);
      if (!Number.isNaN(at.getTime())) return at;
    }
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`Wanted YYYY-MM-DD or an ISO time with its zone, got '${text}'.`);
}

function digits(text: string): string {
  if (/^\d{0,12}$/.test(text)) return text;
  throw new InvalidArgumentError(`Wanted up to 12 digits of a district code, got '${text}'.`);
}
