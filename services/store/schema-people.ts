import type { Generated } from 'kysely';

/** Tables of who is responsible for which ground, where patrols were, and who uses or builds on the land. */
export interface PeopleTables {
  duty_entries: DutyEntryTable;
  hand_overs: HandOverTable;
  patrols: PatrolTable;
  actor_entries: ActorEntryTable;
}

/**
 * One entry in the register of responsible persons. Never changed: what a duty is now follows from all entries
 * (services/people/duties.ts).
 */
export interface DutyEntryTable {
  seq: Generated<number>;
  /** Hash of what the entry says: entered twice, it is there once. */
  id: string;
  /** begin: somebody takes a duty on. end: it ends with toDay. void: the entry `ofEntry` counts no longer. */
  kind: 'begin' | 'end' | 'void';
  /** The entry that is ended or voided; null of a beginning. */
  ofEntry: string | null;
  person: string;
  /** field-chief 田长, patroller 网格员, handler 承办人. */
  duty: string;
  /** Code of one grid, or null where the duty is over a district. */
  grid: string | null;
  /** District code prefix, '' = everywhere; of a grid the one it lies in. */
  district: string;
  /** First and last day, YYYY-MM-DD, Asia/Shanghai; null = no end yet. Of an end only toDay is said. */
  fromDay: string | null;
  toDay: string | null;
  phone: string | null;
  /** The hand-over that made the entry, or null. */
  handOver: string | null;
  note: string;
  actor: string;
  at: string;
}

/** All that one person had open going to another, or its undoing. Never changed. */
export interface HandOverTable {
  id: string;
  fromPerson: string;
  toPerson: string;
  /** District code prefix, '' = all. */
  district: string;
  note: string;
  actor: string;
  at: string;
  /** JSON of services/people MovedList. */
  movedJson: string;
  /** The hand-over that this one takes back, or null. */
  undoes: string | null;
}

/** Where somebody looked, when, and what was seen. Never changed. */
export interface PatrolTable {
  id: string;
  who: string;
  /** UTC. */
  fromAt: string;
  toAt: string;
  /** Code of the grid that was walked, where the record names one. */
  grid: string | null;
  district: string;
  /** GeoJSON, lon/lat; null where the record names a grid only. */
  geometryJson: string | null;
  seen: string;
  /** 1 where something was reported. */
  reported: number;
  /** File it was imported from, or 'entered'. */
  source: string;
  addedAt: string;
}

/** One statement about an actor. Never changed: who is who now follows from all of them (services/actors/register.ts). */
export interface ActorEntryTable {
  seq: Generated<number>;
  id: string;
  kind: 'add' | 'alias' | 'merge' | 'unmerge';
  /** Id of the actor it is about; of a merge, the one that is merged. */
  actorId: string;
  /** Of a merge and its undoing, the actor it is merged into. */
  otherId: string | null;
  /** Of add and alias. */
  name: string | null;
  /** person, company, village or government; of add. */
  actorKind: string | null;
  /** 统一社会信用代码, of add. */
  code: string | null;
  /** scrypt of an ID number, and its last four characters; the number itself is not kept. */
  idHash: string | null;
  idLast4: string | null;
  district: string | null;
  reason: string;
  actor: string;
  at: string;
}
