import { Command } from 'commander';
import { pino } from 'pino';
import { runMonth } from '../../services/month/run.ts';
import { scheduleMonthlyRuns } from '../../services/schedule/monthly.ts';
import { startServer } from '../server/start.ts';
import { clockOf, type Workspace, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

export function serveCommand(): Command {
  return workspaceOptions(new Command('serve'))
    .description('serve API and console, and run each month by schedule, until Ctrl-C')
    .addHelpText(
      'after',
      '\nHOST, PORT and TUBAN_SCHEDULE (cron line in Asia/Shanghai, or off) are read from the environment.',
    )
    .action((options: WorkspaceArguments) => withWorkspace(options, serveUntilStopped));
}

/** Serves until SIGINT or SIGTERM, then lets running requests end. */
export async function serveUntilStopped({ store, configuration }: Workspace): Promise<void> {
  // Listened for before anybody is told that the server is there.
  const stopped = new Promise<void>((stop) => {
    process.once('SIGINT', () => stop());
    process.once('SIGTERM', () => stop());
  });
  const log = pino({ level: configuration.logLevel }, pino.destination(2));
  const now = await clockOf(store);
  const server = await startServer({
    store,
    configuration,
    log,
    now,
    onConsoleLink: (url) => process.stdout.write(`Console: ${url}\n`),
  });
  process.stdout.write(`API:     ${server.url}\n`);
  const scheduled =
    configuration.schedule === null
      ? null
      : scheduleMonthlyRuns({
          cron: configuration.schedule,
          now,
          run: async (month) => void (await runMonth(store, { month, workers: configuration.workers, now: now() })),
          log: (message) => log.warn({}, message),
        });
  await stopped;
  await scheduled?.stop();
  await server.close();
}
