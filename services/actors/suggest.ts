import { coreName, editDistance, nameKey } from './name-key.ts';
import type { Identity } from './register.ts';

/** Two actors that may be one; a person says whether they are. */
export interface Suggestion {
  one: Identity;
  other: Identity;
  /** Names that are alike. */
  names: [string, string];
  /** same-name, same but for form and brackets, or nearly the same. */
  because: 'same-name' | 'same-core' | 'alike';
  /** 0–1. */
  likeness: number;
}

/** From this likeness on names are alike: one character in five may differ. */
const ALIKE = 0.8;

/** Likely duplicates, the likeliest first. Who have different codes are different. Pure. */
export function suggestMerges(identities: readonly Identity[]): Suggestion[] {
  const named = identities.flatMap((identity) =>
    identity.names.map((name) => ({ identity, name, core: coreName(name) })),
  );
  const best = new Map<string, Suggestion>();
  for (const [a, b] of candidatePairs(named.map(({ core }) => core))) {
    const [one, other] = [named[a], named[b]];
    if (one.identity === other.identity || haveOtherCodes(one.identity, other.identity)) continue;
    const found = compared(one, other);
    if (found === null) continue;
    const key = [one.identity.id, other.identity.id].sort().join('\n');
    if ((best.get(key)?.likeness ?? -1) < found.likeness) best.set(key, found);
  }
  return [...best.values()].sort(
    (a, b) => b.likeness - a.likeness || (`${a.one.id}${a.other.id}` < `${b.one.id}${b.other.id}` ? -1 : 1),
  );
}

interface Named {
  identity: Identity;
  name: string;
  core: string;
}

function compared(one: Named, other: Named): Suggestion | null {
  const about = { one: one.identity, other: other.identity, names: [one.name, other.name] as [string, string] };
  if (nameKey(one.name) === nameKey(other.name)) return { ...about, because: 'same-name', likeness: 1 };
  if (one.core === other.core) return { ...about, because: 'same-core', likeness: 0.99 };
  // 张三 and 张四 are two persons.
  if (one.identity.kind === 'person' || other.identity.kind === 'person') return null;
  const longest = Math.max([...one.core].length, [...other.core].length);
  const likeness = 1 - editDistance(one.core, other.core) / longest;
  return likeness >= ALIKE ? { ...about, because: 'alike', likeness } : null;
}

function haveOtherCodes(one: Identity, other: Identity): boolean {
  const codes = ({ actors }: Identity) => actors.flatMap(({ code }) => code ?? []);
  const [ours, theirs] = [codes(one), codes(other)];
  return ours.length > 0 && theirs.length > 0 && !ours.some((code) => theirs.includes(code));
}

/** Pairs of texts that are the same or share two characters in a row: no others are alike enough to be looked at. */
function candidatePairs(texts: readonly string[]): [number, number][] {
  const holders = new Map<string, Set<number>>();
  texts.forEach((text, i) => {
    const characters = [...text];
    const grams = characters.slice(1).map((character, k) => characters[k] + character);
    for (const gram of [text, ...grams]) holders.set(gram, (holders.get(gram) ?? new Set()).add(i));
  });
  const pairs = new Set<number>();
  for (const group of holders.values()) {
    const members = [...group];
    // What hundreds have in common (衡阳, 建材) tells nobody apart.
    if (members.length > MOST_IN_COMMON) continue;
    members.forEach((a, i) => {
      for (const b of members.slice(i + 1)) pairs.add(a * texts.length + b);
    });
  }
  return [...pairs].sort((a, b) => a - b).map((pair) => [Math.floor(pair / texts.length), pair % texts.length]);
}

const MOST_IN_COMMON = 300;
