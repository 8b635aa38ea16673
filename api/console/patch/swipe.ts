import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { word } from '../shell/text.ts';
import { type Dated, DateTag } from './dated.ts';
import { type Frame, Outline, ScaleBar } from './outline.ts';

/** Two pictures that lie over each other to the pixel. */
export interface PairProps {
  left: Dated;
  right: Dated;
  leftUrl: string;
  rightUrl: string;
  frame: Frame;
  outlined: boolean;
  /** Ground size of a pixel. */
  pixelM: number;
}

const stepPercent = 2;
/** Where the divider stands after a key, in percent from the left. */
const keys: Record<string, (current: number) => number> = {
  ArrowLeft: (current) => current - stepPercent,
  ArrowRight: (current) => current + stepPercent,
  Home: () => 0,
  End: () => 100,
  ' ': (current) => (current > 50 ? 0 : 100),
};

/** Both pictures over each other; left of the divider the one before, right of it the one after. */
export function Swipe({ left, right, leftUrl, rightUrl, frame, outlined, pixelM }: PairProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [split, setSplit] = useState(50);
  const move = (percent: number) => setSplit(Math.min(100, Math.max(0, percent)));
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') stage.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const box = stage.current?.getBoundingClientRect();
    if (box) move(((event.clientX - box.left) / box.width) * 100);
  };
  // Space flips the whole picture, which shows a change better than a divider.
  useStageKeys((key) => {
    const next = keys[key];
    if (next === undefined) return false;
    setSplit((current) => Math.min(100, Math.max(0, next(current))));
    return true;
  });
  return html`
    <div class="stage swipe" ref=${stage} style=${{ '--split': split }} onPointerDown=${drag} onPointerMove=${drag}>
      <img src=${rightUrl} alt=${right.title} draggable=${false} />
      <img src=${leftUrl} alt=${left.title} draggable=${false}
        style=${{ clipPath: `inset(0 ${100 - split}% 0 0)` }} />
      ${outlined && html`<${Outline} frame=${frame} />`}
      <${DateTag} dated=${left} side="left" hidden=${split <= 12} />
      <${DateTag} dated=${right} side="right" hidden=${split >= 88} />
      <${ScaleBar} widthM=${frame.width * pixelM} />
      <div class="divider" role="slider" tabindex="0"
        aria-label=${word('swipe')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(split)}></div>
    </div>
  `;
}

/** Keys that mean the pictures wherever the focus is, as J and K mean the list. `press` says whether it took one. */
export function useStageKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (target.closest('input, select, textarea, dialog')) return;
      if (event.key === ' ' && target.closest('button, summary, a')) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
