import { ServiceError } from '../error.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { contentId } from '../month/evidence.ts';
import { insertLineage } from '../store/lineage.ts';
import type { Store } from '../store/open.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { apportion } from './apportion.ts';
import { bequestOf, dividedAmong } from './bequest.ts';
import { cutByLines, cutByParts, toleranceM2 } from './cut.ts';
import type { Drawn } from './drawn.ts';
import { type Deed, type Entered, enterSuccessor } from './enter.ts';
import { checkDeed, openParent } from './parents.ts';
import { successors } from './successor.ts';

export interface Splitting extends Deed {
  /** Number or id. */
  patch: string;
  by: Drawn;
  /** The version that the actor saw; where it is not the current one, nothing is done. */
  expectedVersion?: number;
}

export interface SplitResult {
  actId: string;
  parent: Entered;
  pieces: Entered[];
  /** What the pieces' outlines measured more or less than the patch, m²; shared out, so that areas add up. */
  differenceM2: number;
}

/**
 * 拆分: cuts an open patch into pieces that stand for it from now on, each with a number, an outline, overlaps and an
 * opinion of its own. They take over its state, due date, judgement, cases and what was measured; their areas add up to
 * its area to 0.01 m². All of it in one transaction.
 * @throws ServiceError not-found; bad-input: it has ended, or cannot be cut so; version-conflict
 */
export async function splitPatch(store: Store, splitting: Splitting): Promise<SplitResult> {
  checkDeed(splitting);
  const parent = await openParent(store, splitting.patch);
  const { patch, detection } = parent;
  const { expectedVersion = patch.version, actor, at, reason, office } = splitting;
  const outline = fromGeoJson(JSON.parse(detection.geometryJson));
  const pieces =
    'parts' in splitting.by ? cutByParts(outline, splitting.by.parts) : cutByLines(outline, splitting.by.lines);
  const { areasM2, differenceM2 } = areasOf(
    patch.number,
    patch.areaM2,
    pieces.map((piece) => prepareShape(piece).totalM2),
  );
  const actId = contentId('split', patch.id, patch.version + 1);
  const origins = pieces.map((_, index) => ({ kind: 'split' as const, actId, index, parents: [parent] }));
  const outlined = pieces.map((geometry, i) => ({ geometry, areaM2: areasM2[i] }));
  const made = await successors(store, outlined, origins, at);
  const bequests = dividedAmong(bequestOf(parent.log, parent.projection), areasM2);
  return store.db.transaction().execute(async (trx) => {
    const note = reason.trim();
    const into = made.map(({ patchId }) => patchId);
    const payload = { note, act: actId, into };
    const step = { subject: 'patch', id: patch.id, action: 'split', actor, at, office, payload, lineage: {} } as const;
    await transitionIn(trx, { ...step, expectedVersion });
    const entered: Entered[] = [];
    for (const [i, one] of made.entries()) {
      entered.push(await enterSuccessor(trx, one, [patch], bequests[i], splitting));
    }
    const act = { id: actId, kind: 'split' as const, undoes: null, actor, reason: note, at: at.toISOString() };
    await insertLineage(
      trx,
      { ...act, differenceM2 },
      entered.map(({ id, areaM2 }) => ({ actId, parentId: patch.id, childId: id, areaM2 })),
    );
    const { id, number } = patch;
    return { actId, parent: { id, number, areaM2: patch.areaM2 }, pieces: entered, differenceM2 };
  });
}

function areasOf(number: string, areaM2: number, measured: readonly number[]) {
  const differenceM2 = Math.round((measured.reduce((sum, area) => sum + area, 0) - areaM2) * 100) / 100;
  const most = toleranceM2(areaM2);
  if (Math.abs(differenceM2) > most) {
    const got = `they measure ${differenceM2.toFixed(2)} m² more, where at most ${most.toFixed(2)} m² is made good`;
    throw new ServiceError('bad-input', `The pieces of ${number} have its ${areaM2.toFixed(2)} m²; ${got}.`);
  }
  return { areasM2: apportion(areaM2, measured), differenceM2 };
}
