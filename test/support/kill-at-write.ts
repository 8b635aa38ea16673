import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';

/**
 * Loaded before a program (`node --import`): numbers its write boundaries, the moments right before and right after each
 * statement that writes to SQLite and each COMMIT, and kills the process with -9 at one of them.
 * - TUBAN_TEST_KILL_AT: at which; without it none.
 * - TUBAN_TEST_BOUNDARIES: a file to which each one that is passed is added, a line each.
 * - TUBAN_TEST_NOW: the clock stands still there, so that two runs are the same to the last byte.
 */

const { TUBAN_TEST_KILL_AT: killAt, TUBAN_TEST_BOUNDARIES: log, TUBAN_TEST_NOW: now } = process.env;

let passed = 0;

function boundary(what: string): void {
  passed++;
  if (log !== undefined) appendFileSync(log, `${what}\n`);
  // To itself, the signal is delivered before the call returns: nothing after this line is done.
  if (passed === Number(killAt)) process.kill(process.pid, 'SIGKILL');
}

type Call = (this: Database.Statement, ...given: unknown[]) => unknown;

function watchStatements(): void {
  const probe = new Database(':memory:');
  const statements = Object.getPrototypeOf(probe.prepare('select 1')) as Record<string, Call>;
  probe.close();
  for (const name of ['run', 'get', 'all']) {
    const original = statements[name];
    statements[name] = function watched(...given) {
      const what = written(this);
      if (what === null) return original.apply(this, given);
      boundary(`before ${what}`);
      const result = original.apply(this, given);
      boundary(`after ${what}`);
      return result;
    };
  }
}

/** What a statement writes, in its first words; null where it writes nothing. */
function written({ source, readonly }: Database.Statement): string | null {
  const words = source.trim().split(/\s+/).slice(0, 3).join(' ').toLowerCase();
  const writes = /^commit/.test(words) || (!readonly && !/^(begin|rollback|pragma)/.test(words));
  return writes ? words : null;
}

function stopClock(at: number): void {
  const Running = Date;
  globalThis.Date = class extends Running {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [at] : given) as [number]));
    }
    static override now(): number {
      return at;
    }
  } as DateConstructor;
}

if (isMainThread) {
  watchStatements();
  if (now !== undefined) stopClock(Date.parse(now));
}
