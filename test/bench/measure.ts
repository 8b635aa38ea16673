import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Measured {
  wallSeconds: number;
  /** User and system time of the command and of every process it waited for. */
  cpuSeconds: number;
  /** Most memory held at one moment by the command and its descendants; shared pages are shared out (PSS). */
  peakBytes: number;
  output: string;
}

const sampleMs = 100;

// Node does not tell what a child has used; bash, which runs anywhere the peers do, does: descriptor 3, second line.
const timed = '"$@" 3>&-; status=$?; LC_ALL=C; times >&3; exit $status';

/** Runs a command to its end. @throws Error with what it wrote on stderr, where it fails. */
export async function measure(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const began = performance.now();
  const child = spawn('bash', ['-c', timed, 'bash', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let peakBytes = 0;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, heldBytes(child.pid!));
  }, sampleMs);
  const status = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const streams = [child.stdout, child.stderr, child.stdio[3] as Readable].map((stream) => text(stream!));
  try {
    const exitCode = await status;
    const wallSeconds = (performance.now() - began) / 1000;
    const [output, complaints, times] = await Promise.all(streams);
    if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}:\n${complaints}`);
    return { wallSeconds, cpuSeconds: childSeconds(times), peakBytes, output };
  } finally {
    clearInterval(sampling);
  }
}

/** From bash's `times`: a line for itself, a line for its children, each '0m1.234s 0m0.056s' (user, system). */
function childSeconds(times: string): number {
  const parts = times.split('\n')[1].matchAll(/(\d+)m([\d.]+)s/g);
  return [...parts].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** Memory of a process and its descendants now; 0 where the system does not tell (not Linux) or they have ended. */
function heldBytes(pid: number): number {
  const own = Number(/^Pss:\s+(\d+) kB/m.exec(readProc(`${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
  return childrenOf(pid).reduce((sum, child) => sum + heldBytes(child), own);
}

function childrenOf(pid: number): number[] {
  const threads = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : [];
  const lists = threads.map((thread) => readProc(`${pid}/task/${thread}/children`));
  return lists.flatMap((list) => list.split(' ').filter((child) => child !== '')).map(Number);
}

/** A file of /proc, '' where the process it tells of has ended. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
