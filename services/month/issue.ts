import type { Insertable, Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { storedDetectionHash } from '../audit/detection-hash.ts';
import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { nextEvent } from '../lifecycle/event.ts';
import { appendEvent } from '../store/events.ts';
import { insertOpinions } from '../store/opinions.ts';
import { replacePatchThemes } from '../store/patch-themes.ts';
import { highestNumber, insertOverlaps, insertPatches } from '../store/patches.ts';
import type { Database, OverlapTable } from '../store/schema.ts';
import { contentId } from './evidence.ts';
import type { Lead } from './lead.ts';
import type { Issuing, Verdict } from './verdicts.ts';

/** Who puts patches into the queue. */
const actor = 'tuban';

/** A patch as it enters the queue. */
export interface Issue extends Issuing {
  detectionId: string;
  type: string;
  areaM2: number;
  score: number;
  box: LonLatBox;
  overlaps: Omit<Insertable<OverlapTable>, 'patchId' | 'district'>[];
  /** The images of an earlier month that came late and showed it; the first event keeps them. */
  late?: { month: string; date: string; scenes: readonly string[] };
  /** Who found it where no image or paper did; the first event keeps it. */
  foundBy?: { source: 'public' | 'patrol'; clueId: string; who: string };
  /** How the zone of a project stands for which it is issued; the first event keeps it. */
  lead?: Lead;
}

/** A patch is a place in one month's queue. */
export function patchIdOf(month: string, placeId: string): string {
  return contentId('patch', placeId, month);
}

/**
 * Numbers the patches in their order, district by district, and opens each with its first event. Their detections must
 * have been inserted before.
 */
export async function issuePatches(
  trx: Kysely<Database>,
  run: { id: string; month: string },
  issues: readonly Issue[],
  verdicts: ReadonlyMap<string, Verdict>,
  now: Date,
): Promise<void> {
  const { calendar } = await workspaceDeadlines(trx);
  const sequences = new Map<string, number>();
  for (const issue of issues) {
    const { patchId: id, placeId, detectionId, district, type, areaM2, score, box } = issue;
    const prefix = `${district.slice(0, 6)}${run.month.replace('-', '')}`;
    const last = sequences.get(prefix) ?? Number((await highestNumber(trx, prefix))?.slice(prefix.length) ?? 0);
    sequences.set(prefix, last + 1);
    const number = `${prefix}${String(last + 1).padStart(4, '0')}`;
    const { foundBy, late, lead } = issue;
    const why = { ...(foundBy && { foundBy }), ...(late && { late }), ...(lead && { lead }) };
    // The row is no part of the log; its hash is, so that nobody can edit it.
    const detectionSha256 = await storedDetectionHash(trx, detectionId);
    const payload = { detectionId, ...(detectionSha256 && { detectionSha256 }), runId: run.id, ...why };
    const find = { subject: 'patch', id, action: 'find', actor, payload, at: now, calendar } as const;
    const { event, after } = nextEvent(find, district, null);
    const { state, dueAt, version, updatedAt } = after;
    const known = { id, number, placeId, detectionId, month: run.month, district, type, areaM2, score };
    const times = { createdAt: now.toISOString(), updatedAt };
    await insertPatches(trx, [{ ...known, state, dueAt, version, ...box, ...times }]);
    await insertOverlaps(
      trx,
      issue.overlaps.map((overlap) => ({ patchId: id, district, ...overlap })),
    );
    await appendEvent(trx, event);
    const { opinion, themes } = verdicts.get(id) as Verdict;
    if (opinion !== null) await insertOpinions(trx, [opinion]);
    await replacePatchThemes(trx, [id], themes);
  }
}
