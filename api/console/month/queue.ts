import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PatchItem, StateRow } from '../../server/schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { areaText, dayText, dueText, muText, numberParts } from '../shell/format.ts';
import { gravestFirst, layerName, typeName } from '../shell/names.ts';
import { StateLabel } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';

interface QueueProps {
  patches: PatchItem[];
  states: readonly StateRow[];
  chosen: string | null;
  empty: string;
  onChoose: (number: string) => void;
}

/** The list of patches; the chosen one is kept in sight. */
export function Queue({ patches, states, chosen, empty, onChoose }: QueueProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, patches]);
  if (patches.length === 0) return html`<p class="empty">${empty}</p>`;
  const now = workspaceNow();
  return html`
    <ul class="queue" role="listbox" aria-label=${word('queue')} tabindex="0" ref=${list}>
      ${patches.map(
        (patch) => html`<${QueueRow} key=${patch.id} patch=${patch} states=${states} now=${now}
          chosen=${patch.number === chosen} onChoose=${onChoose} />`,
      )}
    </ul>
  `;
}

interface QueueRowProps {
  patch: PatchItem;
  states: readonly StateRow[];
  now: number;
  chosen: boolean;
  onChoose: (number: string) => void;
}

function QueueRow({ patch, states, now, chosen, onChoose }: QueueRowProps) {
  const [district, month, sequence] = numberParts(patch.number);
  return html`
    <li role="option" aria-selected=${chosen} onClick=${() => onChoose(patch.number)}>
      <span class="name">
        <span class="number mono"><span>${district} ${month}</span> ${sequence}</span>
        <${StateLabel} name=${patch.state} states=${states} />
      </span>
      <${Due} dueAt=${patch.dueAt} now=${now} />
      <span class="what">
        <span>${patch.districtName} · ${typeName(patch.type)}</span>
        ${gravestFirst(patch.layers).map((layer) => html`<span class=${`tag ${layer}`}>${layerName(layer)}</span>`)}
      </span>
      <span class="size">${areaText(patch.areaM2)} m² <span class="faint">${muText(patch.areaM2)} ${word('mu')}</span></span>
    </li>
  `;
}

function Due({ dueAt, now }: { dueAt: string | null; now: number }) {
  if (dueAt === null) return html`<span class="due"></span>`;
  const { late, text } = dueText(dueAt, now);
  return html`<span class=${late ? 'due late' : 'due faint'} title=${`${dayText(dueAt)} ${text}`}>${text}</span>`;
}
