import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Lifecycle, PatchDetail, PatchItem } from '../../server/schemas.ts';
import { label } from '../shell/text.ts';
import type { Notice } from '../shell/toast.ts';
import { forgetAhead } from './ahead.ts';
import { type Job, Outbox } from './outbox.ts';
import { refusalText } from './sending.ts';
import { Doings, type StepName, serverPost } from './triage.ts';
import { say } from './words.ts';

export interface Triage {
  outbox: Outbox;
  /** Which step's sheet is open. */
  asking: StepName | null;
  lastReason: string | null;
  ask: (step: StepName) => void;
  leave: () => void;
  /** Takes the step with the patches; false where none of them is in a state for it. */
  take: (step: StepName, patches: readonly PatchItem[], inputOf: (patch: PatchItem) => object) => boolean;
  /** Takes back what was done last; the patch that it was done to, where it was one. */
  undo: (chosen: PatchItem | null) => string | null;
  /** The panel moved a patch on by itself. */
  moved: (patch: PatchDetail) => void;
}

const reasonSlot = 'tuban.reason';

/** What is done with the keys of the list, shown at once and sent behind; `onSettled` once the server has it all. */
export function useTriage(lifecycle: Lifecycle, onNotice: (notice: Notice) => void, onSettled: () => void): Triage {
  const [, redraw] = useState(0);
  const [asking, setAsking] = useState<StepName | null>(null);
  const [lastReason, setLastReason] = useState(sessionStorage.getItem(reasonSlot));
  const told = useRef(new Set<Job>());
  const latest = useRef({ onNotice, onSettled });
  latest.current = { onNotice, onSettled };
  const [outbox, doings] = useMemo(() => {
    const box: Outbox = new Outbox(serverPost(), () => redraw((count) => count + 1));
    return [box, new Doings(box)];
  }, []);
  const open = outbox.open().length;
  useEffect(() => {
    const job = outbox.jobs.find((one) => one.status === 'refused' && !one.ofMany && !told.current.has(one));
    if (job === undefined) return;
    told.current.add(job);
    onNotice({ text: `${job.number.slice(-4)} · ${refusalText(job)}`, bad: true });
  });
  useEffect(() => {
    if (open > 0 || outbox.changes === 0) return undefined;
    const settled = setTimeout(() => latest.current.onSettled(), 300);
    return () => clearTimeout(settled);
  }, [open, outbox.changes]);
  useLeaveWarning(open > 0);
  return {
    outbox,
    asking,
    lastReason,
    ask: setAsking,
    leave: () => setAsking(null),
    take(step, patches, inputOf) {
      setAsking(null);
      if (outbox.open().length === 0) outbox.forgetSettled();
      const jobs = doings.take(patches, step, lifecycle, inputOf);
      const { reason } = (patches.length > 0 ? inputOf(patches[0]) : {}) as { reason?: string };
      if (reason !== undefined) {
        sessionStorage.setItem(reasonSlot, reason);
        setLastReason(reason);
      }
      if (jobs.length === 0) onNotice({ text: say(patches.length > 1 ? 'noneDoable' : 'notPossible'), bad: true });
      return jobs.length > 0;
    },
    undo(chosen) {
      const jobs = doings.undo();
      if (jobs.length === 0 && chosen !== null) outbox.add(chosen, 'undo', outbox.shown(chosen).state, {});
      else if (jobs.length === 0) onNotice({ text: say('nothingToUndo'), bad: true });
      else onNotice({ text: undoneText(jobs, lifecycle), bad: false });
      return jobs.length === 1 ? jobs[0].number : null;
    },
    moved(patch) {
      forgetAhead(patch.number);
      outbox.learn(patch);
    },
  };
}

function undoneText(jobs: Job[], lifecycle: Lifecycle): string {
  const row = lifecycle.transitions.patch.find(({ action }) => action === jobs[0].action);
  const which = jobs.length === 1 ? jobs[0].number.slice(-4) : say('forMany', jobs.length);
  return `${say('undone')} · ${which}${row ? ` · ${label(row.label)}` : ''}`;
}

/** The browser asks before the page is left while something is on its way. */
function useLeaveWarning(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const warn = (event: Event) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isOpen]);
}
