import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { InboxEvent, InboxOptions } from '../../services/scenes/inbox.ts';
import { emptyInbox, watchInbox } from '../../services/scenes/inbox-watch.ts';
import { positiveNumber } from './options.ts';
import { complain, printJson } from './output.ts';
import { type FactOptions, factOptions, factsOfOptions } from './scene-options.ts';
import {
  refuseSimulated,
  untilStopped,
  type Workspace,
  type WorkspaceArguments,
  withWorkspace,
  workspaceOptions,
} from './workspace.ts';

interface InboxArguments extends WorkspaceArguments, FactOptions {
  once?: boolean;
  settle: number;
  keep?: boolean;
}

const usualSettleS = 10;
/** Facts may be written after the image they speak of. */
const factsWaitMs = 60_000;
const badInput = 2;

export function addInboxCommand(scenes: Command): void {
  factOptions(workspaceOptions(scenes.command('inbox')))
    .description(
      'take images out of a folder as they arrive, until Ctrl-C; bad ones go to its quarantine/ with a reason',
    )
    .argument('[dir]', 'the folder (default: inbox in the workspace folder)')
    .option('--once', 'take what is there and end; exit code 2 when something was refused')
    .option('--settle <seconds>', 'how long a file must not have changed', positiveNumber, usualSettleS)
    .option('--keep', 'leave the images where they are instead of moving them to the workspace')
    .action(inbox);
}

async function inbox(dir: string | undefined, options: InboxArguments): Promise<void> {
  await withWorkspace(options, async (workspace) => {
    await refuseSimulated(workspace);
    const watched = {
      ...inboxOptions(workspace, dir ?? join(workspace.home, 'inbox'), options.settle),
      ...(options.keep && { scenesFolder: null }),
      facts: factsOfOptions(options),
    };
    if (options.once) return takeOnce(workspace, watched, options.json === true);
    const stopped = untilStopped();
    const onEvent = (event: InboxEvent) => print(event, options.json === true);
    const watch = await watchInbox(workspace.store, { ...watched, onEvent, onTrouble: complain });
    if (!options.json) process.stdout.write(`Watching ${watched.folder}; Ctrl-C ends it.\n`);
    await stopped;
    await watch.stop();
  });
}

/** How an inbox of this workspace is looked after. */
export function inboxOptions({ home }: Workspace, dir: string, settleS = usualSettleS): InboxOptions {
  return {
    folder: resolve(dir),
    scenesFolder: join(home, 'scenes'),
    settleMs: settleS * 1000,
    factsWaitMs,
    facts: {},
    now: () => new Date(),
  };
}

async function takeOnce({ store }: Workspace, options: InboxOptions, json: boolean): Promise<void> {
  await mkdir(options.folder, { recursive: true });
  const events: InboxEvent[] = [];
  await emptyInbox(store, options, (event) => {
    events.push(event);
    if (!json) print(event, false);
  });
  if (json) printJson(events.map(shown));
  if (events.some(({ what }) => what !== 'taken')) process.exitCode = badInput;
}

/** As text, or as one line of JSON for each. */
function print(event: InboxEvent, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(shown(event))}\n`);
  else if (event.what === 'taken') process.stdout.write(`${event.scene.id}  ${event.scene.date}  ${event.path}\n`);
  else complain(event.reason);
}

function shown(event: InboxEvent) {
  const { what, name, path } = event;
  return event.what === 'taken'
    ? { what, name, path, id: event.scene.id, date: event.scene.date, sensor: event.scene.sensor }
    : { what, name, path, reason: event.reason };
}
