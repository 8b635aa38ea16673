import { html } from 'htm/preact';
import type { PatchItem, StateRow } from '../../server/schemas.ts';
import { areaText, dayText, dueText, muText, numberParts } from '../shell/format.ts';
import { gravestFirst, layerName, typeName } from '../shell/names.ts';
import { StateLabel } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { say } from './words.ts';

/** Every row is as high: what is in sight is reckoned, not measured. */
export const rowPx = 54;

/** There is room for so many beside the type. */
const mostTags = 2;

interface QueueRowProps {
  patch: PatchItem;
  states: readonly StateRow[];
  now: number;
  place: number;
  total: number;
  chosen: boolean;
  picked: boolean;
  /** Whether any is selected: then every row shows its box. */
  picking: boolean;
  /** Whether it was moved on since the list was loaded. */
  done: boolean;
  refused: boolean;
  onChoose: (number: string) => void;
  onPick: (patch: PatchItem, extend: boolean) => void;
}

export function QueueRow(props: QueueRowProps) {
  const { patch, states, now, chosen, picked, onChoose, onPick } = props;
  const [district, month, sequence] = numberParts(patch.number);
  const pick = (event: MouseEvent) => {
    event.stopPropagation();
    onPick(patch, event.shiftKey);
  };
  const press = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) pick(event);
    else onChoose(patch.number);
  };
  const marks = `row ${props.done ? 'done-here' : ''} ${props.refused ? 'refused' : ''} ${props.picking ? 'picking' : ''}`;
  return html`
    <div class=${marks} role="option" id=${`row-${patch.number}`} aria-selected=${chosen || picked} aria-current=${chosen}
      aria-posinset=${props.place} aria-setsize=${props.total} onClick=${press}>
      <span class=${picked ? 'tick on' : 'tick'} title=${`${say('select')} (X)`} onClick=${pick}></span>
      <span class="name">
        <span class="number mono"><span>${district} ${month}</span> ${sequence}</span>
        <${StateLabel} name=${patch.state} states=${states} />
      </span>
      <span class="what">
        <span class="type">${typeName(patch.type)}</span>
        ${gravestFirst(patch.layers)
          .slice(0, mostTags)
          .map((layer) => html`<span class=${`tag ${layer}`}>${layerName(layer)}</span>`)}
        <span class="faint place">${patch.districtName}</span>
      </span>
      <span class="size" title=${`${areaText(patch.areaM2)} m²`}>${muText(patch.areaM2)} <span class="faint">${word('mu')}</span></span>
      <${Due} dueAt=${patch.dueAt} now=${now} />
    </div>
  `;
}

function Due({ dueAt, now }: { dueAt: string | null; now: number }) {
  if (dueAt === null) return html`<span class="due"></span>`;
  const { late, text } = dueText(dueAt, now);
  return html`<span class=${late ? 'due late' : 'due faint'} title=${`${dayText(dueAt)} ${text}`}>${text}</span>`;
}
