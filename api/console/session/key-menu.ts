import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Workspace } from '../../server/schemas.ts';
import { Popover } from '../shell/popover.ts';
import { type Word, word } from '../shell/text.ts';
import { currentKey, keepKey } from './key.ts';
import { LoginForm, logOut } from './login.ts';
import { loginWord } from './words.ts';

const roles: Record<Workspace['access']['role'], Word> = {
  viewer: 'readOnly',
  field: 'roleField',
  handler: 'roleHandler',
  reviewer: 'roleReviewer',
  admin: 'roleAdmin',
};

/** What one may do, and under which name; opens a field to paste a key, or drops the one in use. */
export function KeyMenu({ access }: { access: Workspace['access'] }) {
  const mayAct = access.role !== 'viewer';
  const name = mayAct ? `${word(roles[access.role])} · ${access.actor}` : word(roles[access.role]);
  const label = html`<span class=${mayAct ? 'key-dot on' : 'key-dot'}></span>${name}`;
  return html`
    <${Popover} class="plain key-menu" label=${label}>
      ${currentKey() !== null && html`<p>${word('keyIs')}: <b>${access.actor}</b> · ${word(roles[access.role])} ${access.district}</p>`}
      ${currentKey() === null && access.actor === 'local' && html`<${LoginForm} />`}
      ${currentKey() === null && access.actor !== 'local' && html`<button type="button" onClick=${logOut}>${loginWord('logOut')}</button>`}
      <${KeyForm} />
    <//>
  `;
}

/** Takes a key, or the link that holds it, and starts over with it. */
export function KeyForm() {
  const [key, setKey] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (key.trim() !== '') startOver(key.trim().replace(/^.*#key=/, ''));
  };
  return html`
    <form class="key-form" onSubmit=${submit}>
      <label>${word('keyPrompt')}
        <input type="password" autocomplete="off" value=${key} placeholder=${word('keyPlaceholder')}
          onInput=${(event: Event) => setKey((event.target as HTMLInputElement).value)} />
      </label>
      <p class="faint">${word('keyHint')}</p>
      <div class="buttons">
        ${currentKey() !== null && html`<button type="button" onClick=${() => startOver('')}>${word('keyDrop')}</button>`}
        <button class="main" disabled=${key.trim() === ''}>${word('keyUse')}</button>
      </div>
    </form>
  `;
}

/** Loads the page again with another key, or with none. */
export function startOver(key: string): void {
  keepKey(key);
  location.reload();
}
