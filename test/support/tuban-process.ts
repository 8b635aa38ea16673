import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEnvironment } from './start-environment.ts';

const program = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));

/** A `tuban` that goes on until it ends, is stopped or is killed, with no terminal attached. */
export class TubanProcess {
  readonly child: ChildProcess;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  stdout = '';
  stderr = '';

  /** `environment` is added to this process's own. */
  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const env = { ...startEnvironment, ...process.env, ...environment };
    this.child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => code ?? signal);
  }

  /** The first match of a pattern in what it prints; throws when it ends before that. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (let isOver = false; ; ) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (isOver) throw new Error(`tuban ended without printing ${pattern}: ${this.stdout}${this.stderr}`);
      const more = once(this.child.stdout!, 'data').then(() => false);
      isOver = await Promise.race([more, this.ended.then(() => true)]);
    }
  }

  async stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return this.ended;
  }
}
