import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real image pairs lie beside the repository, not in it: their licences differ. */
const root = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Path of a folder of shared data, or null, said once on the console, where it is missing. */
export function sharedData(folder: string): string | null {
  const path = `${root}${folder}/`;
  if (existsSync(path)) return path;
  console.warn(`${path} is missing: tests on that real pair are skipped.`);
  return null;
}
