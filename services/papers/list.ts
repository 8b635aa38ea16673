import type { Label } from '../lifecycle/label.ts';
import type { Store } from '../store/open.ts';
import { listPaperRows } from '../store/papers.ts';
import type { FilledPaper } from './filled.ts';
import type { RecordVersion } from './record.ts';

export interface ListedPaper {
  id: string;
  kind: string;
  name: Label;
  subject: 'patch' | 'case';
  /** Numbers of its patches; of a case its id first. */
  about: string[];
  record: RecordVersion;
  district: string;
  templateSha256: string;
  step: FilledPaper['step'];
  missing: FilledPaper['missing'];
  format: 'docx' | 'pdf';
  sha256: string;
  draftedBy: string;
  draftedAt: string;
  /** Null: a draft. */
  issue: { number: string; by: string; at: string } | null;
}

export interface PaperFilter {
  /** Code prefix; '' = all. */
  district?: string;
  kind?: string | undefined;
}

const most = 10_000;

/** Drafts and issued papers, latest first. */
export async function listPapers(store: Store, filter: PaperFilter): Promise<ListedPaper[]> {
  const rows = await listPaperRows(store.db, { ...filter, limit: most });
  return rows.map(({ filledJson, recordJson, number, issuedBy, issuedAt, seq: _, subjectId, ...row }) => {
    const { name, step, missing } = JSON.parse(filledJson) as FilledPaper;
    const record = JSON.parse(recordJson) as RecordVersion;
    const numbers = record.patches.map((patch) => patch.number);
    const about = row.subject === 'case' ? [subjectId, ...numbers] : numbers;
    const issue = number === null ? null : { number, by: issuedBy as string, at: issuedAt as string };
    return { ...row, name, about, record, step, missing, issue };
  });
}
