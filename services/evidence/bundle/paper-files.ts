import { isKept } from '../../archive/kept-file.ts';
import { paperPath } from '../../handover/kept-papers.ts';
import type { Label } from '../../lifecycle/label.ts';
import { paperJudgementsOf, papersOf } from '../../store/handovers.ts';
import type { Store } from '../../store/open.ts';
import type { CasePaperTable } from '../../store/schema-handover.ts';
import type { BundleWriter } from './bundle-writer.ts';
import type { Missing } from './manifest.ts';

export const PAPER_KINDS: Readonly<Record<CasePaperTable['kind'], Label>> = {
  statement: { zh: '陈述申辩', en: 'statement of the accused' },
  document: { zh: '补充材料', en: 'late document' },
  finding: { zh: '核查认定', en: 'finding on site' },
  receipt: { zh: '移交回执', en: 'receipt of a hand-over' },
};

/** A paper as a bundle tells of it. */
export interface BundledPaper {
  id: string;
  /** What it came in for. */
  of: 'patch' | 'case';
  kind: CasePaperTable['kind'];
  from: string;
  note: string | null;
  fileName: string;
  sha256: string;
  bytes: number;
  addedAt: string;
  addedBy: string;
  /** Name in the bundle; null where the original is gone or was changed. */
  name: string | null;
  fact: unknown;
  /** What it made of the opinion: ids in opinions.json and what differs; null of what is no new fact. */
  judged: { before: string | null; after: string | null; differences: unknown[]; at: string } | null;
}

/** The papers of patches and cases as they came in, and what each made of the opinion. */
export async function addPapers(
  bundle: BundleWriter,
  store: Store,
  home: string,
  subjects: readonly { subject: CasePaperTable['subject']; id: string }[],
): Promise<{ papers: BundledPaper[]; missing: Missing[] }> {
  const rows = [];
  const judged = [];
  for (const { subject, id } of subjects) {
    rows.push(...(await papersOf(store.db, subject, id)));
    if (subject === 'patch') judged.push(...(await paperJudgementsOf(store.db, id)));
  }
  const papers: BundledPaper[] = [];
  const missing: Missing[] = [];
  for (const row of rows) {
    const { id, kind, fromName, note, fileName, sha256, format, addedAt, addedBy, factJson } = row;
    const path = paperPath(home, sha256, format);
    const name = (await isKept(path, sha256)) ? `papers/${kind}-${sha256}.${format}` : null;
    if (name === null) missing.push({ what: `paper ${sha256}`, why: lost(kind, sha256) });
    else if (!papers.some((known) => known.name === name)) {
      const { zh, en } = PAPER_KINDS[kind];
      await bundle.addFile(name, path, { zh: `${zh}原件，${fromName} 提交`, en: `${en}, original` });
    }
    const verdict = judged.find(({ paperId }) => paperId === id);
    papers.push({
      ...{
        id,
        of: row.subject,
        kind,
        from: fromName,
        note,
        fileName,
        sha256,
        bytes: Number(row.bytes),
        addedAt,
        addedBy,
        name,
      },
      fact: factJson === null ? null : JSON.parse(factJson),
      judged: verdict
        ? {
            before: verdict.beforeId,
            after: verdict.afterId,
            differences: JSON.parse(verdict.differencesJson),
            at: verdict.at,
          }
        : null,
    });
  }
  await bundle.addJson('papers.json', papers, {
    zh: '陈述申辩、补充材料与核查认定，及其对意见的影响',
    en: 'statements, late documents and findings, and what each made of the opinion',
  });
  return { papers, missing };
}

function lost(kind: CasePaperTable['kind'], sha256: string): Label {
  const brief = sha256.slice(0, 16);
  return {
    zh: `${PAPER_KINDS[kind].zh}原件 ${brief}… 已丢失或内容已变`,
    en: `the original ${brief}… of a ${PAPER_KINDS[kind].en} is lost or was changed`,
  };
}
