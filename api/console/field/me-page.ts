import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { KeyForm } from '../session/key-menu.ts';
import { loginWord } from '../session/words.ts';
import { currentLanguage, setLanguage } from '../shell/text.ts';
import type { Desk } from './desk.ts';
import type { Keeping } from './keeping.ts';
import { say } from './words.ts';

interface MeProps {
  desk: Desk;
  keeping: Keeping;
  onLanguage: () => void;
}

/** Who one is on this phone, what the phone keeps, and how sure that is. */
export function MePage({ desk, keeping, onLanguage }: MeProps) {
  const { account } = desk;
  const switchLanguage = () => {
    setLanguage(currentLanguage() === 'zh' ? 'en' : 'zh');
    onLanguage();
  };
  return html`
    <h1 class="page-title">${say('me')}</h1>
    ${
      account &&
      html`<section class="card">
        <p class="who">${account.access.actor}</p>
        <p>${account.workspace.name} ${account.access.district}</p>
        ${account.access.role === 'viewer' && html`<p class="bad">${say('readOnly')}</p><${KeyInstead} />`}
        <p class="faint">${say('logOutHint')}</p>
        <button class="wide" onClick=${desk.logOut}>${say('logOut')}</button>
      </section>`
    }
    <section class="card">
      <p class=${keeping.ready ? 'good' : 'bad'}>${say(keeping.ready ? 'ready' : isSecureContext ? 'notReady' : 'insecure')}</p>
      <p>${say('pictures')} ${desk.pictures} / ${desk.tasks.length}</p>
      <${Storage} />
      ${keeping.update && html`<button class="wide main" onClick=${keeping.update}>${say('newVersion')} · ${say('update')}</button>`}
    </section>
    <section class="card">
      <button class="wide" onClick=${switchLanguage}>${say('language')}</button>
      <a class="wide button" href="./">${say('office')}</a>
    </section>
  `;
}

/** A key in place of a log-in, as the link of a start holds it; it lasts until the page is closed. */
export function KeyInstead() {
  return html`<details class="key-instead"><summary>${loginWord('orKey')}</summary><${KeyForm} /></details>`;
}

/** How much the browser lets the page keep, and whether the system may take it away. */
function Storage() {
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  const [persisted, setPersisted] = useState<boolean | null>(null);
  const storage = navigator.storage as StorageManager | undefined;
  useEffect(() => {
    void storage?.estimate?.().then(setEstimate);
    void storage?.persisted?.().then(setPersisted);
  }, []);
  const lock = () => void storage?.persist?.().then(setPersisted);
  const { usage = 0, quota = 0 } = estimate ?? {};
  return html`
    <h2>${say('storage')}</h2>
    ${estimate && html`<p>${say('storageUsed', (usage / 1e6).toFixed(1), Math.round((quota - usage) / 1e6))}</p>`}
    ${persisted !== null && html`<p class=${persisted ? 'good' : 'bad'}>${say(persisted ? 'persisted' : 'notPersisted')}</p>`}
    ${persisted === false && html`<button class="wide" onClick=${lock}>${say('lockStorage')}</button>`}
  `;
}
