import type { Kysely } from 'kysely';
import { patchesById } from '../store/cycle-rows.ts';
import { type LineageAct, type LineageLink, lineageActs, lineageAround } from '../store/lineage.ts';
import type { Database } from '../store/schema.ts';

/** A patch of a family, and what stands between it and the others. */
export interface Kin {
  id: string;
  number: string;
  month: string;
  state: string;
  areaM2: number;
  /** Ids; only of splits and merges that were not taken back. */
  parents: string[];
  children: string[];
}

export interface FamilyTree {
  /** All that any split or merge joined to the patch, itself first, then by number; withdrawn ones too. */
  patches: Kin[];
  /** Oldest first, those that take one back among them. */
  acts: LineageAct[];
  links: LineageLink[];
}

/** Everything that came out of a patch, that it came out of, and their kin. A patch without any is alone in its family. */
export async function lineageOf(db: Kysely<Database>, patchId: string): Promise<FamilyTree> {
  const family = new Set([patchId]);
  const links = new Map<string, LineageLink>();
  for (let fresh = [patchId]; fresh.length > 0; ) {
    const known = new Set(family);
    for (const link of await lineageAround(db, fresh)) {
      links.set(`${link.parentId} ${link.childId}`, link);
      family.add(link.parentId).add(link.childId);
    }
    fresh = [...family].filter((id) => !known.has(id));
  }
  const all = [...links.values()];
  const acts = await lineageActs(db, [...new Set(all.map(({ actId }) => actId))]);
  const undone = new Set(acts.map(({ undoes }) => undoes));
  const standing = all.filter(({ actId }) => !undone.has(actId));
  const patches = (await patchesById(db, [...family])).map(({ id, number, month, state, areaM2 }) => ({
    ...{ id, number, month, state, areaM2 },
    parents: standing.filter(({ childId }) => childId === id).map(({ parentId }) => parentId),
    children: standing.filter(({ parentId }) => parentId === id).map(({ childId }) => childId),
  }));
  patches.sort((a, b) => Number(b.id === patchId) - Number(a.id === patchId) || (a.number < b.number ? -1 : 1));
  return { patches, acts, links: all };
}

/** All that the patch came out of, parents, their parents and so on; nearest first. */
export function ancestorsIn({ patches }: FamilyTree, patchId: string): string[] {
  const byId = new Map(patches.map((kin) => [kin.id, kin]));
  const found = new Set<string>(byId.get(patchId)?.parents ?? []);
  for (const id of found) for (const parent of byId.get(id)?.parents ?? []) found.add(parent);
  return [...found];
}
