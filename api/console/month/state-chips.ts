import { html } from 'htm/preact';
import type { StateRow } from '../../server/schemas.ts';
import { toneOf } from '../shell/state-label.ts';
import { label } from '../shell/text.ts';
import { type Filter, toggled } from './filter.ts';
import type { Figures } from './statistics.ts';
import { say } from './words.ts';

interface StateChipsProps {
  figures: Figures | null;
  filter: Filter;
  states: readonly StateRow[];
  onFilter: (change: Partial<Filter>) => void;
}

/** How many patches there are in each state; a click narrows the list to it, another widens it again. */
export function StateChips({ figures, filter, states, onFilter }: StateChipsProps) {
  const asked = filter.state === '' ? [] : filter.state.split(',');
  const shown = states.filter(({ name }) => asked.includes(name) || (figures?.states.get(name)?.patches ?? 0) > 0);
  const isAll = filter.state === '' && filter.overdue === '' && filter.stage === '';
  const chip = (
    name: string,
    tone: string,
    text: string,
    count: number,
    pressed: boolean,
    change: Partial<Filter>,
  ) => html`
    <button key=${name} class=${`chip ${tone}`} data-state=${name} aria-pressed=${pressed} onClick=${() => onFilter(change)}>
      <span>${text}</span> <b>${figures === null ? '' : count}</b>
    </button>
  `;
  const late = figures?.total.overdue ?? 0;
  return html`
    <div class="chips" role="group" aria-label=${say('byState')}>
      ${chip('all', 'all', say('all'), figures?.total.patches ?? 0, isAll, { state: '', overdue: '', stage: '' })}
      ${shown.map((state) => {
        const count = figures?.states.get(state.name)?.patches ?? 0;
        const change = { state: toggled(filter.state, state.name) };
        return chip(state.name, `tone ${toneOf(state)}`, label(state.label), count, asked.includes(state.name), change);
      })}
      ${(late > 0 || filter.overdue === 'true') && chip('overdue', 'late-chip', say('late'), late, filter.overdue === 'true', { overdue: filter.overdue === 'true' ? '' : 'true' })}
    </div>
  `;
}
