import { judgementOf } from '../lifecycle/judgements.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { patchesById } from '../store/batch-links.ts';
import { lineageAround } from '../store/lineage.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import type { RowState } from './row-state.ts';

/** Whether others stand for the patch: it was split or merged. */
export function isReplaced({ state }: Pick<PatchRow, 'state'>): boolean {
  return stateOf('patch', state).outcome === 'replaced';
}

/** The patches that stand today for one that was split or merged, through further splits and merges, in order of number. */
export async function heirsOf(db: Store['db'], patchId: string): Promise<PatchRow[]> {
  const heirs = new Map<string, PatchRow>();
  const seen = new Set<string>();
  for (let waiting = [patchId]; waiting.length > 0; ) {
    for (const id of waiting) seen.add(id);
    const links = (await lineageAround(db, waiting)).filter(({ parentId }) => waiting.includes(parentId));
    const children = [...new Set(links.map(({ childId }) => childId))].filter((id) => !seen.has(id));
    const patches = [...(await patchesById(db, children)).values()];
    for (const patch of patches) if (!isReplaced(patch)) heirs.set(patch.id, patch);
    // Those that were taken back are replaced, too, and nothing came of them.
    waiting = patches.filter(isReplaced).map(({ id }) => id);
  }
  return [...heirs.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
}

/**
 * What the pieces of a row's patch say together: it is answered when each is, open while one is, and put right by the
 * share that the cleared pieces have of their area. Pure.
 * @param states of the pieces, as if each were the row's; @param areasM2 of the pieces
 */
export function combinedState(number: string, states: readonly RowState[], areasM2: readonly number[]): RowState {
  const [first] = states;
  if (states.length === 1) return first;
  const wholeM2 = areasM2.reduce((sum, area) => sum + area, 0);
  const shared = (figure: 'rectifiedM2' | 'remainingM2') =>
    states.reduce((sum, state, i) => sum + (state[figure] * areasM2[i]) / wholeM2, 0);
  const outcomes = states.map(({ outcome }) => outcome);
  const open = states.find(({ outcome }) => outcome === 'open');
  const gravest = states.find(({ judgement }) => judgementOf(judgement ?? '')?.leadsTo === 'rectify') ?? first;
  const words = (name: 'opinion' | 'note') =>
    [...new Set(states.map((state) => state[name]))].filter((text) => text !== null);
  const opinions = words('opinion');
  const notes = words('note');
  return {
    patchNumber: number,
    state: (open ?? gravest).state,
    outcome: open ? 'open' : outcomes.includes('resolved') ? 'resolved' : first.outcome,
    judgement: gravest.judgement,
    rectifiedM2: shared('rectifiedM2'),
    remainingM2: shared('remainingM2'),
    opinion: opinions.length > 0 ? opinions.join('；') : null,
    note: notes.length > 0 ? notes.join('；') : null,
    date: states.map(({ date }) => date).reduce((latest, date) => ((date ?? '') > (latest ?? '') ? date : latest)),
    department: states.find(({ department }) => department !== null)?.department ?? null,
    answered: states.every(({ answered }) => answered),
  };
}
