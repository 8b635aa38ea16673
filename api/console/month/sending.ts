import { html } from 'htm/preact';
import { Refusal } from '../shell/server.ts';
import type { Job } from './outbox.ts';
import { say } from './words.ts';

interface SendingProps {
  jobs: readonly Job[];
  onChoose: (number: string) => void;
  onUndo: () => void;
  onForget: () => void;
}

/** What is on its way to the server, how far a batch has come, and a line for each that was refused. */
export function Sending({ jobs, onChoose, onUndo, onForget }: SendingProps) {
  const counted = jobs.filter(({ status }) => status !== 'cancelled');
  const refused = counted.filter(({ status }) => status === 'refused');
  const open = counted.filter(({ status }) => status === 'waiting' || status === 'sending' || status === 'retrying');
  const settled = counted.length - open.length;
  if (open.length === 0 && refused.length === 0 && counted.length < 2)
    return html`<div class="sending" role="status"></div>`;
  const stuck = open.some(({ status }) => status === 'retrying');
  const said = stuck
    ? say('waitingNet', open.length)
    : open.length > 0
      ? say('sending', `${settled}/${counted.length}`)
      : say('sent', settled - refused.length);
  return html`
    <div class=${stuck ? 'sending on stuck' : 'sending on'} role="status">
      <p><span class=${open.length > 0 ? 'pulse' : 'pulse still'}></span> ${said}
        ${refused.length > 0 && html`<b class="late">${say('refused', refused.length)}</b>`}
        <span class="gap"></span>
        ${counted.length > 1 && open.length === 0 && html`<button class="plain" onClick=${onUndo}>${say('undoBatch')}</button>`}
        ${open.length === 0 && html`<button class="plain" onClick=${onForget}>${say('dropList')}</button>`}
      </p>
      ${open.length > 0 && html`<progress max=${counted.length} value=${settled} aria-label=${said}></progress>`}
      ${refused.length > 0 && html`<ul>${refused.map((job) => html`<${Refused} key=${job.key} job=${job} onChoose=${onChoose} />`)}</ul>`}
    </div>
  `;
}

function Refused({ job, onChoose }: { job: Job; onChoose: (number: string) => void }) {
  return html`<li><button class="plain mono" onClick=${() => onChoose(job.number)}>${job.number}</button> ${refusalText(job)}</li>`;
}

/** Why a step was not taken, for who asked for it. */
export function refusalText({ refusal }: Job): string {
  if (refusal === null) return say('after');
  return refusal instanceof Refusal && refusal.code === 'precondition-failed' ? say('conflict') : refusal.message;
}
