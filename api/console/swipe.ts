import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { word } from './text.ts';

interface SwipeProps {
  beforeUrl: string | null;
  afterUrl: string | null;
  beforeDate: string;
  afterDate: string;
  width: number;
  height: number;
  /** Rings in the pixel space of both pictures. */
  outline: [number, number][][];
}

/** Both pictures over each other; left of the divider the one before, right of it the one after. */
export function Swipe({ beforeUrl, afterUrl, beforeDate, afterDate, width, height, outline }: SwipeProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [split, setSplit] = useState(50);
  const move = (percent: number) => setSplit(Math.min(100, Math.max(0, percent)));
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') stage.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const box = stage.current?.getBoundingClientRect();
    if (box) move(((event.clientX - box.left) / box.width) * 100);
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(split + by);
  };
  // Space flips the whole picture, which shows a change better than a divider does.
  useEffect(() => {
    const flip = (event: KeyboardEvent) => {
      if (event.key !== ' ' || (event.target as HTMLElement).closest('input, select, textarea, button')) return;
      event.preventDefault();
      setSplit((current) => (current > 50 ? 0 : 100));
    };
    addEventListener('keydown', flip);
    return () => removeEventListener('keydown', flip);
  }, []);
  const path = outline.map((ring) => `M${ring.map((point) => point.join(' ')).join('L')}Z`).join('');
  return html`
    <div class="swipe" ref=${stage} onPointerDown=${drag} onPointerMove=${drag}>
      ${afterUrl && html`<img src=${afterUrl} alt=${`${word('after')} ${afterDate}`} draggable=${false} />`}
      ${
        beforeUrl &&
        html`<img src=${beforeUrl} alt=${`${word('before')} ${beforeDate}`} draggable=${false}
          style=${{ clipPath: `inset(0 ${100 - split}% 0 0)` }} />`
      }
      <svg viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">
        <path d=${path} class="halo" /><path d=${path} class="line" />
      </svg>
      <span class="date left" style=${{ opacity: split > 12 ? 1 : 0 }}>${word('before')} ${beforeDate}</span>
      <span class="date right" style=${{ opacity: split < 88 ? 1 : 0 }}>${word('after')} ${afterDate}</span>
      <div class="divider" role="slider" tabindex="0" style=${{ left: `${split}%` }} onKeyDown=${step}
        aria-label=${word('swipe')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(split)}></div>
    </div>
  `;
}
