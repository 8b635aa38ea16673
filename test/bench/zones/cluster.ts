import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Cluster {
  client: pg.Client;
  /** For ogr2ogr. */
  ogrTarget: string;
  /** True when the database was made now and holds nothing yet. */
  isNew: boolean;
  stop(): Promise<void>;
}

const ROOT = '/usr/lib/postgresql';
const USER = 'tuban';
/** Data that nobody will miss; memory enough to hold all of it; every core may work on one query. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=2GB',
  'work_mem=256MB',
  'maintenance_work_mem=1GB',
  'effective_cache_size=8GB',
  'random_page_cost=1.1',
  'max_wal_size=8GB',
  'max_parallel_workers_per_gather=2',
  'parallel_setup_cost=0',
  'parallel_tuple_cost=0',
  'min_parallel_table_scan_size=0',
  'listen_addresses=',
];

/** Why PostGIS cannot run here, in one line, or null. */
export function whatPostgisLacks(): string | null {
  const programs = programFolder();
  if (programs === null) return `no PostgreSQL under ${ROOT} (Debian: apt install postgresql postgis)`;
  const version = programs.split('/').at(-2);
  const control = `/usr/share/postgresql/${version}/extension/postgis.control`;
  if (!existsSync(control)) return `${control} is missing (Debian: apt install postgresql-${version}-postgis-3)`;
  return null;
}

/** A server with PostGIS whose data lies in `folder` and stays there, so that what was loaded is found again. */
export async function startCluster(folder: string): Promise<Cluster> {
  const account = unprivileged();
  const data = join(folder, 'data');
  const isNew = !existsSync(data);
  mkdirSync(folder, { recursive: true });
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid!);
  const options = { cwd: folder, ...account };
  const programs = programFolder()!;
  if (isNew) {
    const locale = ['-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(programs, 'initdb'), ['-D', data, ...locale], { ...options, stdio: 'ignore' });
  }
  const settings = [...SETTINGS, `unix_socket_directories=${folder}`].flatMap((setting) => ['-c', setting]);
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], { ...options, stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGINT'));
  const client = await connected(folder, server);
  if (isNew) await client.query('CREATE EXTENSION postgis');
  return {
    client,
    ogrTarget: `PG:host=${folder} user=${USER} dbname=postgres`,
    isNew,
    async stop() {
      await client.end();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.kill('SIGINT')) await ended;
    },
  };
}

async function connected(folder: string, server: ChildProcess): Promise<pg.Client> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ host: folder, user: USER, database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}

function programFolder(): string | null {
  const versions = existsSync(ROOT) ? readdirSync(ROOT) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a)).at(0);
  return newest === undefined ? null : join(ROOT, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const [, , uid, gid] = lines.map((line) => line.split(':')).find(([name]) => name === 'postgres')!;
  return { uid: Number(uid), gid: Number(gid) };
}
