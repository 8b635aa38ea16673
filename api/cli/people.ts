import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { localDay } from '../../services/local-time.ts';
import { addDuties, endDuty } from '../../services/people/add-duty.ts';
import { assign } from '../../services/people/assign.ts';
import { dutiesOf, holdsOn } from '../../services/people/duties.ts';
import { handOver } from '../../services/people/hand-over.ts';
import { heldBy } from '../../services/people/held.ts';
import { importPersons } from '../../services/people/import-persons.ts';
import { DUTIES, type DutyKind, personName } from '../../services/people/person.ts';
import { responsibleFor } from '../../services/people/responsible.ts';
import { undoHandOver } from '../../services/people/undo-hand-over.ts';
import { findCase } from '../../services/store/cases.ts';
import { dutyEntries, listHandOvers } from '../../services/store/duties.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { dateName } from './options.ts';
import { printJson } from './output.ts';
import { peoplePatrolCommands } from './people-patrols.ts';
import { printDuties, printHolding, printMoved, printResponsible } from './people-tables.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface WritingArguments extends WorkspaceArguments {
  actor: string;
  note?: string;
}

interface AddArguments extends WritingArguments {
  duty: DutyKind;
  grid?: string;
  district?: string;
  from?: string;
  to?: string;
  phone?: string;
}

export function peopleCommand(): Command {
  const people = new Command('people').description('田长制: who is responsible for which ground, patrols, and causes');
  addRegister(people);
  const handing = (name: string) => written(people, name).requiredOption('--note <text>', 'why');
  handing('hand-over')
    .description('give everything open that one person holds to another: duties, patches, cases')
    .argument('<from>', 'who leaves')
    .argument('<to>', 'who takes it')
    .option('--district <code>', 'only in districts whose code begins so', '')
    .addHelpText('after', '\nExample: tuban people hand-over 张三 李四 --note 调离 --district 430421')
    .action(passOn);
  handing('undo-hand-over')
    .description(
      'give back what a hand-over moved and nobody touched since; by who made it, within the hours of an undo',
    )
    .argument('<id>', 'of the hand-over')
    .action(takeBack);
  written(people, 'assign')
    .description('give a patch or case to a person (承办人), as an event')
    .argument('<what>', 'number or id of a patch, or id of a case')
    .argument('<person>', 'who has it in hand from now on')
    .option('--note <text>', 'why')
    .addHelpText('after', '\nExample: tuban people assign 4304212025060001 李四')
    .action(give);
  peoplePatrolCommands(people);
  return people;
}

function addRegister(people: Command): void {
  written(people, 'add')
    .description('enter a duty in the register; entries are never changed')
    .argument('<person>', 'by name; namesakes are told apart by what is added, 张三（演陂镇）')
    .addOption(new Option('--duty <duty>', '田长, 网格员 or 承办人').choices(Object.keys(DUTIES)).makeOptionMandatory())
    .option('--grid <code>', 'a grid of the layer grids')
    .option('--district <code>', "or a district code, or its first digits ('' = everywhere)")
    .option('--from <day>', 'first day (default: today)', dateName)
    .option('--to <day>', 'last day (default: open)', dateName)
    .option('--phone <number>', 'telephone')
    .option('--note <text>', 'what else is to be said')
    .addHelpText('after', '\nExample: tuban people add 张三 --duty field-chief --grid 430421101 --from 2025-01-01')
    .action(add);
  written(people, 'import')
    .description('enter the duties of a CSV list, UTF-8 or GBK: 姓名, 职责, 网格 or 区划, 起, 止, 电话, 备注')
    .argument('<file>', 'CSV')
    .addHelpText('after', '\nExample: tuban people import 田长名单.csv')
    .action(bringIn);
  written(people, 'end')
    .description('end a duty with a day, as a new entry')
    .argument('<id>', 'of the duty (people list)')
    .requiredOption('--to <day>', 'its last day', dateName)
    .action(end);
  workspaceOptions(people.command('list'))
    .description('the register on a day, or all of it')
    .option('--on <day>', 'only what holds on that day', dateName)
    .option('--district <code>', 'district code or its first digits', '')
    .addHelpText('after', '\nExample: tuban people list --on 2025-06-05')
    .action(list);
  workspaceOptions(people.command('show'))
    .description('what a person holds, or who is responsible for a patch on a day')
    .argument('<what>', 'a name, or the number or id of a patch')
    .option('--on <day>', 'the day (default: today)', dateName)
    .addHelpText('after', '\nExample: tuban people show 4304212025060001 --on 2025-06-05')
    .action(show);
}

function written(people: Command, name: string): Command {
  const by = 'who does it (default: the user of this machine)';
  return workspaceOptions(people.command(name)).option('--by, --actor <name>', by, userInfo().username);
}

async function add(
  person: string,
  { duty, grid, district, from, to, phone, note, ...options }: AddArguments,
): Promise<void> {
  const given = { person, duty, grid, district, from, to, phone, note };
  const added = await withWorkspace(options, async ({ store }) =>
    addDuties(store, [given], { actor: options.actor, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson({ added });
  process.stdout.write(
    `${person}  ${DUTIES[duty].zh}  ${added === 1 ? '已登记 entered' : '此前已登记 known before'}\n`,
  );
}

async function bringIn(file: string, options: WritingArguments): Promise<void> {
  const { rows, added } = await withWorkspace(options, async ({ store }) =>
    importPersons(store, file, { actor: options.actor, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson({ rows, added });
  process.stdout.write(`${file}：${rows} 行 rows，新登记 new ${added}\n`);
}

async function end(id: string, options: WritingArguments & { to: string }): Promise<void> {
  const duty = await withWorkspace(options, async ({ store }) =>
    endDuty(store, id, options.to, { actor: options.actor, at: (await clockOf(store))() }),
  );
  if (options.json) printJson(duty);
  else printDuties([duty]);
}

async function list(options: WorkspaceArguments & { on?: string; district: string }): Promise<void> {
  const duties = await withWorkspace(options, async ({ store }) => dutiesOf(await dutyEntries(store.db)));
  const { on, district } = options;
  const shown = duties.filter((duty) => duty.district.startsWith(district) && (on === undefined || holdsOn(duty, on)));
  if (options.json) printJson(shown);
  else printDuties(shown);
}

async function show(what: string, options: WorkspaceArguments & { on?: string }): Promise<void> {
  const shown = await withWorkspace(options, async ({ store }) => {
    const now = (await clockOf(store))();
    // The end of the day: what was assigned in it holds.
    const at = options.on === undefined ? now : new Date(`${options.on}T23:59:59.999+08:00`);
    const patch = await findPatchNamed(store.db, what);
    if (patch !== null) return { patch: patch.number, responsible: (await responsibleFor(store.db, patch.id, at))! };
    const person = personName(what);
    const holding = await heldBy(store.db, person, at);
    const handOvers = (await listHandOvers(store.db))
      .filter(({ fromPerson, toPerson }) => [fromPerson, toPerson].includes(person))
      .map(({ movedJson, ...row }) => ({ ...row, moved: JSON.parse(movedJson) as object }));
    return { patch: null, person, day: localDay(at), holding, handOvers };
  });
  if (options.json) return printJson(shown);
  if (shown.patch !== null) printResponsible(shown.patch, shown.responsible);
  else printHolding(shown.person, shown.holding, shown.handOvers);
}

async function passOn(
  from: string,
  to: string,
  options: WritingArguments & { district: string; note: string },
): Promise<void> {
  const { actor, note, district } = options;
  const moved = await withWorkspace(options, async ({ store }) =>
    handOver(store, { from, to, district, actor, note, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(moved);
  if (moved.id === null) process.stdout.write(`${from} 名下无可移交事项 holds nothing that is open\n`);
  else process.stdout.write(`移交 hand-over ${moved.id}：${moved.from} → ${moved.to}\n`);
  printMoved(moved);
  if (moved.kept.length > 0) process.stdout.write('范围更大而未动 of a larger district, kept：\n');
  if (moved.kept.length > 0) printDuties(moved.kept);
}

async function takeBack(id: string, options: WritingArguments & { note: string }): Promise<void> {
  const { actor, note } = options;
  const taken = await withWorkspace(options, async ({ store }) =>
    undoHandOver(store, id, { actor, note, at: (await clockOf(store))() }),
  );
  if (options.json) return printJson(taken);
  process.stdout.write(`已撤回 taken back ${id}\n`);
  printMoved(taken.back);
  const { duties, patches, cases } = taken.stays;
  if (duties.length + patches.length + cases.length === 0) return;
  process.stdout.write('此后已变动而未撤回 moved on since, stays：\n');
  printMoved(taken.stays);
}

async function give(what: string, assignee: string, options: WritingArguments): Promise<void> {
  const { actor, note } = options;
  const moved = await withWorkspace(options, async ({ store }) => {
    const subject = await subjectNamed(store, what);
    return {
      ...subject,
      ...(await assign(store, { ...subject, assignee, actor, note, at: (await clockOf(store))() })),
    };
  });
  if (options.json) return printJson({ ...moved, assignee });
  process.stdout.write(`${what} → ${assignee}\n`);
}

async function subjectNamed({ db }: Store, what: string): Promise<{ subject: 'patch' | 'case'; id: string }> {
  const patch = await findPatchNamed(db, what);
  if (patch !== null) return { subject: 'patch', id: patch.id };
  if ((await findCase(db, what)) !== null) return { subject: 'case', id: what };
  throw new ServiceError('not-found', `There is no patch or case ${what}.`);
}
