import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { word } from '../shell/text.ts';

interface SwipeProps {
  beforeUrl: string;
  afterUrl: string;
  /** Dates of the images shown, the one of most pixels first. */
  beforeDates: string;
  afterDates: string;
  width: number;
  height: number;
  /** Rings in the pixel space of both pictures. */
  outline: [number, number][][];
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
export function Swipe({ beforeUrl, afterUrl, beforeDates, afterDates, width, height, outline, pixelM }: SwipeProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [split, setSplit] = useState(50);
  const move = (percent: number) => setSplit(Math.min(100, Math.max(0, percent)));
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') stage.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const box = stage.current?.getBoundingClientRect();
    if (box) move(((event.clientX - box.left) / box.width) * 100);
  };
  // Wherever the focus is, as J and K. Space flips the whole picture, which shows a change better than a divider.
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest('input, select, textarea')) return;
      if (event.key === ' ' && (event.target as HTMLElement).closest('button')) return;
      const next = keys[event.key];
      if (next === undefined) return;
      event.preventDefault();
      setSplit((current) => Math.min(100, Math.max(0, next(current))));
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  const path = outline.map((ring) => `M${ring.map((point) => point.join(' ')).join('L')}Z`).join('');
  return html`
    <div class="swipe" ref=${stage} style=${{ '--split': split }} onPointerDown=${drag} onPointerMove=${drag}>
      <img src=${afterUrl} alt=${`${word('after')} ${afterDates}`} draggable=${false} />
      <img src=${beforeUrl} alt=${`${word('before')} ${beforeDates}`} draggable=${false}
        style=${{ clipPath: `inset(0 ${100 - split}% 0 0)` }} />
      <svg viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">
        <path d=${path} class="halo" /><path d=${path} class="line" />
      </svg>
      <span class="date left" style=${{ opacity: split > 12 ? 1 : 0 }}>${word('before')} ${beforeDates}</span>
      <span class="date right" style=${{ opacity: split < 88 ? 1 : 0 }}>${word('after')} ${afterDates}</span>
      <${ScaleBar} widthM=${width * pixelM} />
      <div class="divider" role="slider" tabindex="0"
        aria-label=${word('swipe')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(split)}></div>
    </div>
  `;
}

const barLengthsM = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** A bar of a round length, at most a third of the picture. */
function ScaleBar({ widthM }: { widthM: number }) {
  const lengthM = barLengthsM.findLast((length) => length <= widthM / 3);
  if (lengthM === undefined) return null;
  const text = lengthM < 1000 ? `${lengthM} m` : `${lengthM / 1000} km`;
  return html`<span class="scale" style=${{ width: `${(100 * lengthM) / widthM}%` }}>${text}</span>`;
}
