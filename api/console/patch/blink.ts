import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { DateTag } from './dated.ts';
import { Outline, ScaleBar } from './outline.ts';
import { type PairProps, useStageKeys } from './swipe.ts';
import { type PatchWord, say } from './words.ts';

/** How long each picture stands, ms; never more than three changes a second (WCAG 2.3.1). */
const speeds: [ms: number, name: PatchWord][] = [
  [1500, 'slow'],
  [800, 'usual'],
  [400, 'fast'],
];

/** Both pictures by turns in the same place: what moves is what changed. */
export function Blink({ left, right, leftUrl, rightUrl, frame, outlined, pixelM }: PairProps) {
  const [shown, setShown] = useState<'left' | 'right'>('right');
  // Who asked their system for less motion gets none that they did not ask for.
  const [running, setRunning] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches);
  const [periodMs, setPeriodMs] = useState(speeds[1][0]);
  useEffect(() => {
    if (!running) return undefined;
    const turn = setInterval(() => setShown((now) => (now === 'left' ? 'right' : 'left')), periodMs);
    return () => clearInterval(turn);
  }, [running, periodMs]);
  const still = (side: 'left' | 'right') => {
    setRunning(false);
    setShown(side);
  };
  useStageKeys((key) => {
    if (key === ' ') setRunning((now) => !now);
    else if (key === 'ArrowLeft') still('left');
    else if (key === 'ArrowRight') still('right');
    else return false;
    return true;
  });
  const dated = shown === 'left' ? left : right;
  return html`
    <div class="stage blink" role="group" aria-label=${say('blinkStage')} data-shown=${shown} data-running=${running}>
      <img src=${rightUrl} alt=${right.title} draggable=${false} />
      <img src=${leftUrl} alt=${left.title} draggable=${false} hidden=${shown !== 'left'} />
      ${outlined && html`<${Outline} frame=${frame} />`}
      <${DateTag} dated=${dated} side="left" />
      <${ScaleBar} widthM=${frame.width * pixelM} />
      <span class="player">
        <button onClick=${() => setRunning(!running)} aria-pressed=${running}>${running ? `❚❚ ${say('pause')}` : `▶ ${say('play')}`}</button>
        <select aria-label=${say('speed')} value=${periodMs} onChange=${(event: Event) => setPeriodMs(Number((event.target as HTMLSelectElement).value))}>
          ${speeds.map(([ms, name]) => html`<option value=${ms}>${say(name)}</option>`)}
        </select>
      </span>
    </div>
  `;
}
