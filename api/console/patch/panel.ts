import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { numberParts } from '../shell/format.ts';
import { getJson, Refusal } from '../shell/server.ts';
import { StateLabel } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { Compare, type Slots, usualSlots } from './compare.ts';
import { Curve } from './curve.ts';
import { Dossier } from './dossier.ts';
import { Evidence } from './evidence.ts';
import { Facts } from './facts.ts';
import { useFull } from './full.ts';
import { History, stepName } from './history.ts';
import { keepPatch, keptPatch, pathsOfPatch } from './kept.ts';
import { Lead } from './lead.ts';
import { Opinion } from './opinion.ts';
import { Overlaps } from './overlaps.ts';
import { Steps } from './steps.ts';
import { Strip } from './strip.ts';
import { useStrip } from './strip-data.ts';
import { say } from './words.ts';

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

/** One patch: its pictures on all dates, what it lies on, how it is known, what was done and what can be done. */
export function PatchPanel(props: PatchPanelProps) {
  const { number, lifecycle, mayAct, edition = 0, onStep, onMoved, onFailed } = props;
  const [patch, setPatch] = useState<PatchDetail | null>(() => keptPatch(number));
  const [failure, setFailure] = useState<Error | null>(null);
  const [full, turn] = useFull();
  const take = (loaded: PatchDetail) => {
    keepPatch(loaded);
    setPatch(loaded);
  };
  const load = (signal?: AbortSignal) =>
    getJson<PatchDetail>(pathsOfPatch(number)[0], signal).then(take, (error: Error) => {
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
  const whole = (inside: unknown) =>
    html`<section class=${full ? 'patch full' : 'patch'} aria-label=${number}>${inside}</section>`;
  if (failure !== null) return whole(html`<${Failure} failure=${failure} number=${number} onAgain=${again} />`);
  if (patch === null) return whole(html`<p class="empty">${word('loading')}</p>`);
  const moved = (next: PatchDetail, said: string) => {
    take(next);
    onMoved(next, said);
  };
  const stepFailed = (error: Error) => {
    onFailed(error);
    void load();
  };
  return whole(html`
    <${Title} patch=${patch} states=${lifecycle.states.patch} full=${full} onFull=${turn} onStep=${onStep} />
    <${Body} key=${patch.id} patch=${patch} lifecycle=${lifecycle} full=${full} onFailed=${onFailed} />
    <${Steps} key=${`${patch.id} ${patch.version}`} patch=${patch} lifecycle=${lifecycle} mayAct=${mayAct}
      onMoved=${moved} onFailed=${stepFailed} />
  `);
}

interface TitleProps extends Pick<PatchPanelProps, 'onStep'> {
  patch: PatchDetail;
  states: Lifecycle['states']['patch'];
  full: boolean;
  onFull: () => void;
}

function Title({ patch, states, full, onFull, onStep }: TitleProps) {
  const [district, month, sequence] = numberParts(patch.number);
  const fullName = say(full ? 'notFull' : 'full');
  return html`
    <div class="title">
      <h2 class="number mono"><span>${district} ${month}</span> ${sequence}</h2>
      <${StateLabel} name=${patch.state} states=${states} />
      <span class="faint">${patch.districtName}</span>
      <span class="gap"></span>
      <button class="plain" onClick=${onFull} title=${fullName} aria-label=${fullName} aria-pressed=${full}>${full ? '⤡' : '⤢'}</button>
      <button class="plain" onClick=${() => onStep(-1)} title="K" aria-label=${word('previous')}>↑</button>
      <button class="plain" onClick=${() => onStep(1)} title="J" aria-label=${word('next')}>↓</button>
    </div>
  `;
}

interface BodyProps extends Pick<PatchPanelProps, 'lifecycle' | 'onFailed'> {
  patch: PatchDetail;
  full: boolean;
}

/** What is seen, then what is said of it; on the whole page beside each other. */
function Body({ patch, lifecycle, full, onFailed }: BodyProps) {
  const [slots, setSlots] = useState<Slots>(usualSlots);
  const [strip, showPage] = useStrip(patch, setSlots);
  const states = lifecycle.states.patch;
  return html`
    <div class="body">
      <div class="seen">
        <div class="look">
          <${Compare} patch=${patch} strip=${strip} slots=${slots} full=${full} />
          <${Facts} patch=${patch} states=${states} />
          <p class="caption faint">${word('pictureLegend')}</p>
        </div>
        ${strip !== null && html`<${Strip} patch=${patch} strip=${strip} slots=${slots} onSlots=${setSlots} onPage=${showPage} />`}
        ${strip !== null && html`<${Curve} patch=${patch} stepName=${(event: PatchDetail['history'][number]) => stepName(event, lifecycle)} />`}
      </div>
      <div class="told-of">
        <${Lead} history=${patch.history} />
        <${Opinion} patch=${patch} />
        <${Overlaps} overlaps=${patch.overlaps} />
        <${Dossier} patch=${patch} states=${states} onFailed=${onFailed} />
        <${History} history=${patch.history} lifecycle=${lifecycle} />
        <${Evidence} patch=${patch} />
      </div>
    </div>
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
