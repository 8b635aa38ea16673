import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Action, Lifecycle } from '../../server/schemas.ts';
import { label, word } from '../shell/text.ts';
import { fieldWords } from './field-words.ts';

/** What is handed in with a step, as POST /patches/{id}/transitions takes it. */
export interface StepInput {
  reason?: string;
  note?: string;
  payload?: Record<string, unknown>;
}

interface StepFormProps {
  action: Action;
  lifecycle: Lifecycle;
  busy: boolean;
  onCancel: () => void;
  onConfirm: (input: StepInput) => void;
}

const AREA = { type: 'number', min: 0, step: 0.01 };
const DAYS = { type: 'number', min: 1, max: 366 };
const REMEDIES = ['demolishedM2', 'regularisedM2', 'confiscatedM2'] as const;

/** Asks for what the step needs: one field a need, and a note with every step. */
export function StepForm({ action, lifecycle, busy, onCancel, onConfirm }: StepFormProps) {
  const [fields, setFields] = useState<Record<string, string>>({ unit: 'working-day' });
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('select, input, textarea')?.focus(), []);
  const set = (name: string) => (event: Event) =>
    setFields((before) => ({ ...before, [name]: (event.target as HTMLInputElement).value }));
  const reason = action.reasons?.find((row) => row.code === fields['reason']);
  const noteNeeded = action.needs.includes('note') || reason?.noteNeeded === true;
  const select = (name: string, title: string, choices: [value: string, text: string][]) => html`
    <select name=${name} required aria-label=${title} value=${fields[name] ?? ''} onChange=${set(name)}>
      <option value="">${title}</option>${choices.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
    </select>
  `;
  const input = (name: string, title: string, rest: Record<string, unknown> = {}) => html`
    <input name=${name} type="text" required placeholder=${title} aria-label=${title} ...${rest}
      value=${fields[name] ?? ''} onInput=${set(name)} />
  `;
  const tick = (name: string, title: string) => html`
    <label><input name=${name} type="checkbox" checked=${fields[name] === 'true'}
      onChange=${(event: Event) => setFields((before) => ({ ...before, [name]: String((event.target as HTMLInputElement).checked) }))} /> ${title}</label>
  `;
  const area = (name: string, title: string) => input(name, title, { ...AREA, required: false });
  const named = (rows: Lifecycle['judgements'] | NonNullable<Action['reasons']>): [string, string][] =>
    rows.map((row) => [row.code, label(row.label)]);
  const controls: Record<string, () => unknown> = {
    reason: () => select('reason', label(fieldWords.chooseReason), named(action.reasons ?? [])),
    judgement: () => select('judgement', label(fieldWords.judgement), named(lifecycle.judgements)),
    evidence: () => input('evidence', label(fieldWords.evidenceIds)),
    department: () => input('department', label(fieldWords.department)),
    caseId: () => input('caseId', label(fieldWords.caseId)),
    assignee: () => input('assignee', label(fieldWords.assignee)),
    occupierId: () => input('occupierId', label(fieldWords.occupierId)),
    extension: () => [
      input('count', label(fieldWords.extendBy), DAYS),
      select('unit', label(fieldWords.unit), units()),
    ],
    cause: () => select('cause', label(fieldWords.cause), named(lifecycle.causes)),
    remedy: () => REMEDIES.map((name) => input(name, label(fieldWords[name]), AREA)),
    violationM2: () => area('violationM2', label(fieldWords.violationM2)),
    restoredM2: () => area('restoredM2', label(fieldWords.restoredM2)),
    occupier: () => input('occupier', label(fieldWords.occupier), { required: false }),
    stopped: () => tick('stopped', label(fieldWords.stopped)),
  };
  const confirm = (event: Event) => {
    event.preventDefault();
    onConfirm(inputOf(action, fields));
  };
  return html`
    <form class="step-form" ref=${form} onSubmit=${confirm} onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && onCancel()}>
      <b>${label(action.label)}</b>
      ${[...action.needs, ...action.asks].map((name) => controls[name]?.())}
      <textarea name="note" rows="2" required=${noteNeeded} maxlength="4000" value=${fields['note'] ?? ''} onInput=${set('note')}
        placeholder=${noteNeeded ? label(fieldWords.noteNeeded) : word('note')} aria-label=${word('note')}></textarea>
      <div class="buttons">
        <button class="main" disabled=${busy}>${word('confirm')}</button>
        <button type="button" onClick=${onCancel}>${word('cancel')}</button>
      </div>
    </form>
  `;
}

function units(): [string, string][] {
  return [
    ['working-day', label(fieldWords.workingDays)],
    ['calendar-day', label(fieldWords.calendarDays)],
    ['month', label(fieldWords.months)],
  ];
}

function inputOf({ needs, asks }: Action, fields: Record<string, string>): StepInput {
  const payload: Record<string, unknown> = {};
  for (const need of ['judgement', 'department', 'caseId', 'cause', 'assignee', 'occupierId'])
    if (needs.includes(need)) payload[need] = fields[need];
  if (needs.includes('evidence')) payload['evidence'] = fields['evidence'].split(/[,，;；\s]+/).filter(Boolean);
  if (needs.includes('extension')) payload['extension'] = { count: Number(fields['count']), unit: fields['unit'] };
  if (needs.includes('remedy')) {
    payload['remedy'] = Object.fromEntries(REMEDIES.map((name) => [name, Number(fields[name])]));
  }
  for (const ask of asks) {
    const given = fields[ask]?.trim();
    // A box left alone says nothing: nobody may have looked whether work goes on.
    if (ask === 'stopped' ? given === 'true' : given) payload[ask] = askedValue(ask, given as string);
  }
  return {
    payload,
    ...(needs.includes('reason') && { reason: fields['reason'] }),
    ...(fields['note']?.trim() && { note: fields['note'].trim() }),
  };
}

function askedValue(ask: string, given: string): string | number | boolean {
  if (ask === 'stopped') return true;
  return ask.endsWith('M2') ? Number(given) : given;
}
