import { Families } from '../cycle/families.ts';
import { readFamilies } from '../cycle/read-rows.ts';
import { ServiceError } from '../error.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { contentId } from '../month/evidence.ts';
import { closedMonthNames } from '../store/cycle-months.ts';
import { allPieces, tasksByPatch } from '../store/cycle-rows.ts';
import { insertLineage } from '../store/lineage.ts';
import type { Store } from '../store/open.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { bequestOf, joined } from './bequest.ts';
import { toleranceM2, united } from './cut.ts';
import { type Deed, type Entered, enterSuccessor } from './enter.ts';
import { checkDeed, openParent, type Parent } from './parents.ts';
import { successors } from './successor.ts';

export interface Merging extends Deed {
  /** Numbers or ids, two at least. */
  patches: readonly string[];
}

export interface MergeResult {
  actId: string;
  parents: Entered[];
  merged: Entered;
  /** What the common outline measured more or less than the sum, m². */
  differenceM2: number;
}

/**
 * 合并: makes one patch of several open ones that are at the same step, with a number, an outline, overlaps and an
 * opinion of its own. It takes over their state, the earliest due date, their judgement, all their cases and the sums of
 * what was measured; its area is the sum of theirs. All of it in one transaction.
 * @throws ServiceError not-found; bad-input: they have ended, differ in what must be alike, or lie in a closed month
 */
export async function mergePatches(store: Store, merging: Merging): Promise<MergeResult> {
  checkDeed(merging);
  const parents = await alike(store, merging.patches);
  const sum = (areas: readonly number[]) => areas.reduce((all, area) => all + Math.round(area * 100), 0) / 100;
  const areaM2 = sum(parents.map(({ patch }) => patch.areaM2));
  const geometry = united(parents.map(({ detection }) => fromGeoJson(JSON.parse(detection.geometryJson))));
  const differenceM2 = Math.round((prepareShape(geometry).totalM2 - areaM2) * 100) / 100;
  const most = toleranceM2(areaM2);
  if (Math.abs(differenceM2) > most) {
    const got = `it measures ${differenceM2.toFixed(2)} m² more, where at most ${most.toFixed(2)} m² is made good`;
    throw new ServiceError('bad-input', `The merged patch has the ${areaM2.toFixed(2)} m² of its parts; ${got}.`);
  }
  const { actor, at, reason, office } = merging;
  const actId = contentId('merge', parents.map(({ patch }) => [patch.id, patch.version + 1]).sort());
  const origin = { kind: 'merge' as const, actId, index: 0, parents };
  const [made] = await successors(store, [{ geometry, areaM2 }], [origin], at);
  const rows = await readFamilies(
    store.db,
    parents.map(({ patch }) => patch.id),
    at,
  );
  const breaches = parents.map(({ patch }) => rows.find(({ patchId }) => patchId === patch.id)?.violationM2 ?? 0);
  const bequest = joined(
    parents.map(({ log, projection }) => bequestOf(log, projection)),
    breaches,
  );
  return store.db.transaction().execute(async (trx) => {
    const payload = { note: reason.trim(), act: actId, into: [made.patchId] };
    for (const { patch } of parents) {
      const step = {
        subject: 'patch',
        id: patch.id,
        action: 'merge',
        actor,
        at,
        office,
        payload,
        lineage: {},
      } as const;
      await transitionIn(trx, { ...step, expectedVersion: patch.version });
    }
    const patches = parents.map(({ patch }) => patch);
    const merged = await enterSuccessor(trx, made, patches, bequest, merging);
    const act = { id: actId, kind: 'merge' as const, undoes: null, actor, reason: payload.note, at: at.toISOString() };
    const links = patches.map(({ id, areaM2 }) => ({ actId, parentId: id, childId: merged.id, areaM2: sum([areaM2]) }));
    await insertLineage(trx, { ...act, differenceM2 }, links);
    return { actId, parents: patches.map(({ id, number, areaM2 }) => ({ id, number, areaM2 })), merged, differenceM2 };
  });
}

/** The patches, largest first, alike in all that one patch can have but once. */
async function alike(store: Store, names: readonly string[]): Promise<Parent[]> {
  const parents: Parent[] = [];
  for (const name of names) {
    const parent = await openParent(store, name);
    if (!parents.some(({ patch }) => patch.id === parent.patch.id)) parents.push(parent);
  }
  if (parents.length < 2)
    throw new ServiceError('bad-input', `Two patches at least are merged; got ${parents.length}.`);
  parents.sort((a, b) => b.patch.areaM2 - a.patch.areaM2 || (a.patch.number < b.patch.number ? -1 : 1));
  const sent = await monthsSent(store, parents);
  const traits: [what: string, of: (parent: Parent) => string][] = [
    ['district', ({ patch }) => patch.district],
    ['month found', ({ patch }) => patch.month],
    ['month of issue', ({ patch }) => sent.get(patch.id) ?? 'not issued'],
    ['state', ({ patch }) => patch.state],
    ['judgement', ({ projection }) => projection.judgement ?? 'none'],
    ['clock', ({ projection }) => (projection.stopped === null ? 'running' : 'stopped')],
  ];
  for (const [what, of] of traits) {
    if (new Set(parents.map(of)).size === 1) continue;
    const got = parents.map((parent) => `${parent.patch.number} ${of(parent)}`).join(', ');
    throw new ServiceError('bad-input', `Patches that are merged have one ${what}; got ${got}.`);
  }
  const closed = new Set(await closedMonthNames(store.db));
  const [first] = parents;
  const month = [sent.get(first.patch.id), first.patch.month].find((one) => one !== undefined && closed.has(one));
  if (month === undefined) return parents;
  throw new ServiceError('bad-input', `Patches of a closed month stand in its record apart; ${month} is closed.`);
}

/** In which month the family of each patch was first sent down as a task; those that never were are left out. */
async function monthsSent({ db }: Store, parents: readonly Parent[]): Promise<Map<string, string>> {
  const families = new Families(await allPieces(db));
  const sent = new Map<string, string>();
  for (const { patch } of parents) {
    const root = families.rootOf(patch.id);
    const kin = families.members().filter((id) => families.rootOf(id) === root);
    const tasks = [...(await tasksByPatch(db, [...new Set([patch.id, ...kin])])).values()].flat();
    const [month] = tasks.map((task) => task.month).sort();
    if (month !== undefined) sent.set(patch.id, month);
  }
  return sent;
}
