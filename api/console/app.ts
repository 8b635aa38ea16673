import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Lifecycle, Workspace } from '../server/schemas.ts';
import { Desk } from './desk.ts';
import { filterFromAddress } from './filter.ts';
import { Header } from './header.ts';
import { KeyForm } from './key-menu.ts';
import { useLoaded } from './loaded.ts';
import { getJson, Refusal } from './server.ts';
import { currentLanguage, setLanguage, word } from './text.ts';

interface Ground {
  workspace: Workspace;
  lifecycle: Lifecycle;
  months: string[];
}

/** Asks what the workspace is and whether it may be seen; then the desk, or a field for the key. */
export function App() {
  const [failure, setFailure] = useState<Error | null>(null);
  const [language, setShownLanguage] = useState(currentLanguage());
  const [month, setMonth] = useState(filterFromAddress().month);
  const ground = useLoaded(loadGround, [], setFailure);
  if (failure !== null) return html`<${Closed} failure=${failure} />`;
  if (ground === null) return html`<p class="empty">${word('loading')}</p>`;
  const { workspace, lifecycle, months } = ground;
  const shown = months.includes(month) ? month : (months[0] ?? '');
  document.title = `${shown} ${workspace.name} · ${word('title')}`;
  return html`
    <${Header} workspace=${workspace} months=${months} month=${shown} onMonth=${setMonth}
      onLanguage=${(next: typeof language) => {
        setLanguage(next);
        setShownLanguage(next);
      }} />
    <${Desk} key=${language} workspace=${workspace} lifecycle=${lifecycle} month=${shown} />
  `;
}

async function loadGround(signal: AbortSignal): Promise<Ground> {
  const [workspace, lifecycle, { months }] = await Promise.all([
    getJson<Workspace>('workspace', signal),
    getJson<Lifecycle>('lifecycle', signal),
    getJson<{ months: string[] }>('months', signal),
  ]);
  return { workspace, lifecycle, months };
}

function Closed({ failure }: { failure: Error }) {
  const keyNeeded = failure instanceof Refusal && failure.status === 401;
  return html`
    <main class="closed">
      <img src="icon.svg" alt="" width="44" height="44" />
      <h1>${keyNeeded ? word('keyNeeded') : failure.message}</h1>
      ${keyNeeded && html`<${KeyForm} />`}
    </main>
  `;
}
