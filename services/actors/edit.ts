import { createHash, randomBytes, scryptSync } from 'node:crypto';
import { ServiceError } from '../error.ts';
import type { Office } from '../lifecycle/office.ts';
import { type Moved, transitionIn } from '../lifecycle/transition.ts';
import { type ActorEntry, actorEntries, insertActorEntry } from '../store/actors.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { creditCodeFault, idNumberFault } from './codes.ts';
import { nameKey } from './name-key.ts';
import { ACTOR_KINDS, type ActorKind, type Identity, type Register, registerOf } from './register.ts';

/** A land user or builder as somebody enters it. */
export interface NewActor {
  name: string;
  kind: ActorKind;
  /** 统一社会信用代码. */
  code?: string | undefined;
  /** Of a person; only its hash and last four characters are kept. */
  idNumber?: string | undefined;
  district?: string | undefined;
  aliases?: readonly string[];
  /** There is another of the same name, and this is somebody else. */
  namesake?: boolean;
}

export interface Stating {
  actor: string;
  at: Date;
  reason?: string;
}

/**
 * Enters an actor; entered again in the same words it is the same. @returns its id
 * @throws ServiceError bad-input: a code or number that is none, or a name or code that somebody else has
 */
export async function addActor(store: Store, given: NewActor, stating: Stating): Promise<string> {
  const name = checkedName(given.name);
  if (!Object.hasOwn(ACTOR_KINDS, given.kind)) throw refused('a kind', Object.keys(ACTOR_KINDS).join(', '), given.kind);
  const code = given.code === undefined ? null : checkedCode(given.code);
  if (given.district !== undefined && !/^\d{2,12}$/.test(given.district))
    throw refused('a district', '2 to 12 digits', given.district);
  return store.db.transaction().execute(async (trx) => {
    const id = given.idNumber === undefined ? NO_ID : await hiddenId(trx, given);
    const district = given.district ?? null;
    const said = { name, actorKind: given.kind, code, ...id, district };
    const actorId = hashOf('actor', nameKey(name), given.kind, code, id.idHash, district);
    const entries = await actorEntries(trx);
    const register = registerOf(entries);
    if (register.ofActor(actorId) === null) {
      checkNew(register, entries, { ...said, namesake: given.namesake ?? false });
      await insertActorEntry(trx, entryOf({ kind: 'add', actorId, otherId: null, ...said }, entries.length, stating));
    }
    for (const alias of given.aliases ?? []) await addAliasIn(trx, actorId, alias, stating);
    return actorId;
  });
}

/** Another name of an actor; one that somebody else has is refused: they may have to be merged. */
export async function addAlias(store: Store, actorId: string, alias: string, stating: Stating): Promise<void> {
  await store.db.transaction().execute((trx) => addAliasIn(trx, actorId, alias, stating));
}

/**
 * Two actors are one, says a person, and why: from now on they count together under the name of `into`.
 * @throws ServiceError not-found, bad-input
 */
export async function mergeActors(store: Store, from: string, into: string, stating: Stating): Promise<Identity> {
  return stated(store, 'merge', [from, into], stating, (register) => {
    if (register.ofActor(from) === register.ofActor(into))
      throw new ServiceError('bad-input', `${from} and ${into} are one already.`);
  });
}

/** Takes a merge back, whichever of the two was merged into the other. @throws ServiceError not-found, bad-input */
export async function unmergeActors(store: Store, one: string, other: string, stating: Stating): Promise<Identity> {
  return stated(store, 'unmerge', [one, other], stating, ({ merges }) => {
    const held = merges.some(({ from, into }) => [from, into].includes(one) && [from, into].includes(other));
    if (held && one !== other) return;
    const known = merges.filter(({ from, into }) => [from, into].some((id) => id === one || id === other));
    const got = known.map(({ from, into }) => `${from} into ${into}`).join(', ') || 'none';
    throw new ServiceError('bad-input', `${one} and ${other} were not merged with each other; merges of them: ${got}.`);
  });
}

/** Names the user of a patch's land, as an event of the patch. @throws ServiceError as transition, not-found */
export async function linkPatch(
  store: Store,
  patchId: string,
  actorId: string,
  { office, ...stating }: Stating & { office?: Office },
): Promise<Moved> {
  return store.db.transaction().execute(async (trx) => {
    const identity = known(registerOf(await actorEntries(trx)), actorId);
    const { name } = identity.actors.find(({ id }) => id === actorId)!;
    const note = stating.reason?.trim();
    const payload = { occupierId: actorId, occupier: name, ...(note && { note }) };
    const { actor, at } = stating;
    return transitionIn(trx, { subject: 'patch', id: patchId, action: 'name-occupier', actor, at, office, payload });
  });
}

type Said = Pick<ActorEntry, 'kind' | 'actorId' | 'otherId'> & Partial<ActorEntry>;

const NO_ID = { idHash: null, idLast4: null };

async function stated(
  store: Store,
  kind: 'merge' | 'unmerge',
  [actorId, otherId]: readonly [string, string],
  stating: Stating,
  check: (register: Register) => void,
): Promise<Identity> {
  if (!stating.reason?.trim()) throw refused('a reason', 'why they are one, or are not', 'none');
  return store.db.transaction().execute(async (trx) => {
    const entries = await actorEntries(trx);
    const register = registerOf(entries);
    for (const id of [actorId, otherId]) known(register, id);
    check(register);
    await insertActorEntry(trx, entryOf({ kind, actorId, otherId }, entries.length, stating));
    return known(registerOf(await actorEntries(trx)), actorId);
  });
}

async function addAliasIn(trx: Store['db'], actorId: string, alias: string, stating: Stating): Promise<void> {
  const name = checkedName(alias);
  const entries = await actorEntries(trx);
  const register = registerOf(entries);
  const identity = known(register, actorId);
  const holders = register.allNamed(name);
  if (holders.includes(identity)) return;
  if (holders.length > 0) throw taken(name, holders[0], 'merge the two where they are one');
  await insertActorEntry(trx, entryOf({ kind: 'alias', actorId, otherId: null, name }, entries.length, stating));
}

/** A code or number is one actor's; a name may be another's too, where somebody says so. */
function checkNew(
  register: Register,
  entries: readonly ActorEntry[],
  { name, code, idHash, namesake }: Pick<ActorEntry, 'code' | 'idHash'> & { name: string; namesake: boolean },
): void {
  const same = entries.find(
    (each) => (code !== null && each.code === code) || (idHash !== null && each.idHash === idHash),
  );
  if (same !== undefined) throw taken(name, register.ofActor(same.actorId)!, 'the code or ID number is that one’s');
  const [holder] = register.allNamed(name);
  if (holder !== undefined && !namesake) throw taken(name, holder, 'say so where this is a namesake (--namesake)');
}

function known(register: Register, id: string): Identity {
  const identity = register.ofActor(id);
  if (identity === null) throw new ServiceError('not-found', `There is no actor ${id}.`);
  return identity;
}

function entryOf(said: Said, before: number, { actor, at, reason = '' }: Stating): ActorEntry {
  if (actor.trim() === '') throw refused('who states it', 'a name', 'none');
  const nothing = { name: null, actorKind: null, code: null, ...NO_ID, district: null };
  const entry = { ...nothing, ...said, reason: reason.trim(), actor, at: at.toISOString() };
  return { id: hashOf(before, entry), ...entry };
}

function checkedName(text: string): string {
  const name = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  if (name !== '' && name.length <= 200) return name;
  throw refused('a name', '1 to 200 characters', text.slice(0, 80));
}

function checkedCode(text: string): string {
  const code = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const fault = creditCodeFault(code);
  if (fault === null) return code;
  throw new ServiceError('bad-input', `The code ${text} is no 统一社会信用代码: ${fault}.`);
}

/** The number itself is neither kept nor said again; a slow hash, so that nobody finds it by trying all there are. */
async function hiddenId(trx: Store['db'], { idNumber, kind }: NewActor): Promise<{ idHash: string; idLast4: string }> {
  if (kind !== 'person') throw new ServiceError('bad-input', `Only a person has an ID number; got one of a ${kind}.`);
  const id = idNumber!.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const fault = idNumberFault(id);
  if (fault !== null) throw new ServiceError('bad-input', `The ID number is none: ${fault}.`);
  let salt = await readMeta(trx, SALT);
  if (salt === null) {
    salt = randomBytes(16).toString('hex');
    await writeMeta(trx, SALT, salt);
  }
  return { idHash: scryptSync(id, salt, 16).toString('hex'), idLast4: id.slice(-4) };
}

/** What ID numbers are hashed with: of the workspace, so that the same number is found again in it and nowhere else. */
const SALT = 'actorIdSalt';

function hashOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

function taken(name: string, { id, name: of }: Identity, what: string): ServiceError {
  return new ServiceError('bad-input', `${name} is in the register: ${of} (${id}); ${what}.`, { actorId: id });
}

function refused(thing: string, wanted: string, got: string): ServiceError {
  return new ServiceError('bad-input', `An actor's statement needs ${thing}: wanted ${wanted}; got '${got}'.`);
}
