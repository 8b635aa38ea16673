import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { simulatedClock } from '../../services/demonstration/workspace.ts';
import { ServiceError } from '../../services/error.ts';
import { readMeta } from '../../services/store/meta.ts';
import { openStore, type Store } from '../../services/store/open.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';

/** Options that every command on a workspace has. */
export interface WorkspaceArguments {
  home?: string;
  json?: boolean;
}

export interface Workspace {
  store: Store;
  home: string;
  configuration: Configuration;
}

export function workspaceOptions(command: Command): Command {
  return command
    .option('--home <dir>', 'workspace folder (default: $TUBAN_HOME or .tuban)')
    .option('--json', 'print the result as JSON');
}

/** Does `work` with the workspace open; the folder and its database are made where they are missing. */
export async function withWorkspace<T>(
  options: WorkspaceArguments,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const configuration = readConfiguration();
  const home = options.home === undefined ? configuration.home : resolve(options.home);
  const { database } = configuration;
  if (database === null && !existsSync(home)) await makeHome(home);
  const store = await openStore(database === null ? { sqlite: join(home, 'tuban.db') } : { postgres: database });
  try {
    return await work({ store, home, configuration });
  } finally {
    await store.close();
  }
}

async function makeHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const line = `The workspace ${home} cannot be made: wanted a place that may be written to, got ${error.code}.`;
    throw new ServiceError('bad-input', line, undefined, error);
  });
}

/** The workspace's clock: in a demonstration the simulated one, by which its due dates are counted. */
export async function clockOf(store: Store): Promise<() => Date> {
  return (await simulatedClock(store)) ?? (() => new Date());
}

/** @throws ServiceError bad-input in the demonstration: its images are made up, and others among them would mislead */
export async function refuseSimulated({ store, home }: Workspace): Promise<void> {
  if ((await readMeta(store.db, 'simulated')) !== '1') return;
  const where = `The workspace ${home} is the simulated demonstration`;
  throw new ServiceError('bad-input', `${where}; real images belong in one of their own (--home DIR or TUBAN_HOME).`);
}

/** Resolves at SIGINT or SIGTERM; listens from the call on. */
export function untilStopped(): Promise<void> {
  return new Promise<void>((stop) => {
    process.once('SIGINT', () => stop());
    process.once('SIGTERM', () => stop());
  });
}
