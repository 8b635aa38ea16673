import { arenaMemory } from './arena.ts';
import { compiledKernels } from './compiled.ts';

/**
 * Instantiates a compiled kernel file (`npm run build` makes them from the AssemblyScript beside them) on this
 * thread's arena.
 * @throws Error naming the file where it was not built
 */
export function loadKernels<Exports>(file: URL): Exports {
  const instance = new WebAssembly.Instance(compiledKernels(file), { env: { memory: arenaMemory } });
  return instance.exports as Exports;
}
