import type { PatchDetail } from '../../server/schemas.ts';

/** Patches looked at lately: their text stands at once when they are come back to, and is read again behind it. */
const most = 60;
const patches = new Map<string, PatchDetail>();

export function keptPatch(number: string): PatchDetail | null {
  return patches.get(number) ?? null;
}

export function keepPatch(patch: PatchDetail): void {
  patches.delete(patch.number);
  patches.set(patch.number, patch);
  const [oldest] = patches.keys();
  if (patches.size > most) patches.delete(oldest);
}

/** Pixels asked for: a patch and its surroundings are seldom more pixels of the image itself. */
export const pictureSize = 512;

/** What the page of a patch asks for first, in order of how soon it is looked at: for asking ahead. */
export function pathsOfPatch(number: string): string[] {
  const at = `patches/${encodeURIComponent(number)}`;
  const size = `size=${pictureSize}`;
  return [at, `${at}/chip.json?${size}`, `${at}/before.png?${size}`, `${at}/after.png?${size}`];
}
