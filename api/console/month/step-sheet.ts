import { html } from 'htm/preact';
import type { Lifecycle, PatchItem } from '../../server/schemas.ts';
import { draftOpinion } from './opinion-draft.ts';
import { ReasonSheet, TextForm } from './reason-sheet.ts';
import { dismissalReasons, type StepName } from './triage.ts';
import { type MonthWord, say } from './words.ts';

export interface StepSheetProps {
  step: StepName;
  /** With which patches; of many, each gets an opinion of its own where nobody wrote another. */
  patches: readonly PatchItem[];
  lifecycle: Lifecycle;
  lastReason: string | null;
  onTake: (step: StepName, inputOf: (patch: PatchItem) => object) => void;
  onCancel: () => void;
}

const texts: Record<Exclude<StepName, 'dismiss'>, { name: MonthWord; title: MonthWord }> = {
  warn: { name: 'warnStep', title: 'opinionFor' },
  note: { name: 'note', title: 'noteFor' },
  assign: { name: 'assign', title: 'assigneeFor' },
};

/** Asks for what the step needs, at the foot of the page: the pictures stay in sight. */
export function StepSheet({ step, patches, lifecycle, lastReason, onTake, onCancel }: StepSheetProps) {
  if (step === 'dismiss') {
    return html`<${ReasonSheet} reasons=${dismissalReasons(lifecycle)} last=${lastReason} many=${patches.length}
      onTake=${(input: object) => onTake(step, () => input)} onCancel=${onCancel} />`;
  }
  const { name, title } = texts[step];
  const draft = step === 'warn' && patches.length === 1 ? draftOpinion(patches[0]) : '';
  const send = (text: string) =>
    onTake(step, () => (step === 'assign' ? { payload: { assignee: text } } : { note: text }));
  return html`
    <section class="sheet" role="dialog" aria-label=${say(name)}>
      <header><b>${say(name)}</b>${patches.length > 1 && html`<span class="many">${say('forMany', patches.length)}</span>`}
        <span class="faint">${say(title)}</span><span class="gap"></span>
        <button class="plain" onClick=${onCancel}>${say('cancel')}</button></header>
      <${TextForm} title=${say(title)} first=${draft} line=${step === 'assign'} onSend=${send} onCancel=${onCancel} />
    </section>
  `;
}
