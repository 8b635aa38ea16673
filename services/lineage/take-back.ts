import { ServiceError } from '../error.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { contentId } from '../month/evidence.ts';
import { patchesById } from '../store/cycle-rows.ts';
import { insertLineage, lineageActs, lineageAround, linksOfAct, wasCorrectedSince } from '../store/lineage.ts';
import type { Store } from '../store/open.ts';
import { findPatchNamed } from '../store/queue.ts';
import type { Deed, Entered } from './enter.ts';
import { checkDeed } from './parents.ts';

export interface TakenBack {
  /** Those that stand for themselves again. */
  back: Entered[];
  withdrawn: Entered[];
}

/**
 * Takes a split or merge back, by any of its patches: its parents are what they were, by an undo of their last step, and
 * what came of it is withdrawn. Only by whoever did it, within the window for undoing, while nothing has been done to
 * what came of it and no month was closed or corrected since.
 * @throws ServiceError not-found, bad-input, illegal-transition
 */
export async function undoLineage(store: Store, idOrNumber: string, deed: Deed): Promise<TakenBack> {
  checkDeed(deed);
  const { actor, at, reason, office } = deed;
  return store.db.transaction().execute(async (trx) => {
    const patch = await findPatchNamed(trx, idOrNumber);
    if (patch === null) throw new ServiceError('not-found', `There is no patch ${idOrNumber}.`);
    const act = await latestAct(trx, patch.id);
    if (act === null) throw new ServiceError('bad-input', `The patch ${patch.number} was neither split nor merged.`);
    const links = await linksOfAct(trx, act.id);
    const children = await patchesById(trx, [...new Set(links.map(({ childId }) => childId))]);
    const parents = await patchesById(trx, [...new Set(links.map(({ parentId }) => parentId))]);
    const touched = children.filter(({ version }) => version > 1);
    if (touched.length > 0) {
      const got = touched.map(({ number, state }) => `${number} is ${state}`).join(', ');
      throw new ServiceError(
        'bad-input',
        `A ${act.kind} is taken back while nothing was done to what came of it; ${got}.`,
      );
    }
    if (await wasCorrectedSince(trx, act.at)) {
      throw new ServiceError('bad-input', `A correction counts what came of this ${act.kind}; it stands fast since.`);
    }
    const note = reason.trim();
    for (const { id, version } of parents) {
      const step = { subject: 'patch', id, action: 'undo', actor, at, office, payload: { note }, lineage: {} } as const;
      await transitionIn(trx, { ...step, expectedVersion: version });
    }
    for (const { id } of children) {
      const payload = { note, act: act.id };
      const step = { subject: 'patch', id, action: 'withdraw', actor, at, office, payload, lineage: {} } as const;
      await transitionIn(trx, { ...step, expectedVersion: 1 });
    }
    const undone = { id: contentId('undo', act.id), kind: 'undo' as const, undoes: act.id, actor, reason: note };
    await insertLineage(trx, { ...undone, at: at.toISOString(), differenceM2: 0 }, []);
    return { back: parents.map(entered), withdrawn: children.map(entered) };
  });
}

/** The act that stands of all that the patch had a part in; the latest. */
async function latestAct(db: Store['db'], patchId: string) {
  const ids = [...new Set((await lineageAround(db, [patchId])).map(({ actId }) => actId))];
  const acts = await lineageActs(db, ids);
  const undone = new Set(acts.map(({ undoes }) => undoes));
  return acts.findLast(({ id, kind }) => kind !== 'undo' && !undone.has(id)) ?? null;
}

function entered({ id, number, areaM2 }: Entered): Entered {
  return { id, number, areaM2 };
}
