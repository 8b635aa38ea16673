import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PatchItem, StateRow } from '../../server/schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { QueueRow, rowPx } from './queue-row.ts';
import { say } from './words.ts';

interface QueueProps {
  patches: PatchItem[];
  /** How many there are on the server, beyond those that are loaded. */
  total: number;
  states: readonly StateRow[];
  chosen: string | null;
  picked: ReadonlySet<string>;
  empty: string;
  /** The patch as it is shown, after what was done to it. */
  shown: (patch: PatchItem) => PatchItem;
  /** Ids of patches of which a step was refused. */
  refused: ReadonlySet<string>;
  onChoose: (number: string) => void;
  onPick: (patch: PatchItem, extend: boolean) => void;
  onMore: () => void;
}

/** Rows beyond the edge that are drawn, so that a quick hand sees no gap. */
const spareRows = 6;

/** The list of patches. Only rows in sight are drawn, however many there are; the chosen one is kept in sight. */
export function Queue(props: QueueProps) {
  const { patches, total, chosen, picked, empty, onMore } = props;
  const list = useRef<HTMLDivElement>(null);
  const [top, height] = useWindow(list);
  const place = patches.findIndex((patch) => patch.number === chosen);
  useLayoutEffect(() => keepInSight(list.current, place), [chosen, place]);
  const from = Math.max(0, Math.floor(top / rowPx) - spareRows);
  const to = Math.min(patches.length, Math.ceil((top + height) / rowPx) + spareRows);
  const atEnd = to + 40 >= patches.length && patches.length < total;
  useEffect(() => {
    if (atEnd) onMore();
  }, [atEnd, patches.length]);
  if (patches.length === 0) return html`<p class="empty">${empty}</p>`;
  const now = workspaceNow();
  return html`
    <div class="queue" role="listbox" aria-label=${say('list')} aria-multiselectable="true" tabindex="0" ref=${list}
      aria-activedescendant=${place >= from && place < to ? `row-${chosen}` : undefined}>
      <div role="presentation" style=${{ height: `${patches.length * rowPx}px`, paddingTop: `${from * rowPx}px` }}>
        ${patches.slice(from, to).map((patch, index) => {
          const seen = props.shown(patch);
          return html`<${QueueRow} key=${patch.id} patch=${seen} states=${props.states} now=${now} place=${from + index + 1}
            total=${total} chosen=${patch.number === chosen} picked=${picked.has(patch.id)} picking=${picked.size > 0}
            done=${seen.state !== patch.state} refused=${props.refused.has(patch.id)}
            onChoose=${props.onChoose} onPick=${props.onPick} />`;
        })}
      </div>
    </div>
  `;
}

/** How far the list is scrolled and how much of it is seen, px. */
function useWindow(list: { current: HTMLElement | null }): [top: number, height: number] {
  const [seen, setSeen] = useState<[number, number]>([0, 800]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const look = () => setSeen([element.scrollTop, element.clientHeight]);
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list.current === null]);
  return seen;
}

function keepInSight(list: HTMLElement | null, place: number): void {
  if (list === null || place < 0) return;
  const [start, end] = [place * rowPx, (place + 1) * rowPx];
  if (start < list.scrollTop) list.scrollTop = start;
  else if (end > list.scrollTop + list.clientHeight) list.scrollTop = end - list.clientHeight;
}
