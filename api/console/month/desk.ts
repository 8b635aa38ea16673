import { html } from 'htm/preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import { PatchPanel } from '../patch/panel.ts';
import type { PageProps } from '../shell/page.ts';
import { Refusal } from '../shell/server.ts';
import { word } from '../shell/text.ts';
import { type Notice, Toast } from '../shell/toast.ts';
import { useDeskData } from './desk-data.ts';
import { type Filter, filterFromAddress, isNarrowed, patchFromAddress, showInAddress } from './filter.ts';
import { Filters } from './filters.ts';
import { OverviewMap } from './map.ts';
import { inOrder, type Order } from './order.ts';
import { Queue } from './queue.ts';
import { MonthRun } from './run-summary.ts';
import { MonthTable } from './table.ts';

/** One month: its table and map, the queue, and the patch that is being looked at. */
export function Desk({ workspace, lifecycle, month }: PageProps) {
  const [filter, setFilter] = useState<Filter>({ ...filterFromAddress(), month });
  const [chosen, setChosen] = useState<string | null>(patchFromAddress());
  const [notice, setNotice] = useState<Notice | null>(null);
  const failed = (error: Error) => setNotice(noticeOf(error));
  const [order, setOrder] = useState<Order>('number');
  const data = useDeskData(filter);
  const patches = useMemo(() => inOrder(data.page?.patches ?? [], order), [data.page, order]);
  const narrowed = useRef(false);
  const change = (changed: Partial<Filter>) => {
    narrowed.current = true;
    setFilter((before) => ({ ...before, ...changed }));
  };
  useEffect(() => {
    if (month === filter.month) return;
    change({ month });
    setChosen(null);
  }, [month]);
  useEffect(() => showInAddress(filter, chosen), [filter, chosen]);
  // Nobody should meet an empty panel, nor one that the filter leaves out: the first of the list stands there
  // instead. A patch that was moved on stays, though it may no longer be in the list.
  useEffect(() => {
    if (data.page === null || (patches.length > 0 && patches[0].month !== filter.month)) return;
    const gone = narrowed.current && !patches.some((patch) => patch.number === chosen);
    narrowed.current = false;
    if (chosen === null || gone) setChosen(patches[0]?.number ?? null);
  }, [data.page]);

  const step = (by: number) => {
    const place = patches.findIndex((patch) => patch.number === chosen);
    const next = patches[place < 0 ? 0 : Math.min(patches.length - 1, Math.max(0, place + by))];
    if (next) setChosen(next.number);
  };
  useStepKeys(step);
  const moved = (patch: PatchDetail, said: string) => {
    setNotice({ text: `${patch.number.slice(-4)} · ${said}`, bad: false });
    data.refresh();
  };
  const states = lifecycle.states.patch;
  const count = data.page === null ? '' : `${data.page.total} ${word('shown')}`;
  const empty = month === '' ? 'nothingYet' : isNarrowed(filter) ? 'nothing' : 'nothingMonth';
  return html`
    <main class="desk">
      <aside>
        ${data.table && html`<${MonthTable} table=${data.table} district=${filter.district} onDistrict=${(district: string) => change({ district })} />`}
        <${OverviewMap} districts=${data.districts} redLines=${data.redLines} patches=${patches} states=${states}
          district=${filter.district} chosen=${chosen} onChoose=${setChosen} />
        ${data.run && html`<${MonthRun} summary=${data.run} />`}
      </aside>
      <section class="list">
        <h2>${word('queue')} <span class="faint">${count}</span></h2>
        ${data.failure && html`<${Stale} failure=${data.failure} loaded=${data.page !== null} onAgain=${data.refresh} />`}
        <${Filters} filter=${filter} districts=${data.table?.rows ?? []} states=${states} types=${data.types}
          layers=${data.layers} order=${order} onFilter=${change} onOrder=${setOrder} />
        <${Queue} patches=${patches} states=${states} chosen=${chosen} onChoose=${setChosen}
          empty=${data.page !== null ? word(empty) : data.failure === null ? word('loading') : ''} />
        <p class="hint faint">${word('keys')}</p>
      </section>
      ${
        chosen === null
          ? html`<section class="patch"><p class="empty">${patches.length > 0 && word('choosePatch')}</p></section>`
          : html`<${PatchPanel} key=${chosen} number=${chosen} lifecycle=${lifecycle} onStep=${step}
              mayAct=${workspace.access.role !== 'viewer'} onMoved=${moved} onFailed=${failed} />`
      }
    </main>
    <${Toast} notice=${notice} onGone=${() => setNotice(null)} />
  `;
}

function Stale({ failure, loaded, onAgain }: { failure: Error; loaded: boolean; onAgain: () => void }) {
  return html`
    <p class="stale" role="alert">${failure.message} ${loaded && word('stale')}
      <button onClick=${onAgain}>${word('tryAgain')}</button></p>
  `;
}

/** J and K (or the arrows) go through the list wherever the focus is, except while writing. */
function useStepKeys(step: (by: number) => void): void {
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest('input, select, textarea')) return;
      event.preventDefault();
      latest.current(by);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function noticeOf(error: Error): Notice {
  const stale = error instanceof Refusal && error.code === 'precondition-failed';
  return { text: stale ? word('conflict') : `${word('failed')}: ${error.message}`, bad: true };
}
