import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { Workspace } from '../../server/schemas.ts';
import { getJsonWithoutKey, Refusal } from '../shell/server.ts';
import { SimulatedBadge } from '../shell/simulated-badge.ts';
import { word } from '../shell/text.ts';
import { currentKey } from './key.ts';
import { KeyForm, startOver } from './key-menu.ts';
import { LoginForm, PasswordForm } from './login.ts';
import { loginWord } from './words.ts';

/** What stands in place of the desk: the key is missing or refused, or the server does not answer. */
export function Closed({ failure }: { failure: Error }) {
  const keyNeeded = failure instanceof Refusal && failure.status === 401;
  // What is asked for first is refused to nobody else who is known.
  const mustChange = failure instanceof Refusal && failure.status === 403 && currentKey() === null;
  const [open, setOpen] = useState<Workspace | null>(null);
  // A simulated workspace may be read without a key: somebody with an old link shall not be locked out of it.
  useEffect(() => {
    if (!keyNeeded || currentKey() === null) return;
    getJsonWithoutKey<Workspace>('workspace').then(setOpen, () => setOpen(null));
  }, []);
  return html`
    <main class="closed">
      <img src="shell/icon.svg" alt="" width="44" height="44" />
      ${open?.simulated && html`<${SimulatedBadge} />`}
      ${mustChange ? html`<${PasswordForm} />` : html`<h1>${failure.message}</h1>`}
      ${keyNeeded && html`<${LoginForm} /><p class="faint">${loginWord('orKey')}</p><${KeyForm} />`}
      ${open !== null && html`<button onClick=${() => startOver('')}>${word('keyWithout')}</button>`}
      ${!keyNeeded && !mustChange && html`<button class="main" onClick=${() => location.reload()}>${word('tryAgain')}</button>`}
    </main>
  `;
}
