import { ServiceError } from '../error.ts';
import type { InstrumentFact, PatchFacts } from '../legality/facts.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { findCase } from '../store/cases.ts';
import { insertPaper } from '../store/handovers.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import { findPatchNamed } from '../store/queue.ts';
import { type InstrumentKind, layerOfInstrument } from '../zones/layer-roles.ts';
import { keepPaper, type PaperFile } from './kept-papers.ts';
import type { DocumentFact } from './late-documents.ts';
import { type JudgedOnPaper, takeFact } from './new-facts.ts';

/** A paper as somebody hands it in. */
export interface HandedPaper {
  file: PaperFile;
  /** Whose it is: the accused, the owner, the office that established something. */
  fromName: string;
  note: string | null;
  /** Who takes it in. */
  actor: string;
  at: Date;
}

export interface Attached {
  id: string;
  subject: 'patch' | 'case';
  subjectId: string;
  sha256: string;
  /** False where this very paper was there before. */
  isNew: boolean;
}

/**
 * Keeps the accused's statement (陈述申辩) beside the evidence of a patch (number or id) or a case (id).
 * @throws ServiceError not-found; bad-input
 */
export async function attachStatement(store: Store, home: string, name: string, paper: HandedPaper): Promise<Attached> {
  const { actor, at, note } = paper;
  const { subject, id, district } = await subjectNamed(store, name);
  const about = { subject, subjectId: id, district, kind: 'statement', fact: null } as const;
  const row = await keepPaper(home, paper.file, { ...paper, ...about });
  const payload = { evidence: [row.id], from: row.fromName, ...(note !== null && { note }) };
  const isNew = await store.db.transaction().execute(async (trx) => {
    if (!(await insertPaper(trx, row))) return false;
    await transitionIn(trx, { subject, id, action: 'attach-statement', actor, at, payload });
    return true;
  });
  return { id: row.id, subject, subjectId: id, sha256: row.sha256, isNew };
}

/** What a document says; the ground it covers. */
export interface DocumentSaid extends Omit<InstrumentFact, 'id' | 'layer' | 'polygonM2' | 'kind'> {
  kind: InstrumentKind;
  over: DocumentFact['over'];
  /** Of its outline on the ellipsoid, m²; null: that of the patch. */
  polygonM2: number | null;
}

/** Takes a document in that was produced late: a new fact, judged again. @throws ServiceError not-found; bad-input */
export async function attachDocument(
  store: Store,
  home: string,
  name: string,
  paper: HandedPaper,
  said: DocumentSaid,
): Promise<JudgedOnPaper> {
  const patch = await patchNamed(store, name);
  const { over, polygonM2, ...instrument } = said;
  const { file } = paper;
  const about = { subject: 'patch', subjectId: patch.id, district: patch.district, kind: 'document' } as const;
  const kept = await keepPaper(home, file, { ...paper, ...about, fact: null });
  const id = `late/${kept.id}`;
  const layer = layerOfInstrument(said.kind);
  const fact: DocumentFact = {
    instrument: { ...instrument, id, layer, polygonM2: polygonM2 ?? patch.areaM2 },
    over,
  };
  return takeFact(store, patch.id, { ...kept, factJson: JSON.stringify(fact) }, { document: fact }, paper);
}

/** Takes in what was established on site or from papers. @throws ServiceError not-found; bad-input */
export async function attachFinding(
  store: Store,
  home: string,
  name: string,
  paper: HandedPaper,
  finding: PatchFacts['established'],
): Promise<JudgedOnPaper> {
  if (Object.keys(finding).length === 0) {
    throw new ServiceError(
      'bad-input',
      'A finding establishes something: a rural road, facility farmland, or since when.',
    );
  }
  const patch = await patchNamed(store, name);
  const about = { subject: 'patch', subjectId: patch.id, district: patch.district, kind: 'finding' } as const;
  const row = await keepPaper(home, paper.file, { ...paper, ...about, fact: finding });
  return takeFact(store, patch.id, row, { finding }, paper);
}

async function patchNamed(store: Store, name: string): Promise<PatchRow> {
  const patch = await findPatchNamed(store.db, name);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${name}.`);
  return patch;
}

async function subjectNamed(
  store: Store,
  name: string,
): Promise<{ subject: 'patch' | 'case'; id: string; district: string }> {
  const patch = await findPatchNamed(store.db, name);
  if (patch !== null) return { subject: 'patch', id: patch.id, district: patch.district };
  const found = await findCase(store.db, name);
  if (found !== null) return { subject: 'case', id: found.id, district: found.district };
  throw new ServiceError('not-found', `There is no patch and no case ${name}.`);
}
