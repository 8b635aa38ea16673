import type { ColumnType, Generated } from 'kysely';

/** What proves that the record is whole, and who looked at it. */
export interface AuditTables {
  audit_anchors: AnchorTable;
  reads: ReadTable;
}

/** What chains the events (services/audit/event-chain.ts); written by appendEvent alone. */
export interface ChainColumns {
  /** Of the event before, in the order of seq; sixty-four zeros of the first. No two events follow the same one. */
  prevHash: Generated<string>;
  /** sha256 over prevHash and all other columns. */
  hash: Generated<string>;
}

/** Where the log stood at a moment. Append-only. */
export interface AnchorTable {
  id: Generated<number>;
  /** Of the last event; 0 where there was none. */
  seq: number;
  hash: string;
  /** Events up to then. */
  count: number;
  at: string;
}

/** One answer that gave restricted data away. Append-only. */
export interface ReadTable {
  seq: Generated<number>;
  at: string;
  actor: string;
  /** Kind of data: patch, patches, picture, features … */
  what: string;
  /** Id or number of the one patch that was asked for, as it was asked for; null: a list, or no patch. */
  patch: string | null;
  /** What was asked for: path and query. */
  filter: string;
  /** How many rows were given; null: not counted. */
  rows: number | null;
  /** As the log and the answer name the request. */
  requestId: ColumnType<string | null, string | null | undefined>;
}
