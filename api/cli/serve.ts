import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { type Logger, pino } from 'pino';
import { ServiceError } from '../../services/error.ts';
import { RunDesk } from '../../services/month/run-desk.ts';
import { RunLog } from '../../services/month/run-log.ts';
import { type Sender, startSender } from '../../services/notify/sender.ts';
import { indexOf } from '../../services/queue/index/patch-index.ts';
import { InboxRecord } from '../../services/scenes/inbox-record.ts';
import { type InboxWatch, watchInbox } from '../../services/scenes/inbox-watch.ts';
import { monthsDue, workMonth } from '../../services/schedule/month-work.ts';
import { scheduleMonthlyRuns } from '../../services/schedule/monthly.ts';
import { Readiness } from '../server/readiness.ts';
import { startServer, type TlsFiles } from '../server/start.ts';
import { inboxOptions } from './scene-inbox.ts';
import {
  clockOf,
  refuseSimulated,
  untilStopped,
  type Workspace,
  type WorkspaceArguments,
  withWorkspace,
  workspaceOptions,
} from './workspace.ts';

export interface ServeArguments extends WorkspaceArguments {
  inbox?: string;
  tlsCert?: string;
  tlsKey?: string;
}

/** What serve and start have in common. */
export function serveOptions(command: Command): Command {
  return workspaceOptions(command)
    .option('--inbox <dir>', 'take images out of this folder as they arrive')
    .option('--tls-cert <file>', 'speak https with this certificate chain (PEM)')
    .option('--tls-key <file>', 'and its private key (PEM)');
}

export function serveCommand(): Command {
  return serveOptions(new Command('serve'))
    .description('serve API and console, and run each month by schedule, until Ctrl-C')
    .addHelpText(
      'after',
      '\nHOST, PORT, TUBAN_SCHEDULE (cron line in Asia/Shanghai, or off) and TUBAN_SCHEDULE_REACH (run, open, issue\n' +
        'or close: how far each scheduled month goes by itself), TUBAN_RATE (requests a second / at once, or off),\n' +
        'TUBAN_TRUSTED_PROXY (whose X-Forwarded-For and -Proto are believed), TUBAN_CORS (origins of other sites),\n' +
        'TUBAN_METRICS (key, local, public or off) and TUBAN_DRAIN (seconds) are read from the environment.',
    )
    .action((options: ServeArguments) => withWorkspace(options, (workspace) => serveUntilStopped(workspace, options)));
}

/** Serves until SIGINT or SIGTERM, then lets running requests end. */
export async function serveUntilStopped(workspace: Workspace, options: ServeArguments): Promise<void> {
  const { store, configuration } = workspace;
  const { inbox } = options;
  const tls = await tlsFiles(options);
  if (inbox !== undefined) await refuseSimulated(workspace);
  // Listened for before anybody is told that the server is there.
  const stopped = untilStopped();
  const log = pino({ level: configuration.logLevel }, pino.destination(2));
  const now = await clockOf(store);
  const readiness = new Readiness(workspace.home);
  const runs = runDeskOf(workspace, now);
  const record = inbox === undefined ? undefined : new InboxRecord(resolve(inbox));
  const server = await startServer({
    store,
    configuration,
    home: workspace.home,
    log,
    now,
    tls,
    readiness,
    runs,
    schedule: { cron: configuration.schedule, reach: configuration.reach },
    inbox: record,
    onConsoleLink: (url) => process.stdout.write(`Console: ${url}\n`),
    onAdminLink: (url) => process.stdout.write(`Admin:   ${url} (makes the first account; works once, for a day)\n`),
  });
  const watch = record && inbox !== undefined ? await watchOver(workspace, inbox, record, log) : null;
  const sender = sendWith(workspace, now, log);
  process.stdout.write(`API:     ${server.url}\n`);
  const scheduled =
    configuration.schedule === null
      ? null
      : scheduleMonthlyRuns({
          cron: configuration.schedule,
          now,
          run: (month) => runDue(workspace, runs, month, log),
          log: (message) => log.warn({}, message),
        });
  readiness.serve(scheduled);
  // So that the first list does not wait until all patches have been read; what fails here is told there.
  const warmed = indexOf(store)
    .find({}, now())
    .catch(() => null);
  await stopped;
  // All at once: what has a message on its way must not keep a balancer from noticing.
  await Promise.all([server.close(), warmed, watch?.stop(), scheduled?.stop(), runs.close(), sender.stop()]);
}

/** @throws ServiceError bad-input where one of the two is missing or cannot be read */
async function tlsFiles({ tlsCert, tlsKey }: ServeArguments): Promise<TlsFiles | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new ServiceError('bad-input', 'https needs both --tls-cert and --tls-key; got one of them.');
  }
  const [cert, key] = await Promise.all(
    [tlsCert, tlsKey].map((path) =>
      readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new ServiceError('bad-input', `${path}: wanted a PEM file; it cannot be read (${error.code}).`);
      }),
    ),
  );
  return { cert, key };
}

/** Runs the month, and those before it that no tick has run; then does with each what the schedule reaches to. */
async function runDue({ store, configuration }: Workspace, runs: RunDesk, until: string, log: Logger): Promise<void> {
  const { reach } = configuration;
  for (const month of await monthsDue(store, until)) {
    const run = () => runs.run({ month, by: 'schedule' });
    for (const line of await workMonth(store, { month, reach, now: runs.now, run })) log.warn({}, line);
  }
}

/** Months run here leave their lines in the workspace. */
function runDeskOf({ store, home, configuration }: Workspace, now: () => Date): RunDesk {
  const log = new RunLog(join(home, 'logs', 'runs.ndjson'));
  return new RunDesk(store, { workers: configuration.workers, now, clock: () => new Date(), log });
}

function watchOver(workspace: Workspace, inbox: string, record: InboxRecord, log: Logger): Promise<InboxWatch> {
  return watchInbox(workspace.store, {
    ...inboxOptions(workspace, inbox),
    onEvent(said) {
      record.add(said, new Date());
      const { what, name, path, ...event } = said;
      if (what === 'taken') log.warn({ name, path }, 'Image taken from the inbox.');
      else log.error({ name, path }, `Image of the inbox ${what}: ${'reason' in event ? event.reason : ''}`);
    },
    onTrouble: (message) => log.error({}, `The inbox cannot be looked at: ${message}`),
  });
}

/** Messages go out by the machine's own clock, also where the workspace's is a simulated one. */
function sendWith({ store, configuration }: Workspace, now: () => Date, log: Logger): Sender {
  return startSender(store, {
    now,
    clock: () => new Date(),
    mail: configuration.mail,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
    onAttempt({ id }, { seq, type }, attempt, dead) {
      if (attempt.result === 'gone') log.error({ receiver: id }, 'A receiver wants no more messages (410).');
      else if (dead) log.error({ receiver: id, delivery: seq, type }, 'A message was given up after its last try.');
    },
    onTrouble: (error) => log.error({ error: (error as Error).message }, 'Messages could not be sent.'),
  });
}
