import type { Insertable } from 'kysely';
import { ServiceError } from '../error.ts';
import type { ChangedPlace, Ground } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import type { PatchFacts } from '../legality/facts.ts';
import { type Difference, differencesOf, factsAfterFinding } from '../legality/late-document.ts';
import type { Opinion } from '../legality/opinion.ts';
import { factsOf, opinionOf } from '../legality/recorded.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { localDay } from '../local-time.ts';
import { placeOf } from '../month/judge-again.ts';
import { type Verdict, verdictsOf } from '../month/verdicts.ts';
import { findPaper, insertPaper, insertPaperJudgement } from '../store/handovers.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { type OpenPatch, openPatch, replaceOverlaps } from '../store/open-patches.ts';
import { insertOpinions, type OpinionRow, opinionsOf } from '../store/opinions.ts';
import { replacePatchThemes } from '../store/patch-themes.ts';
import type { CasePaperTable } from '../store/schema-handover.ts';
import { type DocumentFact, lateDocument, lateDocuments } from './late-documents.ts';

/** What a new fact made of a patch's opinion. */
export interface JudgedOnPaper {
  paperId: string;
  /** False where this very paper was taken in before: nothing is judged again. */
  isNew: boolean;
  before: Opinion | null;
  /** null where no rule set is in effect. */
  after: Opinion | null;
  differences: Difference[];
}

/** A new fact: a document, or what was established on site. */
export type NewFact = { document: DocumentFact } | { finding: PatchFacts['established'] };

type Paper = Insertable<CasePaperTable>;

const NOTHING_NEW = { isNew: false, before: null, after: null, differences: [] };

/**
 * Takes a new fact in: the patch is judged on today's layers without it (kept as an opinion where that is another than
 * the last one), then with it, so that what differs is the fact's doing alone. Paper, opinions, difference and event are
 * written together or not at all.
 * @throws ServiceError bad-input where a document touches no ground of the patch
 */
export async function takeFact(
  store: Store,
  patchId: string,
  paper: Paper,
  fact: NewFact,
  { actor, at }: { actor: string; at: Date },
): Promise<JudgedOnPaper> {
  const patch = await openPatch(store.db, patchId);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${patchId}.`);
  if ((await findPaper(store.db, paper.id)) !== null) return { ...NOTHING_NEW, paperId: paper.id };
  const earlier = await opinionsOf(store.db, patchId);
  const latest = earlier.at(-1);
  const known = (await lateDocuments(store.db, [patchId])).get(patchId) ?? [];
  const place = placeOf(patch, latest && factsOf(latest), known);
  const without = await groundOf(store, place, at);
  const within = await groundOf(store, placeWith(place, fact, patch.number), at);
  const ground = 'finding' in fact ? { ...without, facts: factsAfterFinding(without.facts, fact.finding) } : within;
  const stale = latest === undefined || latest.factsJson !== JSON.stringify(without.facts);
  const base = stale ? await verdictOf(store, patch, without, at, earlier.length) : null;
  const verdict = await verdictOf(store, patch, ground, at, earlier.length + (base?.opinion ? 1 : 0));
  const before = base === null ? (latest ?? null) : base.opinion;
  const differences = before && verdict.opinion ? differencesOf(opinionOf(before), opinionOf(verdict.opinion)) : [];
  const isNew = await store.db.transaction().execute(async (trx) => {
    if (!(await insertPaper(trx, paper))) return false;
    await replaceOverlaps(trx, patchId, patch.district, ground.overlaps);
    for (const opinion of [base?.opinion, verdict.opinion]) if (opinion) await insertOpinions(trx, [opinion]);
    await replacePatchThemes(trx, [patchId], verdict.themes);
    await insertPaperJudgement(trx, judgementRow(paper, patchId, before, verdict, differences, at));
    const action = 'document' in fact ? 'attach-document' : 'attach-finding';
    const payload = { evidence: [paper.id], from: paper.fromName, differences: differences.length };
    await transitionIn(trx, { subject: 'patch', id: patchId, action, actor, at, payload });
    return true;
  });
  return {
    paperId: paper.id,
    isNew,
    before: before && opinionOf(before),
    after: verdict.opinion && opinionOf(verdict.opinion),
    differences: isNew ? differences : [],
  };
}

function placeWith(place: ChangedPlace, fact: NewFact, number: string): ChangedPlace {
  if (!('document' in fact)) return place;
  const document = lateDocument(fact.document);
  if (document.over !== 'whole' && place.patch.areaInside(document.over) === 0) {
    throw new ServiceError('bad-input', `The document's outline touches no ground of patch ${number}.`);
  }
  return { ...place, documents: [...(place.documents ?? []), document] };
}

async function groundOf(store: Store, place: ChangedPlace, at: Date): Promise<Ground> {
  for await (const ground of surveyGround(store.db, localDay(at), [place])) return ground;
  throw new Error('A place that was surveyed gave no ground.');
}

async function verdictOf(
  store: Store,
  patch: OpenPatch,
  { facts, overlaps }: Ground,
  at: Date,
  earlier: number,
): Promise<Verdict> {
  const layers = new Set((await listLayers(store.db)).filter(({ state }) => state === 'ready').map(({ name }) => name));
  const issuing = { patchId: patch.id, placeId: patch.placeId, district: patch.district, facts, overlaps };
  return (await verdictsOf(store, patch.month, [issuing], layers, at, earlier)).get(patch.id)!;
}

function judgementRow(
  { id }: Paper,
  patchId: string,
  before: Pick<OpinionRow, 'id'> | null,
  { opinion }: Verdict,
  differences: readonly Difference[],
  at: Date,
) {
  const [beforeId, afterId] = [before?.id ?? null, opinion?.id ?? null];
  return {
    paperId: id,
    patchId,
    beforeId,
    afterId,
    differencesJson: JSON.stringify(differences),
    at: at.toISOString(),
  };
}
