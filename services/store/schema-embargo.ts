import type { Generated } from 'kysely';

/** Tables of what is not to be seen yet. */
export interface EmbargoTables {
  embargoes: EmbargoTable;
}

/** Patches that do not exist yet for some, or the lifting of such an embargo. Never changed. */
export interface EmbargoTable {
  seq: Generated<number>;
  id: string;
  /** The embargo that this row lifts; null where it sets one. */
  lifts: string | null;
  /** YYYY-MM; null = of all months. */
  month: string | null;
  /** District code prefix, '' = everywhere. */
  district: string;
  /** UTC: from then on everybody sees it. Of a lifting, when that was. */
  until: string;
  /** Of the office of those who see it before, separated by commas; and of their role: both must be named. */
  levels: string;
  roles: string;
  reason: string;
  actor: string;
  at: string;
}
