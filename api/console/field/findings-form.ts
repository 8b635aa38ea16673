import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldTaskBody } from '../../server/field-schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { muText } from '../shell/format.ts';
import { typeName } from '../shell/names.ts';
import { label } from '../shell/text.ts';
import type { Draft } from './box.ts';
import type { Desk } from './desk.ts';
import type { FormPart } from './item.ts';
import { type FieldWord, say } from './words.ts';

interface FormProps {
  task: FieldTaskBody;
  desk: Desk;
}

const nothing: Omit<FormPart, 'filledAt'> = {
  ...{ seen: [], use: null, occupier: null, stopped: null, remedyM2: null, note: null, done: true },
};

/** What was found on site. Every touch is kept at once: the page may be closed in the middle. */
export function FindingsForm({ task, desk }: FormProps) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [refusal, setRefusal] = useState<FieldWord | null>(null);
  useEffect(() => void desk.draftOf(task.id).then(setDraft), [task.id]);
  const latest = useRef(draft);
  latest.current = draft;
  if (draft === null) return null;
  const form = { ...nothing, ...draft.form };
  const set = (change: Partial<FormPart>) => {
    // Two touches may come before one of them has been drawn.
    const known = latest.current ?? draft;
    const next = { ...known, form: { ...known.form, ...change } };
    latest.current = next;
    setDraft(next);
    setRefusal(null);
    void desk.keepDraft(next);
  };
  const ofVisit = desk.items.filter(({ kind, visit }) => kind === 'photo' && visit === draft.visit);
  const submit = async (event: Event) => {
    event.preventDefault();
    const why = whyNot(form, ofVisit);
    if (why !== null) return setRefusal(why);
    const at = desk.account?.workspace.simulated ? new Date(workspaceNow()) : new Date();
    await desk.addForm({ id: task.id, number: task.number }, { ...form, filledAt: at.toISOString() });
    desk.tell(say('submitted'));
    location.hash = '#queue';
  };
  const { seen, uses } = desk.account!.choices;
  const toggle = (code: string) =>
    set({ seen: form.seen.includes(code) ? form.seen.filter((one) => one !== code) : [...form.seen, code] });
  return html`
    <form class="findings" onSubmit=${submit}>
      <div class="task-head">
        <a class="back" href=${`#task/${encodeURIComponent(task.id)}`} aria-label=${say('back')}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 4.500 7.500 12l7.500 7.500" /></svg></a>
        <div><h1>${say('findings')}</h1><span>${typeName(task.type)} ${muText(task.areaM2)} 亩</span></div>
      </div>
      <${Choices} name="seen" rows=${seen} chosen=${form.seen} onChoose=${toggle} />
      <fieldset>
        <legend>${say('work')}</legend>
        <div class="segments three">
          ${stoppedChoice(form.stopped, true, 'stopped', set)}${stoppedChoice(form.stopped, false, 'goesOn', set)}${stoppedChoice(form.stopped, null, 'noWork', set)}
        </div>
      </fieldset>
      <${Choices} name="use" rows=${uses} chosen=${form.use === null ? [] : [form.use]} onChoose=${(code: string) => set({ use: code === form.use ? null : code })} />
      <${Texts} form=${form} set=${set} />
      <label class="check"><input type="checkbox" checked=${form.done} onChange=${(event: Event) => set({ done: (event.target as HTMLInputElement).checked })} />
        <span><b>${say('done')}</b><small>${say('doneHint')}</small></span></label>
      <p class="refusal" role="alert">${refusal && say(refusal)}</p>
      <div class="actions">
        <span class="count">${ofVisit.length} ${say('photosCount')}</span>
        <button class="big main">${say('submit')}</button>
      </div>
    </form>
  `;
}

function whyNot(
  { seen, done }: Pick<FormPart, 'seen' | 'done'>,
  photos: readonly { state: string }[],
): FieldWord | null {
  if (seen.length === 0) return 'needSeen';
  if (photos.some(({ state }) => state === 'held')) return 'unconfirmed';
  return done && photos.length === 0 ? 'needPhoto' : null;
}

interface ChoiceProps {
  name: 'seen' | 'use';
  rows: readonly { code: string; zh: string; en: string }[];
  chosen: readonly string[];
  onChoose: (code: string) => void;
}

function Choices({ name, rows, chosen, onChoose }: ChoiceProps) {
  return html`
    <fieldset>
      <legend>${say(name)}</legend>
      <div class="choices">
        ${rows.map(
          (row) => html`
            <button type="button" aria-pressed=${chosen.includes(row.code)} onClick=${() => onChoose(row.code)}>${label(row)}</button>`,
        )}
      </div>
    </fieldset>
  `;
}

function stoppedChoice(
  now: boolean | null,
  value: boolean | null,
  name: FieldWord,
  set: (change: Partial<FormPart>) => void,
) {
  return html`<button type="button" aria-pressed=${now === value} onClick=${() => set({ stopped: value })}>${say(name)}</button>`;
}

function Texts({ form, set }: { form: Omit<FormPart, 'filledAt'>; set: (change: Partial<FormPart>) => void }) {
  const text = (event: Event) => (event.target as HTMLInputElement).value;
  const orNull = (value: string) => (value.trim() === '' ? null : value);
  const area = (event: Event) => {
    const value = Number(text(event).replace(',', '.'));
    set({ remedyM2: text(event).trim() === '' || !Number.isFinite(value) || value < 0 ? null : value });
  };
  return html`
    <label class="line">${say('occupier')}
      <input name="occupier" maxlength="200" autocomplete="off" value=${form.occupier ?? ''} onInput=${(event: Event) => set({ occupier: orNull(text(event)) })} /></label>
    <label class="line">${say('remedy')}
      <input name="remedyM2" type="number" inputmode="decimal" min="0" step="any" value=${form.remedyM2 ?? ''} onInput=${area} />
      ${form.remedyM2 !== null && html`<small>${muText(form.remedyM2)} 亩</small>`}</label>
    <label class="line">${say('note')}
      <textarea name="note" rows="3" maxlength="2000" value=${form.note ?? ''} onInput=${(event: Event) => set({ note: orNull(text(event)) })}></textarea></label>
  `;
}
