import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who holds a lock: 'host:pid:start'. The start tells a process from a later one that was given the same
 * pid; on Linux it is the boot's id and the tick within it, elsewhere what ps says, unknown = 'unknown'.
 */
export function thisProcess(): string {
  return `${hostname()}:${process.pid}:${startOf(process.pid) ?? 'unknown'}`;
}

/**
 * True when the owner is certainly gone. A process on another host cannot be looked at from here, so its
 * lock stands.
 */
export function isGone(owner: string): boolean {
  const [host, pid, ...start] = owner.split(':');
  if (host !== hostname()) return false;
  if (start[0] === 'unknown') return !exists(Number(pid));
  const now = startOf(Number(pid));
  return now === null || now !== start.join(':');
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process started, in whatever unit this system has; null when there is none with this pid. */
function startOf(pid: number): string | null {
  if (existsSync('/proc/self/stat')) return linuxStartOf(pid);
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return text.trim().replace(/\s+/g, '-') || null;
  } catch {
    return null;
  }
}

function linuxStartOf(pid: number): string | null {
  try {
    // pid (name) state ppid …: the name may hold spaces and brackets; start is field 22 of proc(5).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return state === 'Z' ? null : `${boot}-${rest[18]}`;
  } catch {
    return null;
  }
}
