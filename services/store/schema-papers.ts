import type { Generated } from 'kysely';

/** Tables of the papers (文书) that are filled from the record. Rows of all of them are never changed. */
export interface PaperTables {
  paper_templates: PaperTemplateTable;
  paper_bytes: PaperBytesTable;
  papers: PaperTable;
  paper_issues: PaperIssueTable;
}

/** A template that a workspace uses instead of the one that comes with the program, or beside those. */
export interface PaperTemplateTable {
  seq: Generated<number>;
  kind: string;
  /** First local day that it holds on; of several the one with the latest day holds, of one day the latest entry. */
  effectiveFrom: string;
  /** The file as it was added. */
  json: string;
  sha256: string;
  addedBy: string;
  addedAt: string;
}

/** Bytes that papers consist of, kept once each: their pictures, and what was issued. */
export interface PaperBytesTable {
  sha256: string;
  bytes: Uint8Array;
}

/** A draft (草稿). */
export interface PaperTable {
  seq: Generated<number>;
  /** Hash of what it says, of its form and of whom it was drafted by: drafted twice from the same, it is one draft. */
  id: string;
  kind: string;
  templateSha256: string;
  subject: 'patch' | 'case';
  /** Id of the case, or of the first patch. */
  subjectId: string;
  district: string;
  /** JSON of RecordVersion: what it was filled from, and in which version each. */
  recordJson: string;
  /** JSON of FilledPaper, its pictures by their hash. */
  filledJson: string;
  format: 'docx' | 'pdf';
  /** Of the draft's file. */
  sha256: string;
  draftedBy: string;
  draftedAt: string;
}

/** A draft that became a paper under a number (文号). */
export interface PaperIssueTable {
  paperId: string;
  number: string;
  format: 'docx' | 'pdf';
  /** Of the bytes that were issued, which are kept. */
  sha256: string;
  /** 1: the bytes were handed in, e.g. completed by hand or stamped and scanned; 0: made from the draft. */
  handedIn: number;
  issuedBy: string;
  issuedAt: string;
}
