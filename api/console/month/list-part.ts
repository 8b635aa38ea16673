import { html } from 'htm/preact';
import type { PatchItem, StateRow } from '../../server/schemas.ts';
import { word } from '../shell/text.ts';
import { BatchBar } from './batch-bar.ts';
import { type Filter, narrowedBy } from './filter.ts';
import type { PatchList } from './list.ts';
import { type Order, orderNames } from './order.ts';
import { Queue } from './queue.ts';
import type { Selection } from './selection.ts';
import { Sending } from './sending.ts';
import type { StepName } from './triage.ts';
import type { Triage } from './use-triage.ts';
import { say } from './words.ts';

interface ListPartProps {
  list: PatchList;
  filter: Filter;
  states: readonly StateRow[];
  chosen: string | null;
  triage: Triage;
  selection: Selection;
  mayAct: boolean;
  order: Order;
  /** List and counts tell of different moments, and are being loaded again. */
  isApart: boolean;
  onOrder: (order: Order) => void;
  onChoose: (number: string) => void;
  onStep: (step: StepName) => void;
  onUndo: () => void;
  onRefresh: () => void;
  onHelp: () => void;
}

/** The queue with what stands over it and under it. */
export function ListPart(props: ListPartProps) {
  const { list, filter, states, chosen, triage, selection, mayAct, order, onOrder, onChoose, onRefresh } = props;
  const { outbox } = triage;
  const shown = (patch: PatchItem) => outbox.shown(patch);
  const moved = list.patches.filter((patch) => shown(patch).state !== patch.state).length;
  const refused = new Set(outbox.jobs.filter(({ status }) => status === 'refused').map(({ id }) => id));
  const empty = filter.month === '' ? 'nothingYet' : narrowedBy(filter).length > 0 ? 'nothing' : 'nothingMonth';
  return html`
    <section class="list" aria-label=${say('list')}>
      <header>
        <h2>${word('queue')} <span class="faint">${list.loaded && `${list.total} ${word('shown')}`}</span></h2>
        <span class="gap"></span>
        ${props.isApart && html`<span class="faint apart">${say('apart')}</span>`}
        ${moved > 0 && html`<button class="plain moved" title="R" onClick=${onRefresh}>${say('moved', moved)} · ${say('refresh')}</button>`}
        <select name="order" aria-label=${word('sort')} title=${word('sort')} value=${order}
          onChange=${(event: Event) => onOrder((event.target as HTMLSelectElement).value as Order)}>
          ${orderNames.map(([value, name]) => html`<option value=${value}>${word(name)}</option>`)}
        </select>
      </header>
      ${list.failure && html`<${Stale} failure=${list.failure} loaded=${list.loaded} onAgain=${onRefresh} />`}
      <${Queue} patches=${list.patches} total=${list.total} states=${states} chosen=${chosen} picked=${selection.ids} shown=${shown}
        refused=${refused} onChoose=${onChoose} onPick=${selection.pick} onMore=${list.more}
        empty=${list.loaded ? word(empty) : list.failure === null ? word('loading') : ''} />
      <${Sending} jobs=${outbox.jobs} onChoose=${onChoose} onUndo=${props.onUndo} onForget=${() => outbox.forgetSettled()} />
      ${
        selection.ids.size > 0
          ? html`<${BatchBar} count=${selection.ids.size} mayAct=${mayAct} onStep=${props.onStep} onClear=${selection.clear} />`
          : html`<p class="hint faint"><span>${say('listKeys')}</span><button class="plain" aria-label=${say('help')} onClick=${props.onHelp}><kbd>?</kbd></button></p>`
      }
    </section>
  `;
}

function Stale({ failure, loaded, onAgain }: { failure: Error; loaded: boolean; onAgain: () => void }) {
  return html`
    <p class="stale" role="alert">${failure.message} ${loaded && word('stale')}
      <button onClick=${onAgain}>${word('tryAgain')}</button></p>
  `;
}
