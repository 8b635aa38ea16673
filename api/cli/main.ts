import { Command, CommanderError } from 'commander';
import { ImageryError } from '../../imagery/error.ts';
import { rememberHashesIn } from '../../imagery/file-hash.ts';
import { setRemoteSettings } from '../../imagery/remote/settings.ts';
import { ServiceError } from '../../services/error.ts';
import { cacheFolder } from '../cache-folder.js';
import { ApiError } from '../error.ts';
import { readRemoteSettings } from '../remote-environment.ts';
import { complain } from './output.ts';

/** Each is loaded when it is called: detect needs no database, and only serve and start need the server. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  detect: async () => (await import('./detect.ts')).detectCommand(),
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand(),
  scenes: async () => (await import('./scenes.ts')).scenesCommand(),
  stac: async () => (await import('./stac.ts')).stacCommand(),
  zones: async () => (await import('./zones.ts')).zonesCommand(),
  rules: async () => (await import('./rules.ts')).rulesCommand(),
  month: async () => (await import('./month.ts')).monthCommand(),
  run: async () => (await import('./run.ts')).runCommand(),
  patches: async () => (await import('./patches.ts')).patchesCommand(),
  step: async () => (await import('./step.ts')).stepCommand(),
  cases: async () => (await import('./cases.ts')).casesCommand(),
  themes: async () => (await import('./themes.ts')).themesCommand(),
  watch: async () => (await import('./watch.ts')).watchCommand(),
  deadlines: async () => (await import('./deadlines.ts')).deadlinesCommand(),
  gauges: async () => (await import('./gauges.ts')).gaugesCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  people: async () => (await import('./people.ts')).peopleCommand(),
  actors: async () => (await import('./actors.ts')).actorsCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  field: async () => (await import('./field.ts')).fieldCommand(),
  evidence: async () => (await import('./evidence.ts')).evidenceCommand(),
  handover: async () => (await import('./handover.ts')).handoverCommand(),
  batch: async () => (await import('./batch.ts')).batchCommand(),
  notify: async () => (await import('./notify.ts')).notifyCommand(),
  papers: async () => (await import('./papers.ts')).papersCommand(),
  samples: async () => (await import('./samples.ts')).samplesCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./backup.ts')).restoreCommand(),
  users: async () => (await import('./users.ts')).usersCommand(),
  embargo: async () => (await import('./embargo.ts')).embargoCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  start: async () => (await import('./start.ts')).startCommand(),
};

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
    .configureOutput({
      outputError: (text) => complain(text.replace(/^error: /, '')),
      // Only help that nobody asked for is written here: a call without its command, which is an error of one line.
      writeErr: () => {},
    });
  rememberHashesIn(cacheFolder());
  // Whoever reads our output has seen enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : failed));
  const called = Object.entries(commands).filter(([name]) => name === args[0]);
  try {
    setRemoteSettings(readRemoteSettings(['serve', 'start'].includes(args[0])));
    for (const [, load] of called.length > 0 ? called : Object.entries(commands)) {
      program.addCommand(inheriting(await load(), program));
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const lacksCommand = error instanceof CommanderError && error.code === 'commander.help' && error.exitCode !== 0;
    if (lacksCommand) complain(missingCommand(program, args));
    return report(error);
  }
}

/** Sub-commands made apart do not take the program's settings over by themselves. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

function missingCommand(program: Command, args: string[]): string {
  const group = program.commands.find((command) => command.name() === args[0]) ?? program;
  const known = group.commands.map((command) => command.name()).join(', ');
  const prefix = group === program ? '' : `${group.name()}: `;
  return `${prefix}wanted one of the commands ${known}; --help describes them.`;
}

function report(error: unknown): number {
  // Commander has printed its own message (and help is no error).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput;
  const known = error instanceof ImageryError || error instanceof ServiceError || error instanceof ApiError;
  complain(error instanceof Error ? error.message : String(error));
  return known && !ownTrouble.has(error.code) ? badInput : failed;
}
