import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { numberParts } from '../shell/format.ts';
import { getJson, Refusal } from '../shell/server.ts';
import { StateLabel } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { ChipView } from './chip-view.ts';
import { Dossier } from './dossier.ts';
import { Evidence } from './evidence.ts';
import { Facts } from './facts.ts';
import { History } from './history.ts';
import { Opinion } from './opinion.ts';
import { Overlaps } from './overlaps.ts';
import { Steps } from './steps.ts';

interface PatchPanelProps {
  number: string;
  lifecycle: Lifecycle;
  /** Whether the bearer's key may move patches on. */
  mayAct: boolean;
  /** Counts what was done to the patch outside the panel: it is read again with each. */
  edition?: number;
  onStep: (by: number) => void;
  onMoved: (patch: PatchDetail, said: string) => void;
  onFailed: (error: Error) => void;
}

/** One patch: its two pictures, what it lies on, how it is known, what was done and what can be done. */
export function PatchPanel({ number, lifecycle, mayAct, edition = 0, onStep, onMoved, onFailed }: PatchPanelProps) {
  const [patch, setPatch] = useState<PatchDetail | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const load = (signal?: AbortSignal) =>
    getJson<PatchDetail>(`patches/${encodeURIComponent(number)}`, signal).then(setPatch, (error: Error) => {
      if (error.name !== 'AbortError') setFailure(error);
    });
  const again = () => {
    setFailure(null);
    void load();
  };
  useEffect(() => {
    const loading = new AbortController();
    void load(loading.signal);
    return () => loading.abort();
  }, [number, edition]);
  if (failure !== null)
    return html`<section class="patch"><${Failure} failure=${failure} number=${number} onAgain=${again} /></section>`;
  if (patch === null) return html`<section class="patch"><p class="empty">${word('loading')}</p></section>`;
  const [district, month, sequence] = numberParts(patch.number);
  const moved = (next: PatchDetail, said: string) => {
    setPatch(next);
    onMoved(next, said);
  };
  const stepFailed = (error: Error) => {
    onFailed(error);
    void load();
  };
  return html`
    <section class="patch" aria-label=${patch.number}>
      <div class="title">
        <h2 class="number mono"><span>${district} ${month}</span> ${sequence}</h2>
        <${StateLabel} name=${patch.state} states=${lifecycle.states.patch} />
        <span class="faint">${patch.districtName}</span>
        <span class="gap"></span>
        <button class="plain" onClick=${() => onStep(-1)} title="K" aria-label=${word('previous')}>↑</button>
        <button class="plain" onClick=${() => onStep(1)} title="J" aria-label=${word('next')}>↓</button>
      </div>
      <div class="body">
        <div class="look">
          <${ChipView} key=${patch.id} patch=${patch} />
          <${Facts} patch=${patch} states=${lifecycle.states.patch} />
          <p class="caption faint">${word('pictureLegend')}</p>
        </div>
        <${Opinion} patch=${patch} />
        <${Overlaps} overlaps=${patch.overlaps} />
        <${Dossier} patch=${patch} states=${lifecycle.states.patch} onFailed=${onFailed} />
        <${History} history=${patch.history} lifecycle=${lifecycle} />
        <${Evidence} patch=${patch} />
      </div>
      <${Steps} key=${`${patch.id} ${patch.version}`} patch=${patch} lifecycle=${lifecycle} mayAct=${mayAct}
        onMoved=${moved} onFailed=${stepFailed} />
    </section>
  `;
}

function Failure({ failure, number, onAgain }: { failure: Error; number: string; onAgain: () => void }) {
  const unknown = failure instanceof Refusal && failure.status === 404;
  return html`
    <div class="empty">
      <p>${unknown ? `${word('noPatch')}: ${number}` : failure.message}</p>
      ${!unknown && html`<button onClick=${onAgain}>${word('tryAgain')}</button>`}
    </div>
  `;
}
