import type { PairWindow } from '../../detectors/features.ts';
import type { ScenePair } from './scene-pair.ts';

/** Fewer pixels may well be alike. */
const fewestPixels = 9;

/**
 * Bands that have one value wherever a sample of the pair was observed (an empty band, a constant image) tell nothing
 * of change, and no change found in them means nothing.
 * @returns a line for each image that has such bands
 */
export function flatBandWarnings({ before, after, roles }: ScenePair, blocks: readonly PairWindow[]): string[] {
  const observed = blocks.reduce((sum, { mask }) => sum + mask.reduce((count, one) => count + one, 0), 0);
  if (observed < fewestPixels) return [];
  const lineOf = (path: string, side: 'before' | 'after'): string[] => {
    const flat = roles.filter((_, band) => isFlat(blocks, side, band));
    if (flat.length === 0) return [];
    const what = flat.length === roles.length ? 'every band' : `band ${flat.join(', ')}`;
    return [`${path}: ${what} has one value everywhere in the sample: no change can be told from it.`];
  };
  return [...lineOf(before.path, 'before'), ...lineOf(after.path, 'after')];
}

function isFlat(blocks: readonly PairWindow[], side: 'before' | 'after', band: number): boolean {
  let first: number | null = null;
  for (const { mask, [side]: bands } of blocks) {
    const samples = bands[band];
    for (let i = 0; i < samples.length; i++) {
      if (!mask[i]) continue;
      first ??= samples[i];
      if (samples[i] !== first) return false;
    }
  }
  return true;
}
