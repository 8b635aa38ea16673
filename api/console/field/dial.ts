import { html } from 'htm/preact';
import { label } from '../shell/text.ts';
import { say } from './words.ts';

const points = { zh: ['北', '东', '南', '西'], en: ['N', 'E', 'S', 'W'] };

interface DialProps {
  /** Degrees from north; null: not known yet, the first touch sets it. */
  azimuth: number | null;
  /** Whither the patch lies; null where nobody knows. */
  wanted: number | null;
  onTurn: (azimuth: number) => void;
}

/** A compass card to be turned by a thumb, or with the arrow keys; the yellow mark is where the patch lies. */
export function Dial({ azimuth, wanted, onTurn }: DialProps) {
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    if (Math.hypot(x, y) > 8) onTurn((Math.atan2(x, -y) * 180) / Math.PI);
  };
  const down = (event: PointerEvent) => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    point(event);
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onTurn((azimuth ?? 0) + by);
  };
  return html`
    <svg class="dial" viewBox="-100 -100 200 200" role="slider" tabindex="0" aria-label=${say('direction')}
      aria-valuemin="0" aria-valuemax="359" aria-valuenow=${azimuth ?? 0} onKeyDown=${press}
      onPointerDown=${down} onPointerMove=${(event: PointerEvent) => event.buttons > 0 && point(event)}>
      <circle class="dial-card" r="92" />
      ${Array.from({ length: 24 }, (_, i) => html`<path class=${i % 6 === 0 ? 'dial-mark strong' : 'dial-mark'} transform=${`rotate(${i * 15})`} d="M0-92V-82" />`)}
      ${label(points).map((name, i) => html`<text class="dial-name" transform=${`rotate(${i * 90}) translate(0 -66) rotate(${-i * 90})`} y="6">${name}</text>`)}
      ${wanted !== null && html`<path class="dial-patch" transform=${`rotate(${Math.round(wanted)})`} d="M-9-96H9L0-80z" />`}
      ${azimuth !== null && html`<g transform=${`rotate(${azimuth})`}><path class="dial-cone" d="M0 0-33-54A63 63 0 0 1 33-54z" /><path class="dial-hand" d="M0-78 9-52H-9z" /></g>`}
      <circle class="dial-hub" r="6" />
    </svg>
  `;
}
