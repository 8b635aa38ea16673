import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startEnvironment } from './start-environment.ts';

const program = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));

export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `tuban` with these arguments in a process of its own, as a user would, with no terminal attached. */
export function tuban(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = { ...startEnvironment, ...process.env };
    const child = spawn(process.execPath, [program, ...args], { env, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const result: CommandResult = { exitCode: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      result.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ ...result, exitCode }));
  });
}

/** The same for a command that must succeed and prints JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the printed JSON, read field by field in the tests
export async function tubanJson(...args: string[]): Promise<any> {
  const { exitCode, stdout, stderr } = await tuban([...args, '--json']);
  if (exitCode !== 0) throw new Error(`tuban ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}
