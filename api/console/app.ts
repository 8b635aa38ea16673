import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { ChangeTypes, Lifecycle, Workspace } from '../server/schemas.ts';
import { setClock } from './clock.ts';
import { Closed } from './closed.ts';
import { Desk } from './desk.ts';
import { filterFromAddress } from './filter.ts';
import { Header } from './header.ts';
import { useLoaded } from './loaded.ts';
import { setChangeTypes } from './names.ts';
import { getJson } from './server.ts';
import { currentLanguage, setLanguage, word } from './text.ts';

interface Ground {
  workspace: Workspace;
  lifecycle: Lifecycle;
  months: string[];
}

/** Asks what the workspace is and whether it may be seen; then the desk, or why there is none. */
export function App() {
  const [failure, setFailure] = useState<Error | null>(null);
  const [language, setShownLanguage] = useState(currentLanguage());
  const [month, setMonth] = useState(filterFromAddress().month);
  const ground = useLoaded(loadGround, [], setFailure);
  if (failure !== null) return html`<${Closed} failure=${failure} />`;
  if (ground === null) return html`<main class="closed"><p class="faint">${word('loading')}</p></main>`;
  const { workspace, lifecycle, months } = ground;
  const shown = months.includes(month) ? month : (months[0] ?? '');
  const simulated = workspace.simulated ? ` · ${word('simulated')}` : '';
  document.title = `${shown} ${workspace.name} · ${word('title')}${simulated}`;
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
  const [workspace, lifecycle, types, { months }] = await Promise.all([
    getJson<Workspace>('workspace', signal),
    getJson<Lifecycle>('lifecycle', signal),
    getJson<ChangeTypes>('change-types', signal),
    getJson<{ months: string[] }>('months', signal),
  ]);
  setClock(workspace.now);
  setChangeTypes(types);
  return { workspace, lifecycle, months };
}
