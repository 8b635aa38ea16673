import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lifecycle, PatchDetail } from '../server/schemas.ts';
import { ChipView } from './chip-view.ts';
import { Evidence } from './evidence.ts';
import { Facts } from './facts.ts';
import { numberParts } from './format.ts';
import { History } from './history.ts';
import { typeName } from './names.ts';
import { Overlaps } from './overlaps.ts';
import { getJson } from './server.ts';
import { StateLabel } from './state-label.ts';
import { Steps } from './steps.ts';
import { word } from './text.ts';

interface PatchPanelProps {
  number: string;
  lifecycle: Lifecycle;
  /** Whether the bearer's key may move patches on. */
  mayAct: boolean;
  onStep: (by: number) => void;
  onMoved: (patch: PatchDetail, said: string) => void;
  onFailed: (error: Error) => void;
}

/** One patch: its two pictures, what it lies on, how it is known, what was done and what can be done. */
export function PatchPanel({ number, lifecycle, mayAct, onStep, onMoved, onFailed }: PatchPanelProps) {
  const [patch, setPatch] = useState<PatchDetail | null>(null);
  const load = (signal?: AbortSignal) =>
    getJson<PatchDetail>(`patches/${encodeURIComponent(number)}`, signal).then(setPatch, (error: Error) => {
      if (error.name !== 'AbortError') onFailed(error);
    });
  useEffect(() => {
    const loading = new AbortController();
    void load(loading.signal);
    return () => loading.abort();
  }, [number]);
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
        <span class="faint">${patch.districtName} · ${typeName(patch.type)} <span class="mono">${tblxOf(patch)}</span></span>
        <span class="gap"></span>
        <button class="plain" onClick=${() => onStep(-1)} title="K" aria-label=${word('previous')}>↑</button>
        <button class="plain" onClick=${() => onStep(1)} title="J" aria-label=${word('next')}>↓</button>
      </div>
      <div class="body">
        <div class="look">
          <${ChipView} key=${patch.id} patch=${patch} />
          <${Facts} patch=${patch} states=${lifecycle.states.patch} />
        </div>
        <${Overlaps} overlaps=${patch.overlaps} />
        <${History} history=${patch.history} lifecycle=${lifecycle} />
        <${Evidence} patch=${patch} />
      </div>
      <${Steps} key=${`${patch.id} ${patch.version}`} patch=${patch} lifecycle=${lifecycle} mayAct=${mayAct}
        onMoved=${moved} onFailed=${stepFailed} />
    </section>
  `;
}

/** The exchange code of the change type, where the finding carries one. */
function tblxOf({ detection }: PatchDetail): string {
  const code = detection.evidence['tblx'];
  return typeof code === 'string' ? code : '';
}
