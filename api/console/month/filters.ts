import { html } from 'htm/preact';
import type { MonthRow, StateRow } from '../../server/schemas.ts';
import { layerName, typeName } from '../shell/names.ts';
import { label, word } from '../shell/text.ts';
import { type Filter, isNarrowed } from './filter.ts';
import { type Order, orderNames } from './order.ts';

interface FiltersProps {
  filter: Filter;
  districts: MonthRow[];
  states: readonly StateRow[];
  types: string[];
  layers: string[];
  order: Order;
  onFilter: (change: Partial<Filter>) => void;
  onOrder: (order: Order) => void;
}

type Choice = [value: string, text: string];

export function Filters(props: FiltersProps) {
  const { filter, districts, states, types, layers, order, onFilter, onOrder } = props;
  const select = (field: keyof Filter, name: string, choices: Choice[]) => html`
    <select aria-label=${name} class=${filter[field] === '' ? '' : 'set'} value=${filter[field]}
      onChange=${(event: Event) => onFilter({ [field]: (event.target as HTMLSelectElement).value })}>
      <option value="">${name}</option>
      ${choices.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
    </select>
  `;
  const clear = { district: '', state: '', type: '', layer: '', minArea: '', overdue: '' };
  return html`
    <div class="filters" role="search">
      ${select(
        'district',
        word('district'),
        districts.map((row) => [row.district, row.name]),
      )}
      ${select(
        'state',
        word('state'),
        states.map((state) => [state.name, label(state.label)]),
      )}
      ${select(
        'type',
        word('type'),
        types.map((type) => [type, typeName(type)]),
      )}
      ${select(
        'layer',
        word('layer'),
        layers.map((layer) => [layer, layerName(layer)]),
      )}
      <div class="more">
      <input type="number" min="0" step="100" class=${filter.minArea === '' ? '' : 'set'} value=${filter.minArea}
        aria-label=${word('minArea')} placeholder=${word('minArea')}
        onChange=${(event: Event) => onFilter({ minArea: (event.target as HTMLInputElement).value })} />
      <label><input type="checkbox" checked=${filter.overdue === 'true'}
        onChange=${(event: Event) => onFilter({ overdue: (event.target as HTMLInputElement).checked ? 'true' : '' })} />
        ${word('onlyOverdue')}</label>
      <select aria-label=${word('sort')} title=${word('sort')} value=${order}
        onChange=${(event: Event) => onOrder((event.target as HTMLSelectElement).value as Order)}>
        ${orderNames.map(([value, name]) => html`<option value=${value}>${word(name)}</option>`)}
      </select>
      <button class="plain" disabled=${!isNarrowed(filter)} onClick=${() => onFilter(clear)}>${word('clearFilters')}</button>
      </div>
    </div>
  `;
}
