import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { type WorkspaceArguments, workspaceOptions } from './workspace.ts';

/** Of a command that somebody does. */
export type Acting = WorkspaceArguments & { actor: string };

export function acting(command: Command): Command {
  const user = userInfo().username;
  return workspaceOptions(command).option(
    '--by, --actor <name>',
    'who does it (default: the user of this machine)',
    user,
  );
}
