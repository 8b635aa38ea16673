import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Lifecycle } from '../../server/schemas.ts';
import { label } from '../shell/text.ts';
import { say } from './words.ts';

type Reason = Lifecycle['reasons'][string][number];

/** Keys beside the numbers: a list of reasons is a little longer than ten. */
const keys = '1234567890abcefghi';

interface ReasonSheetProps {
  reasons: readonly Reason[];
  /** The one chosen last, which D takes again. */
  last: string | null;
  many: number;
  onTake: (input: { reason: string; note?: string }) => void;
  onCancel: () => void;
}

/** Why a patch is dismissed: one key each, and nothing more to confirm. */
export function ReasonSheet({ reasons, last, many, onTake, onCancel }: ReasonSheetProps) {
  const [asked, setAsked] = useState<Reason | null>(null);
  const choose = (reason: Reason) => (reason.noteNeeded ? setAsked(reason) : onTake({ reason: reason.code }));
  const latest = useRef({ choose, asked });
  latest.current = { choose, asked };
  // As soon as the sheet is seen and not a moment longer: a quick hand is not to choose twice, nor in vain.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || latest.current.asked !== null) return;
      const again = event.key.toLowerCase() === 'd' ? reasons.find(({ code }) => code === last) : undefined;
      const reason = again ?? reasons[keys.indexOf(event.key.toLowerCase())];
      if (reason === undefined && event.key !== 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (reason === undefined) onCancel();
      else latest.current.choose(reason);
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, [last, reasons]);
  const again = reasons.find(({ code }) => code === last);
  return html`
    <section class="sheet" role="dialog" aria-label=${say('dismiss')}>
      <header><b>${say('dismiss')}</b>${many > 1 && html`<span class="many">${say('forMany', many)}</span>`}
        <span class="faint">${asked === null ? say('whyDismiss') : label(asked.label)}</span><span class="gap"></span>
        <button class="plain" onClick=${onCancel}>${say('cancel')}</button></header>
      ${
        asked === null
          ? html`<div class="reasons">${reasons.map(
              (
                reason,
                index,
              ) => html`<button class=${reason.code === last ? 'last' : ''} onClick=${() => choose(reason)}>
                <kbd>${keys[index].toUpperCase()}</kbd> ${label(reason.label)}</button>`,
            )}</div>
            ${again && html`<p class="faint">${say('again', label(again.label))}</p>`}`
          : html`<${TextForm} title=${say('otherReason')} first="" onSend=${(note: string) => onTake({ reason: asked.code, note })} onCancel=${onCancel} />`
      }
    </section>
  `;
}

interface TextFormProps {
  title: string;
  first: string;
  line?: boolean;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** One text: Enter sends it, Shift+Enter is a new line, Escape leaves. */
export function TextForm({ title, first, line = false, onSend, onCancel }: TextFormProps) {
  const [text, setText] = useState(first);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  // Before it is seen: a quick hand writes at once, and sends before the last letter has been drawn.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(first.length, first.length);
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    const written = (field.current?.value ?? text).trim();
    if (written !== '') onSend(written);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    // While a Chinese input method is composing, Enter picks a word.
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
    else return;
    event.stopPropagation();
  };
  const write = (event: Event) => setText((event.target as HTMLInputElement).value);
  return html`
    <form class="text-form" onSubmit=${submit} onKeyDown=${press}>
      ${
        line
          ? html`<input ref=${field} maxlength="100" aria-label=${title} placeholder=${title} value=${text} onInput=${write} />`
          : html`<textarea ref=${field} rows="2" maxlength="4000" aria-label=${title} placeholder=${title} value=${text} onInput=${write}></textarea>`
      }
      <button class="main" disabled=${text.trim() === ''}>${say('send')}</button>
    </form>
  `;
}
