import type { Generated } from 'kysely';

/** Tables of what comes in beside the proceedings and of what goes out. Rows of all of them are never changed. */
export interface HandOverTables {
  case_papers: CasePaperTable;
  paper_judgements: PaperJudgementTable;
  handover_packages: HandOverPackageTable;
  handover_steps: HandOverStepTable;
}

/** A paper kept by the hash of its content, under the workspace folder: papers/. */
export interface CasePaperTable {
  seq: Generated<number>;
  /** Hash of content, subject and kind: what payload.evidence of a step names. */
  id: string;
  subject: 'patch' | 'case';
  subjectId: string;
  district: string;
  /** statement 陈述申辩, document 补充材料, finding 核查认定, receipt 回执. */
  kind: 'statement' | 'document' | 'finding' | 'receipt';
  /** Who it comes from, as they are named. */
  fromName: string;
  note: string | null;
  /** As it was called when it was handed in. */
  fileName: string;
  /** Ending of the kept file: pdf, jpg, png, json, docx … */
  format: string;
  sha256: string;
  bytes: number;
  addedAt: string;
  addedBy: string;
  /** JSON: the InstrumentFact and outline of a document, what a finding established; null of the others. */
  factJson: string | null;
}

/** What a new fact made of a patch's opinion. */
export interface PaperJudgementTable {
  seq: Generated<number>;
  paperId: string;
  patchId: string;
  /** The opinion that counted before it, on the same ground; null where none had been formed. */
  beforeId: string | null;
  /** null where no rule set is in effect. */
  afterId: string | null;
  /** JSON of services/legality Difference[]. */
  differencesJson: string;
  at: string;
}

/** A package as it was made for one receiver. */
export interface HandOverPackageTable {
  seq: Generated<number>;
  /** sha256 of its manifest. */
  id: string;
  caseId: string;
  district: string;
  receiver: string;
  /** Of the file. */
  sha256: string;
  bytes: number;
  fileName: string;
  patches: number;
  preparedAt: string;
  preparedBy: string;
}

/** sent: it went out, and the case says so. receipt: the receiver has answered for it. */
export interface HandOverStepTable {
  seq: Generated<number>;
  packageId: string;
  step: 'sent' | 'receipt';
  at: string;
  actor: string;
  /** Version of the case that the step made. */
  caseVersion: number;
  /** Of what was sent: until when the receipt should be here, UTC. */
  dueAt: string | null;
  /** Of a receipt: the kept paper, the receiver's number and the day it bears. */
  paperId: string | null;
  number: string | null;
  date: string | null;
}
