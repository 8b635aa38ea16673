import type { Kysely } from 'kysely';
import { detectionHash } from '../audit/detection-hash.ts';
import { nextEvent, type Step } from '../lifecycle/event.ts';
import { sha256Of } from '../sha256.ts';
import { type CaseRow, casesOfPatch, insertCasePatches } from '../store/cases.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import { appendEvent } from '../store/events.ts';
import { insertOpinions } from '../store/opinions.ts';
import { replacePatchThemes } from '../store/patch-themes.ts';
import { highestNumber, insertOverlaps, insertPatches, type PatchRow } from '../store/patches.ts';
import type { Database } from '../store/schema.ts';
import { type Bequest, payloadOf } from './bequest.ts';
import type { Successor } from './successor.ts';

/** Who does it, why, and when. */
export interface Deed {
  actor: string;
  reason: string;
  at: Date;
  /** In what office the actor acts; left out: whoever holds the machine. */
  office?: Step['office'];
}

export interface Entered {
  id: string;
  number: string;
  areaM2: number;
}

/**
 * Puts a successor into the queue with a number of its own, in the state, with the due date and the judgement that it
 * takes over, and into every case that covers one of its parents.
 */
export async function enterSuccessor(
  trx: Kysely<Database>,
  successor: Successor,
  parents: readonly PatchRow[],
  bequest: Bequest,
  { actor, at, office }: Deed,
): Promise<Entered> {
  const { patchId: id, placeId, detection, areaM2, ground, verdict } = successor;
  const { month, district } = parents[0];
  const { type, score, minLon, minLat, maxLon, maxLat } = detection;
  const number = await nextNumber(trx, district, month);
  const payload = {
    ...payloadOf(bequest),
    detectionId: detection.id,
    areaM2,
    // The outline is no part of the log; its hash is, so that nobody can redraw it.
    detectionSha256: detectionHash({ ...detection }),
    outlineSha256: sha256Of(detection.geometryJson),
    from: parents.map((parent) => ({ id: parent.id, number: parent.number, version: parent.version })),
  };
  const { standing } = bequest;
  const step = { subject: 'patch', id, action: 'succeed', actor, payload, at, office, lineage: { standing } } as const;
  const { event, after } = nextEvent(step, district, null);
  await insertPlaces(trx, [{ id: placeId, district, firstMonth: month }]);
  await insertDetections(trx, [detection]);
  const { state, dueAt, version, updatedAt } = after;
  const known = { id, number, placeId, detectionId: detection.id, month, district, type, areaM2, score };
  const box = { minLon, minLat, maxLon, maxLat };
  await insertPatches(trx, [{ ...known, state, dueAt, version, ...box, createdAt: updatedAt, updatedAt }]);
  await insertOverlaps(
    trx,
    ground.overlaps.map((overlap) => ({ patchId: id, district, ...overlap })),
  );
  const cases = new Map<string, CaseRow>();
  for (const parent of parents) for (const one of await casesOfPatch(trx, parent.id)) cases.set(one.id, one);
  await insertCasePatches(
    trx,
    [...cases.keys()].sort().map((caseId) => ({ caseId, patchId: id, district })),
  );
  await appendEvent(trx, event);
  if (verdict.opinion !== null) await insertOpinions(trx, [verdict.opinion]);
  await replacePatchThemes(trx, [id], verdict.themes);
  return { id, number, areaM2 };
}

/** Numbers go on where the district's of the month ended, and are never given again. */
async function nextNumber(trx: Kysely<Database>, district: string, month: string): Promise<string> {
  const prefix = `${district.slice(0, 6)}${month.replace('-', '')}`;
  const last = Number((await highestNumber(trx, prefix))?.slice(prefix.length) ?? 0);
  return `${prefix}${String(last + 1).padStart(4, '0')}`;
}
