import { readFileSync } from 'node:fs';
import { arenaMemory } from './arena.ts';

/**
 * Instantiates a compiled kernel file (`npm run build` makes them from the AssemblyScript beside them) on this
 * thread's arena.
 * @throws Error naming the file where it was not built
 */
export function loadKernels<Exports>(file: URL): Exports {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`${file.pathname}: cannot be read; 'npm run build' makes it.`, { cause: error });
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: arenaMemory } });
  return instance.exports as Exports;
}
