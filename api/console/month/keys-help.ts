import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { type MonthWord, say } from './words.ts';

const rows: [string[], MonthWord][] = [
  [['J', 'K'], 'keyNext'],
  [['D', '1…9'], 'keyDismiss'],
  [['W'], 'keyWarn'],
  [['N'], 'keyNote'],
  [['G'], 'keyAssign'],
  [['U'], 'keyUndo'],
  [['X'], 'keySelect'],
  [['Shift', 'J', 'K'], 'keyExtend'],
  [['A'], 'keyAll'],
  [['␣'], 'keyFlip'],
  [['←', '→'], 'keySwipe'],
  [['1', '2', '3'], 'keyModes'],
  [['F'], 'keyFull'],
  [['Z', '⇧Z'], 'keyZoom'],
  [['/'], 'keySearch'],
  [['R'], 'keyRefresh'],
  [['?'], 'keyHelp'],
  [['Esc'], 'keyClose'],
];

/** Every key of the page. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog class="keys-help" ref=${dialog} aria-label=${say('help')} onClose=${onClose}
      onClick=${(event: MouseEvent) => event.target === event.currentTarget && dialog.current?.close()}>
      <div>
        <h2>${say('help')}</h2>
        <dl>${rows.map(
          ([keys, meaning]) =>
            html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${say(meaning)}</dd></div>`,
        )}</dl>
      </div>
    </dialog>
  `;
}
