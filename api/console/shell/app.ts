import { html } from 'htm/preact';
import type { FunctionComponent } from 'preact';
import { useState } from 'preact/hooks';
import type { ChangeTypes, Lifecycle, Workspace } from '../../server/schemas.ts';
import { Closed } from '../session/closed.ts';
import { setClock } from './clock.ts';
import { Header } from './header.ts';
import { useLoaded } from './loaded.ts';
import { setChangeTypes } from './names.ts';
import { type PageProps, roomOfAddress } from './page.ts';
import { getJson } from './server.ts';
import { currentLanguage, setLanguage, word } from './text.ts';

interface Ground {
  workspace: Workspace;
  lifecycle: Lifecycle;
  months: string[];
  Page: FunctionComponent<PageProps>;
}

/** Each room comes by itself, the month with its map. The field page has an HTML file of its own. */
async function pageOfAddress(): Promise<FunctionComponent<PageProps>> {
  const room = roomOfAddress();
  if (room === 'dashboard') return (await import('../dashboard/page.ts')).Dashboard;
  if (room === 'admin') return (await import('../admin/page.ts')).Admin;
  return (await import('../month/desk.ts')).Desk;
}

/** Asks what the workspace is and whether it may be seen; then the room of the address, or why there is none. */
export function App() {
  const [failure, setFailure] = useState<Error | null>(null);
  const [language, setShownLanguage] = useState(currentLanguage());
  const [month, setMonth] = useState(new URLSearchParams(location.search).get('month') ?? '');
  const ground = useLoaded(loadGround, [], setFailure);
  if (failure !== null) return html`<${Closed} failure=${failure} />`;
  if (ground === null) return html`<main class="closed"><p class="faint">${word('loading')}</p></main>`;
  const { workspace, lifecycle, months, Page } = ground;
  const shown = months.includes(month) ? month : (months[0] ?? '');
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
  const [workspace, lifecycle, types, { months }, Page] = await Promise.all([
    getJson<Workspace>('workspace', signal),
    getJson<Lifecycle>('lifecycle', signal),
    getJson<ChangeTypes>('change-types', signal),
    getJson<{ months: string[] }>('months', signal),
    pageOfAddress(),
  ]);
  setClock(workspace.now);
  setChangeTypes(types);
  return { workspace, lifecycle, months, Page };
}
