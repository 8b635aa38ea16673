import type { Label } from '../lifecycle/label.ts';
import type { ActorEntry } from '../store/actors.ts';
import { nameKey } from './name-key.ts';

/** What an actor can be. */
export const ACTOR_KINDS = {
  person: { zh: '个人', en: 'Person' },
  company: { zh: '企业', en: 'Company' },
  village: { zh: '村集体', en: 'Village' },
  government: { zh: '政府及部门', en: 'Government' },
} as const satisfies Record<string, Label>;
export type ActorKind = keyof typeof ACTOR_KINDS;

/** One land user or builder as entered. */
export interface Actor {
  id: string;
  name: string;
  kind: ActorKind;
  /** 统一社会信用代码. */
  code: string | null;
  /** Last four characters of an ID number. */
  idLast4: string | null;
  district: string | null;
  /** Other names, in the order in which they were entered. */
  aliases: string[];
  addedAt: string;
}

/** Who actors are once those that persons merged count as one. */
export interface Identity {
  /** Id and name of the actor that the others were merged into. */
  id: string;
  name: string;
  kind: ActorKind;
  /** All names, own ones first. */
  names: string[];
  /** In the order in which they were entered. */
  actors: Actor[];
}

export interface Merge {
  from: string;
  into: string;
  reason: string;
  by: string;
  at: string;
}

export interface Register {
  /** In the order in which their first actor was entered. */
  identities: readonly Identity[];
  /** Those that hold. */
  merges: readonly Merge[];
  /** Of the actor with this id, whoever it was merged with. */
  ofActor(id: string): Identity | null;
  /** The one that has this name or alias; null where none has it, or more than one, which then cannot be told apart. */
  named(name: string): Identity | null;
  /** All that have it. */
  allNamed(name: string): readonly Identity[];
}

/** The register as all its statements add up: unmerged is as if it had never been merged. Pure. */
export function registerOf(entries: readonly ActorEntry[]): Register {
  const actors = new Map<string, Actor>();
  const merges = new Map<string, Merge>();
  for (const entry of entries) {
    const { kind, actorId, otherId, name } = entry;
    if (kind === 'add') actors.set(actorId, actorOf(entry));
    else if (kind === 'alias') actors.get(actorId)!.aliases.push(name!);
    else if (kind === 'unmerge') merges.delete(pairKey(actorId, otherId!));
    else {
      const { reason, actor: by, at } = entry;
      merges.set(pairKey(actorId, otherId!), { from: actorId, into: otherId!, reason, by, at });
    }
  }
  const held = [...merges.values()];
  const identities = groupsOf([...actors.values()], held).map((group) => identityOf(group, held));
  const byActor = new Map(identities.flatMap((each) => each.actors.map(({ id }) => [id, each] as const)));
  const byName = Map.groupBy(
    identities.flatMap((identity) => [...new Set(identity.names.map(nameKey))].map((key) => ({ key, identity }))),
    ({ key }) => key,
  );
  const allNamed = (name: string) => (byName.get(nameKey(name)) ?? []).map(({ identity }) => identity);
  return {
    identities,
    merges: held,
    ofActor: (id) => byActor.get(id) ?? null,
    named: (name) => (allNamed(name).length === 1 ? allNamed(name)[0] : null),
    allNamed,
  };
}

function actorOf({ actorId, name, actorKind, code, idLast4, district, at }: ActorEntry): Actor {
  const kind = actorKind as ActorKind;
  return { id: actorId, name: name!, kind, code, idLast4, district, aliases: [], addedAt: at };
}

/** A pair is merged or not, whichever of the two was merged into the other. */
function pairKey(a: string, b: string): string {
  return [a, b].sort().join('\n');
}

/** Actors that merges hold together, in their order. */
function groupsOf(actors: readonly Actor[], merges: readonly Merge[]): Actor[][] {
  const parent = new Map(actors.map(({ id }) => [id, id]));
  const root = (id: string): string => {
    const up = parent.get(id)!;
    return up === id ? id : root(up);
  };
  for (const { from, into } of merges) parent.set(root(from), root(into));
  return [...Map.groupBy(actors, ({ id }) => root(id)).values()];
}

/** It goes by the first of those that were merged into no other. */
function identityOf(actors: readonly Actor[], merges: readonly Merge[]): Identity {
  const gone = new Set(merges.map(({ from }) => from));
  const head = actors.find(({ id }) => !gone.has(id)) ?? actors[0];
  const names = [head, ...actors].flatMap(({ name, aliases }) => [name, ...aliases]);
  return { id: head.id, name: head.name, kind: head.kind, names: [...new Set(names)], actors: [...actors] };
}
