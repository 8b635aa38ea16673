import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mintKey } from '../../../services/access/keys.ts';
import { openStore } from '../../../services/store/open.ts';

export const tuban = fileURLToPath(new URL('../../../api/tuban.js', import.meta.url));
const bare = fileURLToPath(new URL('./bare.ts', import.meta.url));

export interface Service {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** The real server in a process of its own: reads are noted; only the limit of requests a second is lifted. */
export function startTuban(home: string): Promise<Service> {
  const env = { PORT: '0', HOST: '127.0.0.1', TUBAN_RATE: 'off', TUBAN_SCHEDULE: 'off', TUBAN_READ_LOG: 'on' };
  return start([tuban, 'serve', '--home', home], env, /^API: +(\S+)$/m);
}

/** One route of Hono in a process of its own, that sends the bodies of a file. */
export function startBare(file: string): Promise<Service> {
  return start([bare, file], {}, /^(http\S+)$/m);
}

/** A key as a system has one. */
export async function keyFor(database: string): Promise<Record<string, string>> {
  const store = await openStore({ sqlite: database });
  const grant = { name: 'bench', role: 'viewer', district: '4304', expiresAt: null } as const;
  const { key } = await mintKey(store, grant, new Date());
  await store.close();
  return { Authorization: `Bearer ${key}` };
}

async function start(args: string[], env: Record<string, string>, pattern: RegExp): Promise<Service> {
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout!.setEncoding('utf8');
  while (!pattern.test(printed)) {
    const [text] = (await once(child.stdout!, 'data')) as [string];
    printed += text;
  }
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  };
  return { url: pattern.exec(printed)![1], pid: child.pid!, stop };
}
