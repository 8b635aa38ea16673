import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { LoginForm, PasswordForm } from '../session/login.ts';
import { setChangeTypes } from '../shell/names.ts';
import { useDesk } from './desk.ts';
import { FindingsForm } from './findings-form.ts';
import { useKeeping } from './keeping.ts';
import { KeyInstead, MePage } from './me-page.ts';
import { QueuePage } from './queue-page.ts';
import { askForCompass, useSensors } from './sensors.ts';
import { TaskList } from './task-list.ts';
import { TaskPage } from './task-page.ts';
import { say } from './words.ts';

/** Where one is: '#task/ID', '#form/ID', '#queue', '#me'; nothing: the tasks. */
function useRoute(): { room: string; id: string } {
  const read = () => {
    const [room, id = ''] = location.hash.slice(1).split('/');
    return { room, id: decodeURIComponent(id) };
  };
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const follow = () => {
      setRoute(read());
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** The phone page: tasks, one task, its form, what waits to be sent, and oneself; all of it also without the server. */
export function FieldPage() {
  const { room, id } = useRoute();
  const desk = useDesk();
  const keeping = useKeeping(desk.send);
  const sensed = useSensors(room !== 'me' && room !== 'queue');
  const [language, setLanguage] = useState(0);
  if (desk.account === undefined) return html`<main class="page"></main>`;
  setChangeTypes(desk.account?.types.types ?? { types: [] });
  const states = desk.account?.types.states ?? [];
  const task = desk.tasks.find((kept) => kept.id === id)?.task;
  const pages: Record<string, () => unknown> = {
    task: () => task && html`<${TaskPage} key=${id} task=${task} desk=${desk} sensed=${sensed} />`,
    form: () => task && html`<${FindingsForm} key=${id} task=${task} desk=${desk} />`,
    queue: () => html`<${QueuePage} desk=${desk} states=${states} />`,
    me: () => html`<${MePage} desk=${desk} keeping=${keeping} onLanguage=${() => setLanguage(language + 1)} />`,
  };
  const shown = pages[room]?.();
  const inTask = (room === 'task' || room === 'form') && shown !== undefined;
  return html`
    <${Strip} desk=${desk} update=${keeping.update} />
    <main class=${inTask ? 'page in-task' : 'page'} key=${language} onClick=${wakeCompass}>
      <${LogIn} desk=${desk} />
      ${shown ?? html`<${TaskList} desk=${desk} sensed=${sensed} />`}
    </main>
    ${!inTask && html`<${Tabs} room=${room} waiting=${desk.waiting.length} />`}
    ${desk.toast !== '' && html`<div class="toast" role="status">${desk.toast}</div>`}
  `;
}

/** iOS lets the compass be asked for only from a touch; where it is allowed already nothing is shown. */
let compassAsked = false;
function wakeCompass(): void {
  if (compassAsked) return;
  compassAsked = true;
  void askForCompass();
}

type Desk = ReturnType<typeof useDesk>;

/** Always in sight: is there a network, and is anything still on the phone alone? */
function Strip({ desk, update }: { desk: Desk; update: (() => void) | null }) {
  const count = desk.waiting.length;
  return html`
    <header class="strip">
      <b>${say('title')}</b>
      ${desk.account?.workspace.simulated && html`<span class="sim">${say('simulated')}</span>`}
      <span class="gap"></span>
      ${update && html`<button class="strip-button" onClick=${update}>${say('newVersion')} · ${say('update')}</button>`}
      ${count > 0 && html`<a class="strip-count" href="#queue">${say('toSend', count)}</a>`}
      <span class=${desk.online ? 'net on' : 'net off'}>${say(desk.online ? 'online' : 'offline')}</span>
    </header>
  `;
}

function LogIn({ desk }: { desk: Desk }) {
  if (desk.login === null) return null;
  return html`
    <section class="card login-card" aria-label=${say('logInFirst')}>
      ${
        desk.login === 'must-change'
          ? html`<${PasswordForm} />`
          : html`<h2>${say(desk.account === null ? 'logInFirst' : 'expired')}</h2><${LoginForm} /><${KeyInstead} />`
      }
    </section>
  `;
}

const tabs = [
  { room: '', href: '#', name: 'tasks' },
  { room: 'queue', href: '#queue', name: 'queue' },
  { room: 'me', href: '#me', name: 'me' },
] as const;

const drawings: Record<string, string> = {
  tasks:
    'M12 21s-7-6.6-7-11.5A7 7 0 0 1 19 9.500C19 14.400 12 21 12 21zm0-8.800a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400z',
  queue: 'M12 4v11m0-11-4.500 4.500M12 4l4.500 4.500M5 15v4.500h14V15',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 8.500c.8-4 4-6 8-6s7.200 2 8 6',
};

function Tabs({ room, waiting }: { room: string; waiting: number }) {
  const known = tabs.some((tab) => tab.room === room) ? room : '';
  return html`
    <nav class="tabs" aria-label=${say('pages')}>
      ${tabs.map(
        (tab) => html`
          <a href=${tab.href} aria-current=${tab.room === known ? 'page' : undefined}>
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${drawings[tab.name]} /></svg>
            <span>${say(tab.name)}</span>
            ${tab.name === 'queue' && waiting > 0 && html`<i class="badge">${waiting}</i>`}
          </a>`,
      )}
    </nav>
  `;
}
