import { writeFileSync } from 'node:fs';
import { seededRandom } from '../support/random.ts';
import { MutableTiff } from './mutable-tiff.ts';
import { mutations } from './mutations.ts';
import type { SeedFile } from './seed-files.ts';

/** A valid file that something was done to. */
export interface Mutant {
  path: string;
  seed: string;
  mutation: string;
}

/** Writes every mutation of every file that it applies to. The same seed number gives the same mutants. */
export function writeMutants(
  seeds: readonly SeedFile[],
  seedNumber: number,
  pathOf: (name: string) => string,
): Mutant[] {
  const mutants: Mutant[] = [];
  for (const [s, { name, bytes }] of seeds.entries()) {
    for (const [m, [mutation, change]] of Object.entries(mutations).entries()) {
      const tiff = new MutableTiff(bytes, seededRandom(seedNumber + 1000 * s + m));
      const changed = change(tiff);
      if (changed === false) continue;
      const path = pathOf(`${name}-${String(m).padStart(2, '0')}.tif`);
      writeFileSync(path, Buffer.isBuffer(changed) ? changed : tiff.bytes);
      mutants.push({ path, seed: name, mutation });
    }
  }
  return mutants;
}
