import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServiceError } from '../error.ts';

/** A database as it stands at one moment, while others go on writing. @throws ServiceError store-unusable */
export async function dumpPostgres(url: string, path: string): Promise<void> {
  await withAddress(url, (address) =>
    call('pg_dump', ['--format=custom', '--no-owner', '--file', path, '--dbname', address]),
  );
}

/** All of it or nothing. @throws ServiceError store-unusable */
export async function restorePostgres(url: string, path: string): Promise<void> {
  const whole = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
  await withAddress(url, (address) => call('pg_restore', [...whole, '--dbname', address, path]));
}

/** @throws ServiceError store-unusable where it is no dump that can be read */
export async function checkDump(path: string): Promise<void> {
  await call('pg_restore', ['--list', path]);
}

/** The command line can be read by everybody on the machine, so the password goes by a file of its owner's alone. */
async function withAddress(url: string, work: (address: string) => Promise<void>): Promise<void> {
  const address = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'tuban-postgres-'));
  try {
    if (address.password !== '') {
      const file = join(folder, 'password');
      const password = decodeURIComponent(address.password).replace(/[\\:]/g, '\\$&');
      await writeFile(file, `*:*:*:*:${password}\n`, { mode: 0o600 });
      address.password = '';
      address.searchParams.set('passfile', file);
    }
    await work(address.href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function call(program: string, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { maxBuffer: 64 * 2 ** 20 });
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
    const [line = message] = stderr.split('\n').filter((one) => one !== '');
    const reason = code === 'ENOENT' ? "it is not installed; PostgreSQL's own programs are needed here" : line;
    throw new ServiceError('store-unusable', `${program} cannot do its part: ${reason}.`, undefined, error);
  }
}
