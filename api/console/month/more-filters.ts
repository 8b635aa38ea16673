import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Field, Filter } from './filter.ts';
import { say } from './words.ts';

const asked = ['stage', 'minArea', 'maxArea', 'assignee', 'filter'] as const;
const stages = ['find', 'warn', 'resolve'] as const;

/** Conditions that are wanted now and then; CQL2 for whoever knows it. */
export function MoreFilters({ filter, onFilter }: { filter: Filter; onFilter: (change: Partial<Filter>) => void }) {
  const [values, setValues] = useState(() => Object.fromEntries(asked.map((field) => [field, filter[field]])));
  const set = (field: Field) => (event: Event) =>
    setValues((before) => ({ ...before, [field]: (event.target as HTMLInputElement).value }));
  const apply = (event: Event) => {
    event.preventDefault();
    onFilter(Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value.trim()])));
  };
  const area = (field: 'minArea' | 'maxArea') => html`
    <label>${say(field)}<input type="number" name=${field} min="0" step="any" value=${values[field]} onInput=${set(field)} /></label>
  `;
  return html`
    <form class="more-filters" onSubmit=${apply}>
      <label>${say('stage')}
        <select name="stage" value=${values['stage']} onChange=${set('stage')}>
          <option value="">${say('any')}</option>
          ${stages.map((stage) => html`<option value=${stage}>${say(stage)}</option>`)}
        </select>
      </label>
      <div class="pair">${area('minArea')}${area('maxArea')}</div>
      <label>${say('assignee')}<input name="assignee" maxlength="100" value=${values['assignee']} onInput=${set('assignee')} /></label>
      <label>${say('filter')}
        <textarea name="filter" class="mono" rows="2" spellcheck="false" value=${values['filter']} placeholder=${say('filterHint')} onInput=${set('filter')}></textarea>
      </label>
      <button class="main">${say('apply')}</button>
    </form>
  `;
}
