import { Command, CommanderError } from 'commander';
import { ImageryError } from '../../imagery/error.ts';
import { ServiceError } from '../../services/error.ts';
import { ApiError } from '../error.ts';
import { detectCommand } from './detect.ts';
import { patchesCommand } from './patches.ts';
import { runCommand } from './run.ts';
import { scenesCommand } from './scenes.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { zonesCommand } from './zones.ts';

/** Exit codes: 0 done, 1 failed, 2 bad input. */
const badInput = 2;
const failed = 1;

/** Codes of ServiceError that are the program's trouble, not the caller's. */
const ownTrouble = new Set<string>(['job-failed', 'store-unusable']);

/** Runs the command line; every error is one line on stderr. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const program = new Command('tuban')
    .description('图斑 — finds changed land between satellite images and keeps the monthly find / warn / resolve queue')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`tuban: ${text.replace(/^error: /, '')}`) });
  const commands = [detectCommand, scenesCommand, zonesCommand, runCommand, patchesCommand, serveCommand, startCommand];
  for (const command of commands) program.addCommand(inheriting(command(), program));
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** Sub-commands made apart do not take the program's settings over by themselves. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

function report(error: unknown): number {
  // Commander has printed its own message (and help is no error).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput;
  const known = error instanceof ImageryError || error instanceof ServiceError || error instanceof ApiError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tuban: ${message.split('\n')[0]}\n`);
  return known && !ownTrouble.has(error.code) ? badInput : failed;
}
