import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MonthRow } from '../../server/schemas.ts';
import { layerName, typeName } from '../shell/names.ts';
import { Popover } from '../shell/popover.ts';
import { label } from '../shell/text.ts';
import { cleared, type Field, type Filter, narrowedBy } from './filter.ts';
import { MoreFilters } from './more-filters.ts';
import type { Counts, Figures } from './statistics.ts';
import { say } from './words.ts';

export interface Theme {
  id: string;
  title: { zh: string; en: string };
}

interface FiltersProps {
  filter: Filter;
  figures: Figures | null;
  districts: readonly MonthRow[];
  themes: readonly Theme[];
  onFilter: (change: Partial<Filter>) => void;
}

/** Those that have no control of their own in sight: shown as what they ask for, to be dropped. */
const hidden: Field[] = ['stage', 'minArea', 'maxArea', 'bbox', 'assignee', 'filter'];
const typingMs = 250;

/** What is asked for: words, the four usual lists, and the rest behind a button. */
export function Filters({ filter, figures, districts, themes, onFilter }: FiltersProps) {
  const offers = figures?.offers;
  const select = (field: Field, none: string, counts: Counts | undefined, name: (value: string) => string) => {
    const values = [...new Set([...(counts?.keys() ?? []), ...(filter[field] === '' ? [] : [filter[field]])])];
    return html`
      <select name=${field} aria-label=${say(field)} class=${filter[field] === '' ? '' : 'set'} value=${filter[field]}
        onChange=${(event: Event) => onFilter({ [field]: (event.target as HTMLSelectElement).value })}>
        <option value="">${none}</option>
        ${values.map((value) => html`<option value=${value}>${name(value)}${counts?.has(value) ? ` ${counts.get(value)?.patches}` : ''}</option>`)}
      </select>
    `;
  };
  const districtName = (code: string) => districts.find((row) => row.district === code)?.name ?? code;
  const themeName = (id: string) => {
    const theme = themes.find((one) => one.id === id);
    return theme ? label(theme.title) : id;
  };
  const extra = hidden.filter((field) => filter[field] !== '');
  return html`
    <div class="filters" role="search">
      <${SearchField} text=${filter.text} onText=${(text: string) => onFilter({ text })} />
      ${select('district', say('allDistricts'), offers?.district, districtName)}
      ${select('type', say('allTypes'), offers?.type, typeName)}
      ${select('layer', say('allLayers'), offers?.layer, layerName)}
      ${select('theme', say('allThemes'), offers?.theme, themeName)}
      <${Popover} class=${extra.length > 0 ? 'set' : ''} label=${say('more')}>
        <${MoreFilters} key=${hidden.map((field) => filter[field]).join(' ')} filter=${filter} onFilter=${onFilter} />
      <//>
      ${extra.map((field) => html`<${Token} key=${field} field=${field} value=${filter[field]} onDrop=${() => onFilter({ [field]: '' })} />`)}
      ${narrowedBy(filter).length > 0 && html`<button class="plain clear" onClick=${() => onFilter(cleared(filter))}>${say('clear')}</button>`}
    </div>
  `;
}

/** One condition that is not seen elsewhere, and the way to be rid of it. */
function Token({ field, value, onDrop }: { field: Field; value: string; onDrop: () => void }) {
  const said = field === 'bbox' ? say('bbox') : `${say(field)}: ${field === 'stage' ? say(value as 'find') : value}`;
  return html`<span class="token" title=${value}>${said}<button class="plain" aria-label=${`${say('drop')}: ${say(field)}`} onClick=${onDrop}>×</button></span>`;
}

/** Asks when the writer pauses, so that not every letter is a question. */
function SearchField({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [written, setWritten] = useState(text);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setWritten(text), [text]);
  const write = (event: Event) => {
    const next = (event.target as HTMLInputElement).value;
    setWritten(next);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => onText(next.trim()), typingMs);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
  };
  return html`
    <input type="search" name="text" class=${text === '' ? '' : 'set'} maxlength="100" value=${written} placeholder=${say('search')}
      aria-label=${say('text')} onInput=${write} onKeyDown=${press} />
  `;
}
