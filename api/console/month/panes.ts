import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { type MonthWord, say } from './words.ts';

export type Pane = 'list' | 'map' | 'patch';

const panes: [Pane, MonthWord][] = [
  ['list', 'list'],
  ['map', 'map'],
  ['patch', 'patch'],
];

/** On a telephone one part is seen at a time. */
export function PaneTabs({ pane, onPane }: { pane: Pane; onPane: (pane: Pane) => void }) {
  return html`
    <nav class="pane-tabs" aria-label=${say('parts')}>
      ${panes.map(([name, title]) => html`<button class="plain" aria-pressed=${name === pane} onClick=${() => onPane(name)}>${say(title)}</button>`)}
    </nav>
  `;
}

const slot = 'tuban.patch-width';
const [least, most, stepPx] = [460, 1100, 20];

/** The width of the patch's part that was last chosen on this machine, px; null where nobody did. */
export function keptWidth(): number | null {
  const kept = Number(localStorage.getItem(slot));
  return kept >= least && kept <= most ? kept : null;
}

/** Between map and patch: whoever wants the pictures larger draws it to the left. */
export function Splitter({ width, onWidth }: { width: number | null; onWidth: (width: number) => void }) {
  const bar = useRef<HTMLDivElement>(null);
  const change = (wanted: number) => {
    const next = Math.round(Math.min(most, Math.max(least, wanted)));
    localStorage.setItem(slot, String(next));
    onWidth(next);
  };
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') bar.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    change(document.documentElement.clientWidth - event.clientX);
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: stepPx, ArrowRight: -stepPx }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const seen = bar.current?.nextElementSibling?.clientWidth ?? least;
    change((width ?? seen) + by);
  };
  return html`
    <div class="splitter" ref=${bar} role="separator" tabindex="0" aria-orientation="vertical" aria-label=${say('wider')} title=${say('wider')}
      aria-valuemin=${least} aria-valuemax=${most} aria-valuenow=${width ?? least}
      onPointerDown=${drag} onPointerMove=${drag} onKeyDown=${press}></div>
  `;
}
