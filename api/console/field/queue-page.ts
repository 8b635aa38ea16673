import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { StateRow } from '../../server/schemas.ts';
import { minuteText } from '../shell/format.ts';
import { label } from '../shell/text.ts';
import type { Desk } from './desk.ts';
import { type Item, isNeeded, waitsFor } from './item.ts';
import { useBlobAddress } from './patch-picture.ts';
import { refusalText, say } from './words.ts';

interface QueueProps {
  desk: Desk;
  states: readonly Pick<StateRow, 'name' | 'label'>[];
}

/** All that is on this phone and not yet, or just now, at the server: each with how it stands, in words. */
export function QueuePage({ desk, states }: QueueProps) {
  const [, tick] = useState(0);
  useEffect(() => {
    const clock = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(clock);
  }, []);
  const sent = desk.items.filter(({ state }) => state === 'sent');
  const done = sent.filter((item) => !isNeeded(item, desk.items));
  const inOrder = [...desk.waiting, ...sent.toReversed()];
  const again = async () => {
    for (const item of desk.waiting) {
      if (item.state === 'waiting' && item.notBefore > 0) await desk.change({ ...item, notBefore: 0 });
    }
    desk.send();
  };
  return html`
    <h1 class="page-title">${say('queue')}</h1>
    ${
      inOrder.length === 0 &&
      html`<div class="nothing"><b>${say('emptyQueue')}</b><p>${say('emptyQueueHint')}</p></div>`
    }
    ${desk.waiting.length > 0 && html`<button class="wide main" onClick=${again}>${say('retryAll')}</button>`}
    <ul class="queue">
      ${inOrder.map((item) => html`<${Row} key=${item.key} item=${item} desk=${desk} states=${states} />`)}
    </ul>
    ${done.length > 0 && html`<button class="wide" onClick=${() => desk.remove(done)}>${say('clearSent')}</button>`}
  `;
}

function Row({ item, desk, states }: QueueProps & { item: Item }) {
  const [sure, setSure] = useState(false);
  const address = useBlobAddress(item.photo?.thumb);
  const share = desk.progress.get(item.key);
  const { tone, text } = stands(item, desk, states);
  const retry = () => desk.change({ ...item, state: 'waiting', notBefore: 0, trouble: null });
  return html`
    <li class=${`queued ${tone}`}>
      ${address ? html`<img src=${address} alt="" />` : html`<span class="queued-form" aria-hidden="true">${say(item.kind === 'form' ? 'form' : 'photo').slice(0, 2)}</span>`}
      <div>
        <p><b>${say(item.kind === 'form' ? 'form' : 'photo')}</b> <span class="mono">${item.patch.number.slice(6, 12)}-${item.patch.number.slice(12)}</span></p>
        <p class="stands">${share === undefined ? text : `${say('sendingNow')} ${Math.round(share * 100)}%`}</p>
        ${share !== undefined && html`<progress max="1" value=${share} aria-label=${say('sendingNow')}></progress>`}
        ${item.state !== 'sent' && item.trouble?.detail && html`<p class="server-line" lang="en">${item.trouble.detail}</p>`}
        <p class="faint">${minuteText(item.sentAt ?? item.addedAt)}${item.kind === 'photo' && ` · ${sizeText(item.bytes)}`}</p>
      </div>
      <div class="queued-actions">
        ${item.state === 'held' && html`<a class="button" href=${`#task/${encodeURIComponent(item.patch.id)}`}>${say('checkPhoto')}</a>`}
        ${item.state === 'refused' && html`<button onClick=${retry}>${say('retry')}</button>`}
        ${item.state !== 'sent' && share === undefined && html`<button class=${sure ? 'danger' : ''} onClick=${() => (sure ? desk.remove([item]) : setSure(true))}>${say(sure ? 'sureDiscard' : 'discard')}</button>`}
      </div>
    </li>
  `;
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How an item stands, in words, and in which colour. */
function stands(item: Item, desk: Desk, states: QueueProps['states']): { tone: string; text: string } {
  if (item.state === 'sent') return { tone: 'ok', text: sentText(item, states) };
  if (item.state === 'held') return { tone: 'act', text: say('held') };
  if (item.state === 'refused')
    return { tone: 'bad', text: `${say('refused')}：${refusalText(item.trouble?.code ?? '')}` };
  const actor = desk.account?.access.actor;
  if (desk.login !== null || actor === undefined) return { tone: 'act', text: say('waitingLogIn') };
  if (actor !== item.owner) return { tone: 'act', text: say('waitingOwner', item.owner) };
  const waits = waitsFor(item, desk.items);
  if (waits === 'refused') return { tone: 'bad', text: say('waitingRefused') };
  if (!desk.online) return { tone: 'wait', text: say('waitingOffline') };
  if (waits === 'photos') return { tone: 'wait', text: say('waitingPhotos') };
  const left = Math.ceil((item.notBefore - Date.now()) / 1000);
  if (left > 0) return { tone: 'wait', text: say('retryIn', left >= 60 ? `${Math.ceil(left / 60)} min` : `${left} s`) };
  return { tone: 'wait', text: say('waiting') };
}

function sentText({ after }: Item, states: QueueProps['states']): string {
  const moved = after !== null && after.action !== 'field-report';
  const state = states.find(({ name }) => name === after?.state);
  return moved && state ? say('verified', label(state.label)) : say('sent');
}
