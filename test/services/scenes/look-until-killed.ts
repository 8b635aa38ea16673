import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/**
 * Looks at an inbox twice and is killed before the n-th thing it does to the disk: home, inbox, n. Prints 'done' where
 * it did fewer.
 */
const [home, folder, n] = process.argv.slice(2);
let left = Number(n);
for (const name of ['link', 'unlink', 'rename', 'writeFile', 'rm'] as const) {
  const real = fs[name] as (...parameters: unknown[]) => Promise<unknown>;
  Object.assign(fs, {
    [name]: (...parameters: unknown[]) => {
      if (--left < 0) process.kill(process.pid, 'SIGKILL');
      return real(...parameters);
    },
  });
}
syncBuiltinESMExports();

const { Inbox } = await import('../../../services/scenes/inbox.ts');
const { openStore } = await import('../../../services/store/open.ts');
const store = await openStore({ sqlite: join(home, 'tuban.db') });
const scenesFolder = join(home, 'scenes');
const options = { folder, scenesFolder, settleMs: 0, factsWaitMs: 0, facts: {}, now: () => new Date() };
const inbox = new Inbox(store, options, () => {});
await inbox.look();
await inbox.look();
await store.close();
process.stdout.write('done');
