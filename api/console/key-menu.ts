import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Workspace } from '../server/schemas.ts';
import { currentKey, keepKey } from './key.ts';
import { word } from './text.ts';

/** Who one is; opens a field to paste a key, or drops the one in use. */
export function KeyMenu({ access }: { access: Workspace['access'] }) {
  const [open, setOpen] = useState(false);
  const name = currentKey() === null || access.role === 'viewer' ? word('readOnly') : access.actor;
  return html`
    <div class="key-menu">
      <button class="plain" aria-expanded=${open} onClick=${() => setOpen(!open)}>
        <span class=${currentKey() === null ? 'key-dot' : 'key-dot on'}></span>${name}
      </button>
      ${open && html`<div class="popover"><${KeyForm} /></div>`}
    </div>
  `;
}

/** Takes a key and starts over with it. */
export function KeyForm() {
  const [key, setKey] = useState('');
  const use = (next: string) => {
    keepKey(next.trim().replace(/^.*#key=/, ''));
    location.reload();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (key.trim() !== '') use(key);
  };
  return html`
    <form class="key-form" onSubmit=${submit}>
      <label>${word('keyPrompt')}
        <input type="password" autocomplete="off" value=${key} placeholder=${word('keyPlaceholder')}
          onInput=${(event: Event) => setKey((event.target as HTMLInputElement).value)} />
      </label>
      <p class="faint">${word('keyHint')}</p>
      <div class="buttons">
        ${currentKey() !== null && html`<button type="button" onClick=${() => use('')}>${word('keyDrop')}</button>`}
        <button class="main" disabled=${key.trim() === ''}>${word('keyUse')}</button>
      </div>
    </form>
  `;
}
