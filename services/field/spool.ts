import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What a killed server left behind is nobody's any more after so long. */
const ABANDONED_MS = 24 * 3_600_000;

/**
 * Lets what is sent in arrive on the disk, hands over its path, and leaves nothing of it: a phone on a bad line sends for
 * minutes, and many at once must not fill the memory.
 * @throws whatever the body ends with
 */
export async function spooled<Result>(
  home: string,
  body: AsyncIterable<Uint8Array>,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = join(home, 'photos', '.arriving');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${randomBytes(8).toString('hex')}.part`);
  try {
    await pipeline(body, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** Takes away what never arrived whole. `at`: the machine's own time, as the files have it. */
export async function dropAbandoned(home: string, at: Date): Promise<void> {
  const folder = join(home, 'photos', '.arriving');
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (facts !== null && at.getTime() - facts.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}
