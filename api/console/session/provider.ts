import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { loginWord } from './words.ts';

const session = new URL('../session', location.href.split(/[?#]/)[0]);

/** Why the provider's log-in was refused: '#refused=…' of where it sends the browser back to. */
const refusals = { forbidden: 'refusedForbidden', busy: 'refusedBusy' } as const;

/** The way to log in at another provider, where one is configured, and how the last try there ended. */
export function ProviderLogIn() {
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    const read = async () => ((await (await fetch(session)).json()) as { logIn?: string[] }).logIn ?? [];
    read().then((ways) => setOffered(ways.includes('oidc')), console.warn);
  }, []);
  const refused = /^#refused=(\w+)$/.exec(location.hash)?.[1];
  return html`
    ${refused !== undefined && html`<p role="alert">${loginWord(refusals[refused as 'busy'] ?? 'refusedOther')}</p>`}
    ${offered && html`<button class="main" onClick=${() => location.assign(`${session}/oidc`)}>${loginWord('provider')}</button>`}
  `;
}
