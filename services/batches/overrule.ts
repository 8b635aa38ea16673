import { ServiceError } from '../error.ts';
import { patchIdOf } from '../month/issue.ts';
import type { BatchFile, BatchRow } from '../store/batch-files.ts';
import { type BatchLink, insertLinks, latestPatches, linksOfRow } from '../store/batch-links.ts';
import { findDetection } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { findPatchNamed } from '../store/queue.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { type Match, matchRow } from './compare.ts';
import { issueRows, prepareRows } from './issue-rows.ts';
import { placeOfRow } from './new-patch.ts';
import { firstOpenMonth } from './open-month.ts';

export interface Overruling {
  /** Number or id of the patch that the row is, or 'new': it is a patch of its own. */
  to: string;
  by: string;
  reason: string;
  now: Date;
}

/**
 * A person says what a row is. Earlier links stay on record; a patch once made of the row stays, too, and is dismissed
 * like any other where it is one too many.
 * @throws ServiceError bad-input, not-found
 */
export async function overruleMatch(
  store: Store,
  batch: BatchFile,
  row: BatchRow,
  { to, by, reason, now }: Overruling,
): Promise<BatchLink> {
  if (row.geometry === null) {
    throw new ServiceError('bad-input', `The row ${row.number} ${row.problem}, so nothing can be linked to it.`);
  }
  if (by.trim() === '' || reason.trim() === '') {
    throw new ServiceError('bad-input', 'A match is overruled by somebody, for a reason; wanted both.');
  }
  const shape = prepareShape(fromWkb(row.geometry));
  const said = { batchId: batch.id, row: row.row, actor: by, reason, at: now.toISOString() };
  if (to === 'new') {
    const placeId = placeOfRow(batch, row);
    const known = (await latestPatches(store.db, [placeId])).get(placeId);
    const into = { ...batch, month: await firstOpenMonth(store.db, batch.month) };
    const patchId = known?.id ?? patchIdOf(into.month, placeId);
    const ready = await prepareRows(store, into, known ? [] : [{ row, shape, placeId }], now);
    await store.db.transaction().execute(async (trx) => {
      await issueRows(trx, into, ready, now);
      const link = { ...said, kind: 'new' as const, placeId, patchId, sharedM2: shape.totalM2, comparedJson: '[]' };
      await insertLinks(trx, [link]);
    });
  } else await insertLinks(store.db, [{ ...said, ...(await linkTo(store, to, shape)) }]);
  return (await linksOfRow(store.db, batch.id, row.row)).at(-1)!;
}

async function linkTo(store: Store, to: string, shape: ReturnType<typeof prepareShape>) {
  const patch = await findPatchNamed(store.db, to);
  const detection = patch && (await findDetection(store.db, patch.detectionId));
  if (!patch || !detection) throw new ServiceError('not-found', `There is no patch ${to}.`);
  const { placeId, id: patchId, number, areaM2 } = patch;
  const known = { placeId, patchId, number, areaM2, geometryJson: detection.geometryJson };
  const { compared } = matchRow(shape, number, [known]);
  const sharedM2 = compared[0]?.sharedM2 ?? 0;
  return {
    kind: kindOf(matchRow(shape, number, [known])),
    placeId,
    patchId,
    sharedM2,
    comparedJson: JSON.stringify(compared),
  };
}

/** Somebody may know that two outlines which hardly meet are one place: then the sender's is drawn elsewhere. */
function kindOf({ kind }: Match): Match['kind'] {
  return kind === 'new' ? 'same' : kind;
}
