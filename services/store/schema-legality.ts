import type { Generated } from 'kysely';

/** Tables of the rule sets and of the opinions formed by them. Rows of both are never changed. */
export interface LegalityTables {
  rule_sets: RuleSetTable;
  opinions: OpinionTable;
}

/** A rule set that somebody added; those that every workspace knows are not kept here. */
export interface RuleSetTable {
  id: string;
  version: string;
  /** First two digits of the codes it holds for; '' = all. */
  province: string;
  effectiveFrom: string;
  /** Last day; null = no end is known. */
  effectiveTo: string | null;
  /** The file as it was added. */
  json: string;
  sha256: string;
  addedAt: string;
}

/** What a rule set made of a patch on the facts of a day. A later one does not undo it: the latest counts. */
export interface OpinionTable {
  seq: Generated<number>;
  /** Hash of its content and of how many the patch had before: the same on every machine. */
  id: string;
  patchId: string;
  at: string;
  ruleSetId: string;
  ruleVersion: string;
  /** Codes of services/legality/kinds.ts. */
  opinion: string;
  kind: string | null;
  /** Rule of the set that decided. */
  ruleId: string;
  /** JSON of PatchFacts: all that it was judged on. */
  factsJson: string;
  /** JSON of Opinion. */
  opinionJson: string;
}
