import { type Command, InvalidArgumentError } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { localDay } from '../../services/local-time.ts';
import { lastDayOf } from '../../services/month/calendar-month.ts';
import { addPatrols } from '../../services/people/add-patrols.ts';
import { closingsOf, tallyCauses } from '../../services/people/causes.ts';
import { importPatrols } from '../../services/people/import-patrols.ts';
import { type PatrolFigures, patrolFigures } from '../../services/people/patrol.ts';
import { type PatrolPlace, placeOf } from '../../services/people/patrol-place.ts';
import { spanOf } from '../../services/people/patrol-time.ts';
import { NEAR_M, type PatchPatrols, patrolsBefore } from '../../services/people/patrols-before.ts';
import { proposeCauses } from '../../services/people/propose-causes.ts';
import { responsibleForAll } from '../../services/people/responsible.ts';
import { closingEvents } from '../../services/store/closings.ts';
import type { Store } from '../../services/store/open.ts';
import { patchGrounds } from '../../services/store/patch-grounds.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { monthName, positiveNumber } from './options.ts';
import { printJson } from './output.ts';
import { printCauses, printPatrolAnswers, printPatrolFigures, printProposed } from './people-tables.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  when: string;
  until?: string;
  at?: PatrolPlace;
  grid?: string;
  seen: string;
  reported?: boolean;
}

interface AskArguments extends WorkspaceArguments {
  month?: string;
  district: string;
}

/** What is known of patrols, and of why breaches came about. */
export function peoplePatrolCommands(people: Command): void {
  const patrol = people.command('patrol').description('records of patrols (巡查)');
  workspaceOptions(patrol.command('add'))
    .description('record a patrol')
    .argument('<who>', 'who patrolled')
    .requiredOption('--when <time>', 'day or time, e.g. 2025-06-05 or 2025-06-05T10:00 (Chinese time)')
    .option('--until <time>', 'when it ended')
    .option('--at <lon,lat>', 'where, in degrees', lonLat)
    .option('--grid <code>', 'which grid was walked')
    .option('--seen <text>', 'what was seen', '')
    .option('--reported', 'that something was reported (default: as --seen reads; 无 is nothing)')
    .addHelpText('after', '\nExample: tuban people patrol add 王五 --when 2025-06-05 --grid 430421101 --seen 新建房屋')
    .action(add);
  workspaceOptions(patrol.command('import'))
    .description(
      'take records in: CSV (UTF-8 or GBK; 巡查人, 时间, 网格 or 经度 and 纬度, 发现) or GeoJSON with points, tracks, areas',
    )
    .argument('<file>', 'CSV or GeoJSON')
    .addHelpText('after', '\nExample: tuban people patrol import 巡查记录.csv')
    .action(bringIn);
  asking(people, 'patrols')
    .description('责任倒查: was a patrol at each patch before its image, with figures by grid and person')
    .option('--near <m>', 'metres from a patch within which a patrol was there', positiveNumber, NEAR_M)
    .addHelpText('after', '\nExample: tuban people patrols --month 2025-06 --district 430421')
    .action(answers);
  asking(people, 'causes')
    .description('why cleared breaches had come about, by district; or what the facts say of one patch')
    .option('--propose <patch>', 'number or id of a patch that is to be cleared')
    .addHelpText('after', '\nExample: tuban people causes --month 2025-06')
    .action(causes);
}

function asking(people: Command, name: string): Command {
  return workspaceOptions(people.command(name))
    .option('--month <month>', 'YYYY-MM (default: all)', monthName)
    .option('--district <code>', 'district code or its first digits', '');
}

async function add(who: string, { when, until, at, grid, seen, reported, ...options }: AddArguments): Promise<void> {
  const span = spanOf(when, until);
  if (span === null) {
    const got = until === undefined ? `'${when}'` : `'${when}' to '${until}'`;
    throw new ServiceError(
      'bad-input',
      `A patrol's time is as 2025-06-05 or 2025-06-05T10:00, its end after it; got ${got}.`,
    );
  }
  const patrol = { who, ...span, place: at ?? null, grid: grid ?? null, seen, reported: reported ?? null };
  const added = await withWorkspace(options, async ({ store }) =>
    addPatrols(store, [patrol], { source: 'entered', at: (await clockOf(store))() }),
  );
  if (options.json) return printJson({ added });
  process.stdout.write(`${who}  ${added === 1 ? '已登记 entered' : '此前已登记 known before'}\n`);
}

async function bringIn(file: string, options: WorkspaceArguments): Promise<void> {
  const taken = await withWorkspace(options, async ({ store }) => importPatrols(store, file, (await clockOf(store))()));
  if (options.json) return printJson(taken);
  process.stdout.write(`${file}：${taken.rows} 条 records，新增 new ${taken.added}\n`);
}

async function answers(options: AskArguments & { near: number }): Promise<void> {
  const { rows, persons } = await withWorkspace(options, async ({ store }) => {
    const day = options.month === undefined ? localDay((await clockOf(store))()) : lastDayOf(options.month);
    const rows = await patrolsBefore(store.db, await patchGrounds(store.db, options), day, options.near);
    return { rows, persons: await byPerson(store, rows) };
  });
  const grids = patrolFigures(
    rows.map(({ grid, finding }) => ({ key: grid?.code ?? '', name: grid?.name ?? '无网格 no grid', ...finding })),
  );
  if (options.json) return printJson({ patches: rows.map(shownAnswer), grids, persons });
  printPatrolAnswers(rows);
  printPatrolFigures('网格 grid', grids);
  printPatrolFigures('责任人 person', persons);
}

/** By who was to patrol at the image's day: the patroller of the grid, else its field chief. */
async function byPerson({ db }: Store, rows: readonly PatchPatrols[]): Promise<PatrolFigures[]> {
  const named = [];
  for (const [day, group] of Map.groupBy(rows, ({ patch }) => patch.afterDate)) {
    const patches = group.map(({ patch }) => patch);
    const who = await responsibleForAll(db, patches, new Date(`${day}T12:00:00+08:00`));
    for (const { patch, finding } of group) {
      const { patroller, fieldChief } = who.get(patch.id)!;
      const key = (patroller ?? fieldChief)?.person ?? '不明';
      const name = patroller !== null ? '网格员' : fieldChief !== null ? '田长' : 'not known';
      named.push({ key, name, answer: finding.answer });
    }
  }
  return patrolFigures(named);
}

function shownAnswer({ patch: { geometryJson: _, ...patch }, grid, finding }: PatchPatrols): object {
  return { ...patch, grid, ...finding };
}

async function causes({ propose, ...options }: AskArguments & { propose?: string }): Promise<void> {
  if (propose !== undefined) {
    await proposal(propose, options);
    return;
  }
  const tallies = await withWorkspace(options, async ({ store }) => {
    const closings = closingsOf(await closingEvents(store.db, options.district));
    return tallyCauses(closings.filter(({ month }) => options.month === undefined || month === options.month));
  });
  if (options.json) printJson(tallies);
  else printCauses(tallies);
}

async function proposal(name: string, options: WorkspaceArguments): Promise<void> {
  const { number, proposed } = await withWorkspace(options, async ({ store: { db } }) => {
    const patch = await findPatchNamed(db, name);
    if (patch === null) throw new ServiceError('not-found', `There is no patch ${name}.`);
    return { number: patch.number, proposed: await proposeCauses(db, patch) };
  });
  if (options.json) printJson({ number, proposed });
  else printProposed(number, proposed);
}

function lonLat(text: string): PatrolPlace {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const place = numbers.length === 2 ? placeOf({ type: 'Point', coordinates: numbers }) : null;
  if (place !== null) return place;
  throw new InvalidArgumentError(`Wanted longitude and latitude in degrees as LON,LAT; got '${text}'.`);
}
