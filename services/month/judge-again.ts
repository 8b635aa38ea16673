import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';
import type { ChangedPlace } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import { lateDocuments } from '../handover/late-documents.ts';
import { verdictWords } from '../legality/explain.ts';
import type { PatchFacts } from '../legality/facts.ts';
import { factsOf, opinionOf } from '../legality/recorded.ts';
import { stateNames } from '../lifecycle/transitions.ts';
import { localDay } from '../local-time.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { type OpenPatch, patchesIn, replaceOverlaps } from '../store/open-patches.ts';
import { insertOpinions, opinionsOf } from '../store/opinions.ts';
import { replacePatchThemes } from '../store/patch-themes.ts';
import { noteNewOverlaps } from '../store/view.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import { prepareRuns } from '../zones/overlay/runs-patch.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { type Evidence, runsOfEvidence } from './evidence.ts';
import { verdictsOf } from './verdicts.ts';

export interface JudgedAgain {
  /** Open patches looked at. */
  patches: number;
  /** Those of which anything but the date of a layer is known otherwise than before. */
  renewed: number;
  /** Those whose opinion is another one now. */
  changed: { number: string; before: string; now: string }[];
}

/**
 * Forms the opinion of every open patch anew from the layers as they are now: a document that came in late, a newer
 * survey. The opinions there were stay on file; one is added where the facts differ.
 */
export async function judgeAgain(
  store: Store,
  filter: { month?: string | undefined; district?: string | undefined },
  now: Date,
  onProgress?: (done: number) => void,
): Promise<JudgedAgain> {
  const result: JudgedAgain = { patches: 0, renewed: 0, changed: [] };
  const layers = new Set((await listLayers(store.db)).filter(({ state }) => state === 'ready').map(({ name }) => name));
  for await (const open of patchesIn(store.db, stateNames('patch', { outcome: 'open' }), filter)) {
    // The rules judge what was built or taken; of a zone where nothing was, they have nothing to say.
    const page = open.filter(({ evidenceJson }) => (JSON.parse(evidenceJson) as { lead?: unknown }).lead === undefined);
    const before = new Map<string, Awaited<ReturnType<typeof opinionsOf>>>();
    for (const { id } of page) before.set(id, await opinionsOf(store.db, id));
    const documents = await lateDocuments(
      store.db,
      page.map(({ id }) => id),
    );
    const places = page.map((patch) =>
      placeOf(patch, before.get(patch.id)!.map(factsOf).at(-1), documents.get(patch.id)),
    );
    let i = 0;
    for await (const ground of surveyGround(store.db, localDay(now), places)) {
      const patch = page[i++];
      const earlier = before.get(patch.id)!;
      const latest = earlier.at(-1);
      result.patches++;
      if (latest !== undefined && latest.factsJson === JSON.stringify(ground.facts)) continue;
      const issuing = { ...patch, patchId: patch.id, facts: ground.facts, overlaps: ground.overlaps };
      const verdicts = await verdictsOf(store, patch.month, [issuing], layers, now, earlier.length);
      const { opinion, themes } = verdicts.get(patch.id)!;
      await store.db.transaction().execute(async (trx) => {
        await noteNewOverlaps(trx);
        await replaceOverlaps(trx, patch.id, patch.district, ground.overlaps);
        if (opinion !== null) await insertOpinions(trx, [opinion]);
        await replacePatchThemes(trx, [patch.id], themes);
      });
      result.renewed++;
      const [was, is] = [wordsOf(latest), wordsOf(opinion)];
      if (was !== is) result.changed.push({ number: patch.number, before: was, now: is });
    }
    onProgress?.(result.patches);
  }
  return result;
}

function wordsOf(row: { opinionJson: string } | null | undefined): string {
  return row ? verdictWords(opinionOf(row), 'zh') : '—';
}

/** A patch as its detection has it, with what people established and produced since. */
export function placeOf(
  patch: OpenPatch,
  facts: PatchFacts | undefined,
  documents: ChangedPlace['documents'],
): ChangedPlace {
  const evidence = JSON.parse(patch.evidenceJson) as Evidence & { expired?: unknown; lineage?: unknown };
  // Land found by its papers is as its document has it, a piece as it was cut: not as pixels.
  const byPapers = evidence.expired !== undefined || evidence.runs === undefined;
  const isShape = byPapers || evidence.lineage !== undefined;
  return {
    patch: isShape
      ? prepareShape(fromGeoJson(JSON.parse(patch.geometryJson)))
      : prepareRuns(runsOfEvidence(evidence.runs), evidence.grid),
    type: patch.type in changeTypes ? (patch.type as ChangeType) : 'unknown',
    typeConfidence: byPapers ? 0 : patch.typeConfidence,
    onset: { lastUnchanged: patch.beforeDate, firstChanged: patch.afterDate },
    established: facts?.established ?? {},
    documents: documents ?? [],
  };
}
