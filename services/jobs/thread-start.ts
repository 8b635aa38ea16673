import { enableCompileCache } from 'node:module';
import { dirname } from 'node:path';

/**
 * Where every thread of a pool begins: with the process's cache of compiled code, which a thread does not take over
 * by itself, its program is there in a third of the time.
 */
const [entry, compiled] = process.argv.slice(2);
if (compiled !== '') enableCompileCache(dirname(compiled));
await import(entry);
