import { openSync, readFileSync, writeSync } from 'node:fs';
import { packError } from '../../services/jobs/thread-message.ts';
import { ThreadPool } from '../../services/jobs/threads.ts';
import type { ReadFile } from './thread.ts';

/**
 * A process that reads files as the product does and says what became of each, a JSON line per file and one at the
 * end. Arguments: a JSON array of paths, and the file that samples are written to.
 */
const [list, raw] = process.argv.slice(2);
const paths: string[] = JSON.parse(readFileSync(list, 'utf8'));
const output = openSync(raw, 'w');
let written = 0;
const pool = new ThreadPool(1, new URL('./thread.ts', import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: 256 },
});

function put(bytes: Uint8Array): number {
  const at = written;
  written += writeSync(output, bytes);
  return at;
}

for (const path of paths) {
  const began = performance.now();
  const told: Record<string, unknown> = { path };
  try {
    const { info, levels, damage } = (await pool.run('read', path, { timeoutMs: 10_000 })) as ReadFile;
    const places = levels.map(({ width, height, raster }) => {
      if (raster === null) return { width, height, at: null, maskAt: null };
      const at = raster.bands.map(({ buffer, byteOffset, byteLength }) =>
        put(new Uint8Array(buffer, byteOffset, byteLength)),
      );
      return { width, height, at: at[0], maskAt: put(raster.mask) };
    });
    Object.assign(told, { info, damage, levels: places });
  } catch (error) {
    told['error'] = packError(error);
  }
  told['ms'] = Math.round(performance.now() - began);
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await pool.close();
process.stdout.write(`${JSON.stringify({ maxRssMb: process.resourceUsage().maxRSS / 1024 })}\n`);
