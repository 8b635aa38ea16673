import { createHash } from 'node:crypto';
import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import { findCase, insertCase, insertCasePatches } from '../store/cases.ts';
import { appendEvent } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { nextEvent, type Step } from './event.ts';

/** It stands in lists and at the head of papers. */
const LONGEST_TITLE = 200;

export interface CaseOpening {
  title: string;
  /** District code of the authority whose case it is; the patches may lie in others. */
  district: string;
  /** The patches it covers; a patch may be covered by several cases. */
  patchIds: readonly string[];
  actor: string;
  at: Date;
  calendar?: Step['calendar'];
}

export interface OpenedCase {
  id: string;
  state: string;
  version: number;
}

/**
 * Opens a case as a clue (线索) over patches, which stay in their own states until each is put into it
 * (step put-in-case). The id is the hash of what is given: opened twice, it is one case.
 * Throws bad-input without a title or a district code, or where a patch does not exist.
 */
export async function openCase(store: Store, opening: CaseOpening): Promise<OpenedCase> {
  const { title, district, at } = opening;
  if (title.trim() === '') throw new ServiceError('bad-input', 'A case needs a title; got nothing.');
  if (title.length > LONGEST_TITLE || /\p{Cc}/u.test(title)) {
    const got = `${title.length} characters`;
    throw new ServiceError(
      'bad-input',
      `A case's title is one line of at most ${LONGEST_TITLE} characters; got ${got}.`,
    );
  }
  if (!/^\d{2,12}$/.test(district)) {
    throw new ServiceError('bad-input', `A case's district is a code of 2 to 12 digits; got '${district}'.`);
  }
  const patchIds = [...new Set(opening.patchIds)].sort();
  const id = caseId(opening, patchIds);
  const { actor } = opening;
  const calendar = opening.calendar ?? (await workspaceDeadlines(store.db)).calendar;
  const step: Step = { subject: 'case', id, action: 'open', actor, at, calendar, payload: { title, patchIds } };
  const { event, after } = nextEvent(step, district, null);
  return store.db.transaction().execute(async (trx) => {
    const links = [];
    for (const patchId of patchIds) {
      const patch = await findPatch(trx, patchId);
      if (!patch)
        throw new ServiceError('bad-input', `A case covers patches that exist; there is no patch ${patchId}.`);
      links.push({ caseId: id, patchId, district: patch.district });
    }
    const { state, version, updatedAt } = after;
    const isNew = await insertCase(trx, { id, district, title, state, version, createdAt: updatedAt, updatedAt });
    if (isNew) {
      await insertCasePatches(trx, links);
      await appendEvent(trx, event);
    }
    const stored = (await findCase(trx, id))!;
    return { id, state: stored.state, version: stored.version };
  });
}

function caseId({ title, district, at }: CaseOpening, patchIds: readonly string[]): string {
  const content = JSON.stringify([title, district, patchIds, at.toISOString()]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
