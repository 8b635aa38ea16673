import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Dated, DateTag } from './dated.ts';
import { Outline, ScaleBar } from './outline.ts';
import type { PairProps } from './swipe.ts';
import { say } from './words.ts';

/** What part of the pictures is seen: how much larger, and where its middle lies, in shares of the picture. */
interface View {
  scale: number;
  x: number;
  y: number;
}

const whole: View = { scale: 1, x: 0.5, y: 0.5 };
const most = 12;
const keys: Record<string, (view: View) => View> = {
  '+': (view) => zoomed(view, 1.5),
  '=': (view) => zoomed(view, 1.5),
  '-': (view) => zoomed(view, 1 / 1.5),
  '0': () => whole,
  ArrowLeft: (view) => panned(view, -0.1, 0),
  ArrowRight: (view) => panned(view, 0.1, 0),
  ArrowUp: (view) => panned(view, 0, -0.1),
  ArrowDown: (view) => panned(view, 0, 0.1),
};

/** Both pictures beside each other, zoomed and panned as one. */
export function SideBySide({ left, right, leftUrl, rightUrl, frame, outlined, pixelM }: PairProps) {
  const [view, setView] = useState(whole);
  const stage = useRef<HTMLDivElement>(null);
  const gestures = useGestures(setView);
  // Listened to by hand: a wheel that zooms must keep the page from scrolling, and a passive listener may not.
  useEffect(() => {
    const element = stage.current;
    element?.addEventListener('wheel', gestures.wheel, { passive: false });
    return () => element?.removeEventListener('wheel', gestures.wheel);
  }, []);
  const press = (event: KeyboardEvent) => {
    const next = keys[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // Arrows would go through the list.
    event.stopPropagation();
    setView(next);
  };
  const pane = (dated: Dated, url: string, side: 'left' | 'right') => html`
    <figure class="pane">
      <div class="laid" style=${{ transform: transformOf(view) }}>
        <img src=${url} alt=${dated.title} draggable=${false} />
        ${outlined && html`<${Outline} frame=${frame} />`}
      </div>
      <${DateTag} dated=${dated} side="left" />
      ${side === 'left' && html`<${ScaleBar} widthM=${(frame.width * pixelM) / view.scale} />`}
    </figure>
  `;
  return html`
    <div class="stage side" ref=${stage} tabindex="0" role="group" aria-label=${say('sideStage')} title=${say('sideHint')}
      data-scale=${view.scale.toFixed(2)} onKeyDown=${press} onDblClick=${() => setView(whole)} onPointerDown=${gestures.down}
      onPointerMove=${gestures.move} onPointerUp=${gestures.up} onPointerCancel=${gestures.up}>
      ${pane(left, leftUrl, 'left')}${pane(right, rightUrl, 'right')}
      <span class="zoom">
        <button aria-label=${say('zoomIn')} title=${say('zoomIn')} onClick=${() => setView((now) => zoomed(now, 1.5))}>+</button>
        <button aria-label=${say('zoomOut')} title=${say('zoomOut')} onClick=${() => setView((now) => zoomed(now, 1 / 1.5))}>−</button>
        <button aria-label=${say('zoomAll')} title=${say('zoomAll')} onClick=${() => setView(whole)}>⤢</button>
      </span>
    </div>
  `;
}

/** The wheel zooms where it stands, a finger or a button held pans, two fingers do both. */
function useGestures(setView: (change: (view: View) => View) => void) {
  const fingers = useRef(new Map<number, { x: number; y: number }>()).current;
  const wheel = (event: WheelEvent) => {
    const box = (event.target as Element).closest('.pane')?.getBoundingClientRect();
    if (box === undefined) return;
    event.preventDefault();
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    setView((view) => zoomed(view, 1.0015 ** -event.deltaY, at));
  };
  const down = (event: PointerEvent) => {
    const pane = (event.target as Element).closest('.pane');
    if (pane === null || (event.target as Element).closest('button')) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const side = (event.currentTarget as Element).querySelector('.pane')?.getBoundingClientRect().width ?? 1;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const now = { x: event.clientX, y: event.clientY };
    fingers.set(event.pointerId, now);
    if (other === undefined) {
      setView((view) => panned(view, (before.x - now.x) / side, (before.y - now.y) / side));
      return;
    }
    const apart = (point: typeof now) => Math.hypot(point.x - other.x, point.y - other.y);
    setView((view) => zoomed(view, apart(now) / Math.max(1, apart(before))));
  };
  const up = (event: PointerEvent) => void fingers.delete(event.pointerId);
  return { wheel, down, move, up };
}

/** @param at what stays where it is, in shares of the pane; its middle unless said */
function zoomed(view: View, factor: number, at = { x: 0.5, y: 0.5 }): View {
  const scale = Math.min(most, Math.max(1, view.scale * factor));
  const shift = 1 / view.scale - 1 / scale;
  return inside({ scale, x: view.x + (at.x - 0.5) * shift, y: view.y + (at.y - 0.5) * shift });
}

/** By shares of the pane. */
function panned({ scale, x, y }: View, dx: number, dy: number): View {
  return inside({ scale, x: x + dx / scale, y: y + dy / scale });
}

function inside({ scale, x, y }: View): View {
  const half = 0.5 / scale;
  const held = (value: number) => Math.min(1 - half, Math.max(half, value));
  return { scale, x: held(x), y: held(y) };
}

function transformOf({ scale, x, y }: View): string {
  return `translate(${50 - 100 * x * scale}%, ${50 - 100 * y * scale}%) scale(${scale})`;
}
