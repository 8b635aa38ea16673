import { createHash } from 'node:crypto';

/** Which part of a data set a sample belongs to. */
export type Part = 'train' | 'validation' | 'test';

/** Share of the samples each part is to have; they sum to 1. */
export const SHARES: Readonly<Record<Part, number>> = { train: 0.7, validation: 0.15, test: 0.15 };
const PARTS: readonly Part[] = ['train', 'validation', 'test'];

/**
 * Parts that share no scene: samples that have one in common, directly or through others, stay together. Groups are
 * dealt out in an order drawn from `seed`, each to the part that lacks most. Where all hang together all are 'train'.
 * @returns the part of each sample, by id; the same for the same samples in any order
 */
export function splitByScene(
  samples: readonly { id: string; scenes: readonly string[] }[],
  seed: string,
): Map<string, Part> {
  const groups = [...Map.groupBy(samples, rootsOf(samples)).entries()].sort(
    ([a, m], [b, n]) => n.length - m.length || (drawn(seed, a) < drawn(seed, b) ? -1 : 1),
  );
  const counts: Record<Part, number> = { train: 0, validation: 0, test: 0 };
  const parts = new Map<string, Part>();
  for (const [, members] of groups) {
    const lack = (part: Part) => SHARES[part] * samples.length - counts[part];
    const part = PARTS.reduce((most, next) => (lack(next) > lack(most) ? next : most));
    counts[part] += members.length;
    for (const { id } of members) parts.set(id, part);
  }
  return parts;
}

/**
 * Parts in order of time: what is learnt on the past is tried on what came later. A date is in one part alone.
 * @param samples with the date of the later image, YYYY-MM-DD
 */
export function splitByDate(samples: readonly { id: string; afterDate: string }[]): Map<string, Part> {
  const byDate = [...Map.groupBy(samples, ({ afterDate }) => afterDate)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = new Map<string, Part>();
  let before = 0;
  for (const [, members] of byDate) {
    // By the middle of the date's samples, so that one busy date does not push all others out.
    const at = (before + members.length / 2) / samples.length;
    const part = at < SHARES.train ? 'train' : at < SHARES.train + SHARES.validation ? 'validation' : 'test';
    for (const { id } of members) parts.set(id, part);
    before += members.length;
  }
  return parts;
}

/** Names the group of a sample: the least scene of all that hang together. */
function rootsOf(samples: readonly { scenes: readonly string[] }[]): (sample: { scenes: readonly string[] }) => string {
  const parents = new Map<string, string>();
  const root = (scene: string): string => {
    let at = scene;
    while ((parents.get(at) ?? at) !== at) at = parents.get(at)!;
    return at;
  };
  for (const { scenes } of samples) {
    for (const scene of scenes) {
      const [a, b] = [root(scenes[0]), root(scene)].sort();
      parents.set(b, a);
      parents.set(a, a);
    }
  }
  return ({ scenes }) => (scenes.length === 0 ? '' : root(scenes[0]));
}

function drawn(seed: string, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify([seed, name]))
    .digest('hex');
}
