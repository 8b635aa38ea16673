import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Action, Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { postJson } from '../shell/server.ts';
import { label, word } from '../shell/text.ts';
import { needNames } from './need-names.ts';
import { StepForm, type StepInput } from './step-form.ts';
import { say } from './words.ts';

interface StepsProps {
  patch: PatchDetail;
  lifecycle: Lifecycle;
  mayAct: boolean;
  onMoved: (patch: PatchDetail, said: string) => void;
  onFailed: (error: Error) => void;
}

/** Steps about the clock and supervision stand apart from the ones that move the patch on. */
const asides = new Set([
  'request-extension',
  'approve-extension',
  'assign',
  'name-occupier',
  'refuse-extension',
  'extend',
  'note',
  'pause',
  'resume',
  'supervise',
  'interview',
  'undo',
]);
/** Ways round: possible, but not what usually comes next. What needs a reason is one too. */
const detours = new Set(['doubt', 'refer', 'rejudge', 'put-in-case']);

/** The steps possible now. One that needs something opens a form; the others are taken at once. */
export function Steps({ patch, lifecycle, mayAct, onMoved, onFailed }: StepsProps) {
  const [asked, setAsked] = useState<Action | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (action: Action, input: StepInput) => {
    setBusy(true);
    try {
      const body = { action: action.action, ...input };
      onMoved(await postJson<PatchDetail>(`patches/${patch.id}/transitions`, patch.version, body), label(action.label));
    } catch (error) {
      setBusy(false);
      onFailed(error as Error);
    }
  };
  const onward = patch.actions.filter((action) => !asides.has(action.action)).sort(usualFirst);
  const usual = onward.find((action) => !isDetour(action));
  const aside = patch.actions.filter((action) => asides.has(action.action));
  const button = (action: Action) => html`
    <button class=${action === usual ? 'main' : asides.has(action.action) ? 'plain' : ''} disabled=${!mayAct || busy} title=${mayAct ? '' : word('readOnlyHint')}
      onClick=${() => (action.needs.length === 0 ? void take(action, {}) : setAsked(action))}>${label(action.label)}${lacks(action)}</button>
  `;
  return html`
    <footer class="steps">
      ${
        asked !== null &&
        html`<${StepForm} key=${asked.action} action=${asked} lifecycle=${lifecycle} busy=${busy}
          onCancel=${() => setAsked(null)} onConfirm=${(input: StepInput) => void take(asked, input)} />`
      }
      ${
        asked === null &&
        html`<div class="buttons">
          ${patch.actions.length === 0 && html`<span class="faint">${word('noActions')}</span>`}
          ${onward.map(button)}<span class="asides">${aside.map(button)}</span>
        </div>`
      }
      ${!mayAct && html`<p class="faint">${word('readOnlyHint')}</p>`}
    </footer>
  `;
}

/** What must be handed in with a step, beside its name: nobody should find out by pressing. */
function lacks({ action, needs }: Action) {
  if (needs.length === 0 || asides.has(action)) return null;
  const names = needs.map((need) => label(needNames[need] ?? { zh: need, en: need }));
  return html` <span class="needs">${say('needs')} ${names.join(label({ zh: '、', en: ', ' }))}</span>`;
}

function isDetour({ action, reasons }: Action): boolean {
  return reasons !== null || detours.has(action);
}

function usualFirst(a: Action, b: Action): number {
  return Number(isDetour(a)) - Number(isDetour(b));
}
