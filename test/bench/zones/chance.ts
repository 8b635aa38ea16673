/** A number 0–1 that belongs to a place (a, b, c): whoever asks for it, in whatever order, gets the same. */
export function chanceAt(seed: number, a: number, b: number, c = 0): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ a ^ (h >>> 15), 0x27d4eb2f);
  h = Math.imul(h ^ b ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ c ^ (h >>> 16), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** A normal deviate, mean 0 and deviation 1, of a place. */
export function normalAt(seed: number, a: number, b: number): number {
  const [first, second] = [chanceAt(seed, a, b, 1), chanceAt(seed, a, b, 2)];
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
