import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Action, Lifecycle } from '../server/schemas.ts';
import { label, word } from './text.ts';

/** What is handed in with a step, as POST /patches/{id}/transitions takes it. */
export interface StepInput {
  reason?: string;
  note?: string;
  payload?: Record<string, unknown>;
}

interface StepFormProps {
  action: Action;
  judgements: Lifecycle['judgements'];
  busy: boolean;
  onCancel: () => void;
  onConfirm: (input: StepInput) => void;
}

/** Asks for what the step needs: one field a need, and a note with every step. */
export function StepForm({ action, judgements, busy, onCancel, onConfirm }: StepFormProps) {
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
  const input = (name: string, title: string, type = 'text') => html`
    <input name=${name} type=${type} min="1" max="366" required placeholder=${title} aria-label=${title}
      value=${fields[name] ?? ''} onInput=${set(name)} />
  `;
  const named = (rows: Lifecycle['judgements'] | NonNullable<Action['reasons']>): [string, string][] =>
    rows.map((row) => [row.code, label(row.label)]);
  const controls: Record<string, () => unknown> = {
    reason: () => select('reason', word('chooseReason'), named(action.reasons ?? [])),
    judgement: () => select('judgement', word('judgement'), named(judgements)),
    evidence: () => input('evidence', word('evidenceIds')),
    department: () => input('department', word('department')),
    caseId: () => input('caseId', word('caseId')),
    extension: () => [input('count', word('extendBy'), 'number'), select('unit', word('unit'), units())],
  };
  const confirm = (event: Event) => {
    event.preventDefault();
    onConfirm(inputOf(action, fields));
  };
  return html`
    <form class="step-form" ref=${form} onSubmit=${confirm} onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && onCancel()}>
      <b>${label(action.label)}</b>
      ${action.needs.map((need) => controls[need]?.())}
      <textarea name="note" rows="2" required=${noteNeeded} maxlength="4000" value=${fields['note'] ?? ''} onInput=${set('note')}
        placeholder=${word(noteNeeded ? 'noteNeeded' : 'note')} aria-label=${word('note')}></textarea>
      <div class="buttons">
        <button class="main" disabled=${busy}>${word('confirm')}</button>
        <button type="button" onClick=${onCancel}>${word('cancel')}</button>
      </div>
    </form>
  `;
}

function units(): [string, string][] {
  return [
    ['working-day', word('workingDays')],
    ['calendar-day', word('calendarDays')],
    ['month', word('months')],
  ];
}

function inputOf({ needs }: Action, fields: Record<string, string>): StepInput {
  const payload: Record<string, unknown> = {};
  for (const need of ['judgement', 'department', 'caseId']) if (needs.includes(need)) payload[need] = fields[need];
  if (needs.includes('evidence')) payload['evidence'] = fields['evidence'].split(/[,，;；\s]+/).filter(Boolean);
  if (needs.includes('extension')) payload['extension'] = { count: Number(fields['count']), unit: fields['unit'] };
  return {
    payload,
    ...(needs.includes('reason') && { reason: fields['reason'] }),
    ...(fields['note']?.trim() && { note: fields['note'].trim() }),
  };
}
