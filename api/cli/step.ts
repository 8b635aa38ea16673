import { userInfo } from 'node:os';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import type { Office } from '../../services/lifecycle/office.ts';
import { transition } from '../../services/lifecycle/transition.ts';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { localDay } from '../../services/local-time.ts';
import { proposeCauses, proposedWords } from '../../services/people/propose-causes.ts';
import { caseDetail } from '../../services/queue/cases.ts';
import { patchDetail } from '../../services/queue/detail.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatch } from '../../services/store/patches.ts';
import { cursorNumber } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface StepArguments extends WorkspaceArguments {
  by: string;
  case?: boolean;
  reason?: string;
  note?: string;
  evidence?: string[];
  set: string[];
  version?: number;
}

/** Whoever holds the machine may take every step of a person; what a step needs they hand in like anybody. */
const OPERATOR: Office = { level: 'province', duty: 'reviewer', district: '' };

const EXAMPLES = `
Examples:
  tuban step 4304022026070001 warn --note 请核查
  tuban step 4304022026070001 submit-closure --evidence 3f2a… --set 'remedy={"demolishedM2":800}'
  tuban step --case 5d1c… file --set level=county`;

export function stepCommand(): Command {
  return workspaceOptions(new Command('step'))
    .description('take one step with a patch or a case, or undo the last; without <action>: what is possible')
    .argument('<id>', 'number or id of a patch; with --case the id of a case')
    .argument('[action]', 'name of the step, e.g. warn, acknowledge, judge, undo')
    .option('--case', 'the step is of a case')
    .option('--reason <code>', "a code of the step's reasons")
    .option('--note <text>', 'what is to be said with it')
    .option('--evidence <id...>', 'ids of photos or papers that show it')
    .option('--set <name=value>', 'any other field; a value that is JSON is read as such', collect, [])
    .option('--version <n>', 'the version that was looked at: refused where somebody moved it since', cursorNumber)
    .option('--by <name>', 'who takes it (default: the user of this machine)', userInfo().username)
    .addHelpText('after', EXAMPLES)
    .action(step);
}

async function step(id: string, action: string | undefined, options: StepArguments): Promise<void> {
  await withWorkspace(options, async ({ store }) => {
    const subject = options.case ? 'case' : 'patch';
    const found = await subjectOf(store, subject, id);
    if (action === undefined) return printPossible(found, options.json);
    const { by: actor, reason, note, evidence, version: expectedVersion } = options;
    const payload: Record<string, unknown> = {
      ...fieldsOf(options.set),
      ...(note !== undefined && { note }),
      ...(evidence && { evidence }),
    };
    const at = (await clockOf(store))();
    const moved = await transition(store, {
      office: OPERATOR,
      subject,
      id: found.id,
      action,
      actor,
      reason,
      payload,
      expectedVersion,
      at,
    }).catch(async (error: Error) => {
      throw action === 'resolve' && payload['cause'] === undefined ? await withProposal(store, found.id, error) : error;
    });
    if (options.json) return printJson(moved);
    const { zh } = stateOf(subject, moved.state).label;
    process.stdout.write(
      `${id}  ${zh} ${moved.state}  限期 due ${moved.dueAt ? localDay(moved.dueAt) : '–'}  版本 version ${moved.version}\n`,
    );
  });
}

/** A cause is asked for: the person who decides is told what the facts speak for. */
async function withProposal(store: Store, id: string, error: Error): Promise<Error> {
  const patch = error instanceof ServiceError && error.code === 'bad-input' ? await findPatch(store.db, id) : null;
  if (patch === null) return error;
  const words = proposedWords(await proposeCauses(store.db, patch));
  return new ServiceError('bad-input', `${error.message} Proposed 建议: ${words}.`);
}

type Found = Pick<Awaited<ReturnType<typeof caseDetail>>, 'allowedActions'> & { id: string };

async function subjectOf(store: Store, subject: 'patch' | 'case', id: string): Promise<Found> {
  if (subject === 'patch') {
    const { patch, allowedActions } = await patchDetail(store, id);
    return { id: patch.id, allowedActions };
  }
  const { matter, allowedActions } = await caseDetail(store, id);
  return { id: matter.id, allowedActions };
}

function printPossible({ allowedActions }: Found, json?: boolean): void {
  if (json) {
    printJson(allowedActions);
    return;
  }
  for (const { action, label, to, needs, asks, who } of allowedActions) {
    const wanted = needs.length === 0 ? '' : `  needs ${needs.join(', ')}`;
    const asked = asks.length === 0 ? '' : `  may say ${asks.join(', ')}`;
    process.stdout.write(`${action}  ${label.zh} → ${to}${wanted}${asked}  (${who.level} ${who.role})\n`);
  }
}

/** @throws ServiceError bad-input where one is not name=value */
function fieldsOf(given: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new ServiceError('bad-input', `--set takes name=value; got '${text}'.`);
      return [text.slice(0, at), jsonOrText(text.slice(at + 1))];
    }),
  );
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
