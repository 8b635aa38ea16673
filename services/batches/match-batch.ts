import type { Insertable } from 'kysely';
import { ServiceError } from '../error.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { patchIdOf } from '../month/issue.ts';
import { type BatchFile, type BatchRow, batchRows } from '../store/batch-files.ts';
import { insertLinks, knownGround, latestPatches, linksOf } from '../store/batch-links.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import type { BatchLinkTable } from '../store/schema-batches.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { type Known, type Match, matchRow } from './compare.ts';
import { issueRows, prepareRows } from './issue-rows.ts';
import { type NewRow, placeOfRow } from './new-patch.ts';
import { firstOpenMonth } from './open-month.ts';

/** Rows of one transaction. */
const CHUNK = 200;

export interface BatchMatch {
  rows: number;
  /** Linked by this call, by kind. */
  linked: Record<Match['kind'], number>;
  /** Linked before. */
  before: number;
  /** Cannot be matched: without a usable polygon. */
  unusable: number;
}

/**
 * Says of every row that has not been matched yet what it is among the known places: linked to the patch of a known
 * one, made a patch where it is new. What is linked stays; a match broken off goes on where it was.
 * @throws ServiceError bad-input: the batch is not whole; busy
 */
export async function matchBatch(
  store: Store,
  batch: BatchFile,
  now: Date,
  onProgress?: (rows: number) => void,
): Promise<BatchMatch> {
  if (batch.state !== 'ready') {
    throw new ServiceError('bad-input', `The batch ${batch.id} is not whole: import ${batch.name} again first.`);
  }
  return withLock(store.db, 'batch-match', now, async () => {
    const result: BatchMatch = { rows: 0, linked: { new: 0, same: 0, grows: 0, 'part-of': 0 }, before: 0, unusable: 0 };
    const linked = await linksOf(store.db, batch.id);
    // The month that was open when the batch came in may have been closed since.
    const into = { ...batch, month: await firstOpenMonth(store.db, batch.month) };
    let chunk: BatchRow[] = [];
    const flush = async () => {
      for (const { kind } of await matchChunk(store, into, chunk, now)) result.linked[kind]++;
      chunk = [];
      onProgress?.(result.rows);
    };
    for await (const row of batchRows(store.db, batch.id)) {
      result.rows++;
      if (linked.has(row.row)) result.before++;
      else if (row.geometry === null) result.unusable++;
      else chunk.push(row);
      if (chunk.length >= CHUNK) await flush();
    }
    await flush();
    return result;
  });
}

type Link = Insertable<BatchLinkTable>;

async function matchChunk(store: Store, batch: BatchFile, rows: readonly BatchRow[], now: Date): Promise<Link[]> {
  const links: Link[] = [];
  const fresh: NewRow[] = [];
  const issued = new Map<string, Known>();
  for (const row of rows) {
    const shape = prepareShape(fromWkb(row.geometry!));
    const known = [...(await knownTo(store, shape.box)), ...[...issued.values()]];
    const match = matchRow(shape, row.number, known);
    const placeId = match.with?.placeId ?? placeOfRow(batch, row);
    let patchId = match.with?.patchId ?? null;
    if (patchId === null) {
      fresh.push({ row, shape, placeId });
      patchId = patchIdOf(batch.month, placeId);
      const geometryJson = JSON.stringify(toGeoJson(shape.outline()));
      // What a later row of the file repeats is not issued twice either.
      issued.set(placeId, { placeId, patchId, number: null, areaM2: shape.totalM2, geometryJson });
    }
    links.push(linkOf(batch, row, match, { placeId, patchId }, now));
  }
  const ready = await prepareRows(store, batch, fresh, now);
  await store.db.transaction().execute(async (trx) => {
    await issueRows(trx, batch, ready, now);
    await insertLinks(trx, links);
  });
  return links;
}

/** Places known at a box, each with the patch issued last; those already issued before those only seen. */
async function knownTo(store: Store, box: Parameters<typeof knownGround>[1]): Promise<Known[]> {
  const ground = await knownGround(store.db, box);
  const latest = await latestPatches(store.db, [...new Set(ground.map(({ placeId }) => placeId))]);
  return ground.flatMap((each) => {
    const patch = latest.get(each.placeId);
    // A place that was split or merged is known by the places of what stands for it.
    if (patch && stateOf('patch', patch.state).outcome === 'replaced') return [];
    return [{ ...each, patchId: patch?.id ?? null, number: patch?.number ?? null }];
  });
}

function linkOf(
  { id }: BatchFile,
  { row, areaM2 }: BatchRow,
  { kind, with: known, compared }: Match,
  ids: { placeId: string; patchId: string },
  now: Date,
): Link {
  const sharedM2 = known?.sharedM2 ?? areaM2 ?? 0;
  const comparedJson = JSON.stringify(compared);
  return {
    batchId: id,
    row,
    kind,
    ...ids,
    sharedM2,
    comparedJson,
    actor: 'tuban',
    reason: null,
    at: now.toISOString(),
  };
}
