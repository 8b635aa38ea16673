import { judgementOf } from '../lifecycle/judgements.ts';
import { project } from '../lifecycle/projection.ts';
import { REASONS } from '../lifecycle/reasons.ts';
import type { Outcome } from '../lifecycle/transition-row.ts';
import { findTransition, stateOf } from '../lifecycle/transitions.ts';
import { GROWN } from '../lineage/seen-again.ts';
import { localDay } from '../local-time.ts';
import type { BatchRow } from '../store/batch-files.ts';
import type { BatchLink } from '../store/batch-links.ts';
import type { EventRow } from '../store/events.ts';
import type { PatchRow } from '../store/patches.ts';

/** What is known of a row today, read off the patch it is linked to. */
export interface RowState {
  /** Null: not matched. */
  patchNumber: string | null;
  state: string | null;
  outcome: Outcome | null;
  /** Code of the latest judgement, or the way it ended without one. */
  judgement: string | null;
  /** m² of the row that are put right, and that are not; of a row that needs nothing both are 0. */
  rectifiedM2: number;
  remainingM2: number;
  /** The reviewers' last word. */
  opinion: string | null;
  note: string | null;
  /** Local day of the last step. */
  date: string | null;
  /** Another department that it was referred to last; `refused` where that said no. */
  department: { name: string; stage: 'asked' | 'accepted' | 'refused' | 'answered' } | null;
  /** True where a judgement stands or it has ended: something can be sent back. */
  answered: boolean;
}

/** States in which what had to be put right has been, and review has ended. */
const CLEARED = ['resolved', 'restored'];
const REVIEW = ['approve', 'return', 'resolve', 'return-closure', 'close', 'close-false-change', 'dismiss'];

export const NOT_MATCHED: RowState = {
  ...{ patchNumber: null, state: null, outcome: null, judgement: null, rectifiedM2: 0, remainingM2: 0 },
  ...{ opinion: null, note: null, date: null, department: null, answered: false },
};

/** Pure. @param events of the patch, oldest first */
export function rowStateOf(row: BatchRow, link: BatchLink, patch: PatchRow, events: readonly EventRow[]): RowState {
  const { outcome } = stateOf('patch', patch.state);
  const judgement = project(events)?.judgement ?? null;
  const ended = outcome === 'dismissed' ? patch.state : null;
  const last = events.at(-1);
  const noted = [...events].reverse().find((event) => noteOf(event) !== null);
  const reviewed = [...events].reverse().find(({ action }) => REVIEW.includes(action));
  const state: RowState = {
    ...{ patchNumber: patch.number, state: patch.state, outcome, judgement: ended ?? judgement },
    ...areasOf(row, link, patch, ended === null ? judgement : null),
    opinion: reviewed === undefined ? null : wordsOf(reviewed),
    note: noted === undefined ? null : noteOf(noted),
    date: last === undefined ? null : localDay(last.at),
    department: departmentOf(events),
    answered: outcome !== 'open' || judgement !== null,
  };
  const beyondM2 = unjudgedM2(row, link);
  return beyondM2 === 0 ? state : partlyKnown(state, beyondM2);
}

/** What of a row reaches so far beyond the patch it grows over that what was said of the patch is not said of it. */
function unjudgedM2({ areaM2 }: BatchRow, { kind, sharedM2 }: BatchLink): number {
  const beyondM2 = kind === 'grows' ? Math.max(0, (areaM2 ?? 0) - sharedM2) : 0;
  return beyondM2 >= GROWN.leastM2 && beyondM2 >= GROWN.share * sharedM2 ? beyondM2 : 0;
}

/** Ground that nobody judged is neither answered nor put right, whatever became of the patch beside it. */
function partlyKnown(state: RowState, beyondM2: number): RowState {
  const said = `另有 ${beyondM2.toFixed(0)} m² 在已知图斑之外，尚未判定`;
  const note = state.note === null ? said : `${said}；${state.note}`;
  const remainingM2 = Math.max(state.remainingM2, beyondM2);
  return { ...state, outcome: 'open', answered: false, remainingM2, note };
}

/** A patch that a row reaches beyond clears no more of the row than it covers. */
function areasOf(row: BatchRow, link: BatchLink, patch: PatchRow, judgement: string | null) {
  if (judgement === null || judgementOf(judgement)?.leadsTo !== 'rectify') return { rectifiedM2: 0, remainingM2: 0 };
  const whole = row.areaM2 ?? 0;
  const covered = link.kind === 'grows' ? Math.min(link.sharedM2, whole) : whole;
  const rectifiedM2 = CLEARED.includes(patch.state) ? covered : 0;
  return { rectifiedM2, remainingM2: whole - rectifiedM2 };
}

function noteOf({ payloadJson }: EventRow): string | null {
  const { note } = JSON.parse(payloadJson) as { note?: unknown };
  return typeof note === 'string' && note.trim() !== '' ? note.trim() : null;
}

/** The step, its reason and what was noted with it. */
function wordsOf(event: EventRow): string {
  const step = findTransition('patch', event.fromState, event.action);
  const reason = step?.reasons && REASONS[step.reasons].find(({ code }) => code === event.reason);
  const words = [step?.label.zh ?? event.action, reason?.label.zh ?? event.reason, noteOf(event)];
  return words.filter((word) => word).join('：');
}

type Department = NonNullable<RowState['department']>;

const STAGES: Readonly<Record<string, Department['stage']>> = {
  accept: 'accepted',
  'report-back': 'answered',
};

function departmentOf(events: readonly EventRow[]): RowState['department'] {
  const start = events.findLastIndex(({ action }) => action === 'refer');
  if (start < 0) return null;
  const department: Department = { name: String(JSON.parse(events[start].payloadJson).department), stage: 'asked' };
  for (const { action, fromState } of events.slice(start + 1)) {
    if (action === 'refuse' && fromState === 'referred') department.stage = 'refused';
    else department.stage = STAGES[action] ?? department.stage;
  }
  return department;
}

/** In Chinese, for whoever gets the file. */
export function judgementWords(code: string): string {
  return judgementOf(code)?.label.zh ?? stateOf('patch', code).label.zh;
}
