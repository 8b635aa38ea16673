import { readFileSync } from 'node:fs';

/** By address, for as long as this thread lives. */
const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles a kernel file and keeps it. What the main thread keeps is shared by all threads that load the same file, and
 * not freed when one of them ends: freeing it beside running ones can bring V8 down (nodejs/node#64500).
 * @throws Error naming the file where it was not built
 */
export function compiledKernels(file: URL): WebAssembly.Module {
  const known = compiled.get(file.href);
  if (known !== undefined) return known;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`${file.pathname}: cannot be read; 'npm run build' makes it.`, { cause: error });
  }
  const made = new WebAssembly.Module(bytes);
  compiled.set(file.href, made);
  return made;
}
