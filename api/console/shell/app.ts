import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { ChangeTypes, Lifecycle, Workspace } from '../../server/schemas.ts';
import { Admin } from '../admin/page.ts';
import { Dashboard } from '../dashboard/page.ts';
import { Desk } from '../month/desk.ts';
import { filterFromAddress } from '../month/filter.ts';
import { Closed } from '../session/closed.ts';
import { setClock } from './clock.ts';
import { Header } from './header.ts';
import { useLoaded } from './loaded.ts';
import { setChangeTypes } from './names.ts';
import { roomOfAddress } from './page.ts';
import { getJson } from './server.ts';
import { currentLanguage, setLanguage, word } from './text.ts';

interface Ground {
  workspace: Workspace;
  lifecycle: Lifecycle;
  months: string[];
}

/** The field page has an HTML file of its own, since it works without the server. */
const pages = { month: Desk, field: Desk, dashboard: Dashboard, admin: Admin };

/** Asks what the workspace is and whether it may be seen; then the room of the address, or why there is none. */
export function App() {
  const [failure, setFailure] = useState<Error | null>(null);
  const [language, setShownLanguage] = useState(currentLanguage());
  const [month, setMonth] = useState(filterFromAddress().month);
  const ground = useLoaded(loadGround, [], setFailure);
  if (failure !== null) return html`<${Closed} failure=${failure} />`;
  if (ground === null) return html`<main class="closed"><p class="faint">${word('loading')}</p></main>`;
  const { workspace, lifecycle, months } = ground;
  const shown = months.includes(month) ? month : (months[0] ?? '');
  const Page = pages[roomOfAddress()];
  const simulated = workspace.simulated ? ` · ${word('simulated')}` : '';
  document.title = `${shown} ${workspace.name} · ${word('title')}${simulated}`;
  return html`
    <${Header} workspace=${workspace} months=${months} month=${shown} onMonth=${setMonth}
      onLanguage=${(next: typeof language) => {
        setLanguage(next);
        setShownLanguage(next);
      }} />
    <${Page} key=${language} workspace=${workspace} lifecycle=${lifecycle} months=${months} month=${shown} />
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
