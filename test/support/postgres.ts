import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

/** A PostgreSQL server of this test file alone, in a temporary folder, on a socket in that folder. */
export interface PostgresServer {
  /** URL of the named database. */
  url(database: string): string;
  /** Runs one statement on the maintenance database. */
  execute(statement: string): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const SUPERUSER = 'tuban';

/** Starts a server, or returns in one line why there can be none here. */
export async function startPostgres(): Promise<PostgresServer | string> {
  const programs = await findPrograms();
  if (programs === null) return 'no PostgreSQL under /usr/lib/postgresql (Debian: apt install postgresql)';
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? await unprivilegedAccount() : null;
  if (isRoot && account === null)
    return 'running as root, and there is no account "postgres" or "nobody" to run PostgreSQL as';
  const folder = await mkdtemp(join(await fastFolder(), 'tuban-postgres-'));
  if (account !== null) await chown(folder, account.uid, account.gid);
  let server: ChildProcess | undefined;
  try {
    const initdb = [
      '-D',
      join(folder, 'data'),
      '-U',
      SUPERUSER,
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await promisify(execFile)(join(programs, 'initdb'), initdb, { cwd: folder, ...account });
    server = spawn(join(programs, 'postgres'), serverOptions(folder), {
      cwd: folder,
      stdio: 'ignore',
      ...account,
    });
    process.once('exit', () => server?.kill('SIGQUIT'));
    await untilReady(folder, server);
    return serverIn(folder, server);
  } catch (error) {
    server?.kill('SIGQUIT');
    await rm(folder, { recursive: true, force: true });
    return `PostgreSQL did not start: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}

function serverOptions(folder: string): string[] {
  // The data is thrown away: nothing needs to survive a power cut.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=16MB'];
  const socketOnly = ['listen_addresses=', `unix_socket_directories=${folder}`];
  return ['-D', join(folder, 'data'), ...[...settings, ...socketOnly].flatMap((setting) => ['-c', setting])];
}

function serverIn(folder: string, server: ChildProcess): PostgresServer {
  const url = (database: string) => socketUrl(folder, database);
  return {
    url,
    execute: (statement) => executeOn(url('postgres'), statement),
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.kill('SIGQUIT')) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function socketUrl(folder: string, database: string): string {
  return `postgres://${SUPERUSER}@localhost/${database}?host=${encodeURIComponent(folder)}`;
}

async function executeOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => {});
  }
}

async function untilReady(folder: string, server: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with exit code ${server.exitCode}`);
    try {
      return await executeOn(socketUrl(folder, 'postgres'), 'select 1');
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(50);
    }
  }
}

/** Memory where there is plenty (making a database there is ten times faster), else the temporary folder. */
async function fastFolder(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null);
  return memory !== null && memory.bavail * memory.bsize >= 2 ** 30 ? '/dev/shm' : tmpdir();
}

/** Folder with initdb and postgres of the newest installed version, or null. */
async function findPrograms(): Promise<string | null> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a)).at(0);
  return newest === undefined ? null : join(root, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedAccount(): Promise<{ uid: number; gid: number } | null> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  return account === undefined ? null : { uid: Number(account[2]), gid: Number(account[3]) };
}
