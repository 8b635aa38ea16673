import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLoaded } from '../shell/loaded.ts';
import { type AdminWord, adminWord } from './words.ts';

/** The parts that the sections of the administration share. */

/** What a section shows, why it cannot, and asking for it again. */
export interface Kept<Value> {
  value: Value | null;
  failure: Error | null;
  again: () => void;
}

export function useKept<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  inputs: readonly unknown[] = [],
): Kept<Value> {
  const [turn, setTurn] = useState(0);
  const [failure, setFailure] = useState<Error | null>(null);
  const value = useLoaded(load, [...inputs, turn], setFailure);
  const again = () => {
    setFailure(null);
    setTurn((before) => before + 1);
  };
  return { value, failure, again };
}

/** Does something at the server; tells its refusal where it was asked for, and shows anew what came of it. */
export function useDeed(again: () => void) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (deed: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setRefusal(null);
    try {
      await deed();
      again();
      return true;
    } catch (error) {
      setRefusal((error as Error).message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { attempt, refusal, busy };
}

interface SectionProps {
  title: AdminWord;
  kept?: Kept<unknown>;
  tools?: ComponentChildren;
  children: ComponentChildren;
}

/** A heading, what belongs beside it, and the section's content or why there is none. */
export function Section({ title, kept, tools, children }: SectionProps) {
  const waiting = kept !== undefined && kept.value === null;
  return html`
    <section aria-label=${adminWord(title)}>
      <div class="section-head">
        <h2>${adminWord(title)}</h2>
        <span class="gap"></span>
        ${tools}
        ${kept && html`<button class="plain" onClick=${kept.again}>${adminWord('refresh')}</button>`}
      </div>
      ${kept?.failure && html`<p class="stale" role="alert">${kept.failure.message}</p>`}
      ${waiting ? !kept.failure && html`<p class="empty">${adminWord('loading')}</p>` : children}
    </section>
  `;
}

interface TableProps {
  head: readonly AdminWord[];
  /** Columns whose figures stand to the right, by place. */
  figures?: readonly number[];
  rows: readonly { key: string; cells: readonly ComponentChildren[]; faint?: boolean }[];
  empty?: AdminWord;
}

export function Table({ head, figures = [], rows, empty = 'nothing' }: TableProps) {
  if (rows.length === 0) return html`<p class="empty">${adminWord(empty)}</p>`;
  const kind = (place: number) => (figures.includes(place) ? 'figure' : undefined);
  return html`
    <div class="listing" tabindex="0" role="group" aria-label=${adminWord(head[0])}>
      <table>
        <thead>
          <tr>${head.map((name, place) => html`<th scope="col" class=${kind(place)}>${adminWord(name)}</th>`)}<th><span class="unseen">·</span></th></tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ key, cells, faint }) => html`
              <tr key=${key} class=${faint ? 'faint' : undefined}>
                ${cells.map((cell, place) => html`<td class=${kind(place)}>${cell}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

export function Refusal({ text }: { text: string | null }) {
  return text === null ? null : html`<p class="stale" role="alert">${text}</p>`;
}

/** The values of a form's fields by name, and an empty form after it was taken. */
export function fieldsOf(event: Event): { values: Record<string, string>; form: HTMLFormElement } {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const entries = [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']);
  return { values: Object.fromEntries(entries) as Record<string, string>, form };
}
