import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { mapWord } from './words.ts';

interface DividerProps {
  /** 0 to 1 from the left. */
  share: number;
  onMove: (share: number) => void;
}

const step = 0.02;

/** The line between the two dates; left of it the one before. */
export function Divider({ share, onMove }: DividerProps) {
  const line = useRef<HTMLDivElement>(null);
  const within = (value: number) => Math.min(1, Math.max(0, value));
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') line.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const box = line.current?.parentElement?.getBoundingClientRect();
    if (box) onMove(within((event.clientX - box.left) / box.width));
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -step, ArrowRight: step, Home: -1, End: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(within(share + by));
  };
  return html`
    <div class="map-divider" ref=${line} role="slider" tabindex="0" style=${{ left: `${100 * share}%` }}
      aria-label=${mapWord('divider')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * share)}
      onPointerDown=${drag} onPointerMove=${drag} onKeyDown=${press}>
      <span class="side left">${mapWord('before')}</span><span class="side right">${mapWord('after')}</span>
    </div>
  `;
}
