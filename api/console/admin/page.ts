import { html } from 'htm/preact';
import type { FunctionComponent } from 'preact';
import { useState } from 'preact/hooks';
import type { PageProps } from '../shell/page.ts';
import { Audit } from './audit.ts';
import { Keys } from './keys.ts';
import { Layers } from './layers.ts';
import { Receivers } from './receivers.ts';
import { Rules } from './rules.ts';
import { Runs } from './runs.ts';
import { Scenes } from './scenes.ts';
import type { SectionInput } from './section.ts';
import { Users } from './users.ts';
import { adminWord } from './words.ts';

const sections: {
  name: Parameters<typeof adminWord>[0];
  Room: FunctionComponent<SectionInput>;
  admin: boolean;
  whole: boolean;
}[] = [
  { name: 'runs', Room: Runs, admin: false, whole: true },
  { name: 'scenes', Room: Scenes, admin: false, whole: true },
  { name: 'layers', Room: Layers, admin: false, whole: false },
  { name: 'rules', Room: Rules, admin: false, whole: false },
  { name: 'users', Room: Users, admin: true, whole: false },
  { name: 'keys', Room: Keys, admin: true, whole: false },
  { name: 'receivers', Room: Receivers, admin: true, whole: true },
  { name: 'audit', Room: Audit, admin: true, whole: true },
];

/** Images, layers, rules, runs, people and keys; each section has an address. */
export function Admin({ workspace, months }: PageProps) {
  const { role, district, actor } = workspace.access;
  const open = sections.filter(({ admin, whole }) => (role === 'admin' || !admin) && (district === '' || !whole));
  const [chosen, setChosen] = useState(new URLSearchParams(location.search).get('section') ?? '');
  const shown = open.find(({ name }) => name === chosen) ?? open[0];
  const choose = (name: string) => (event: Event) => {
    event.preventDefault();
    history.pushState(null, '', `?section=${name}`);
    setChosen(name);
  };
  return html`
    <main class="admin">
      <nav aria-label=${adminWord('title')}>
        ${open.map(
          ({ name }) => html`
            <a href=${`?section=${name}`} onClick=${choose(name)} aria-current=${name === shown.name ? 'page' : undefined}>${adminWord(name)}</a>
          `,
        )}
      </nav>
      <div class="room">
        <${shown.Room} key=${shown.name} admin=${role === 'admin'} whole=${district === ''} actor=${actor} months=${months} />
      </div>
    </main>
  `;
}
