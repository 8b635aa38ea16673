import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChipFrame, PatchDetail } from '../../server/schemas.ts';
import type { PlaceStrip } from '../../server/strip-schemas.ts';
import { getJson } from '../shell/server.ts';
import { word } from '../shell/text.ts';
import { Blink } from './blink.ts';
import { type Bands, datedSlot, pairsOf, type Slot } from './dated.ts';
import { pathsOfPatch, pictureSize } from './kept.ts';
import { ringsArea } from './outline.ts';
import { usePicture } from './picture-store.ts';
import { SideBySide } from './side-by-side.ts';
import { type PairProps, Swipe, useStageKeys } from './swipe.ts';
import { say } from './words.ts';

/** Which date stands on which side. */
export interface Slots {
  left: Slot;
  right: Slot;
}
export const usualSlots: Slots = { left: 'before', right: 'after' };

const modes = { swipe: Swipe, side: SideBySide, blink: Blink } as const;
type Mode = keyof typeof modes;
const modeKeys: Record<string, Mode> = { '1': 'swipe', '2': 'side', '3': 'blink' };

/** How one looks stays as it was chosen, from patch to patch. */
const chosen: { mode: Mode; bands: Bands; outlined: boolean } = { mode: 'swipe', bands: 'natural', outlined: true };

interface CompareProps {
  patch: PatchDetail;
  strip: PlaceStrip | null;
  slots: Slots;
  /** The pictures have the room of the whole page. */
  full: boolean;
}

/** Two dates of the place, looked at by swiping, side by side or by turns; keys 1, 2 and 3. */
export function Compare({ patch, strip, slots, full }: CompareProps) {
  const [{ mode, bands, outlined }, set] = useState({ ...chosen });
  const choose = (change: Partial<typeof chosen>) => set(Object.assign(chosen, change) && { ...chosen });
  useStageKeys((key) => {
    if (!(key in modeKeys)) return false;
    choose({ mode: modeKeys[key] });
    return true;
  });
  const canFalse = strip === null || strip.bands.includes('false-color');
  const shownBands = canFalse ? bands : 'natural';
  return html`
    <div class=${`compare by-${mode}`}>
      <div class="tools">
        <div class="choice" role="group" aria-label=${say('compare')}>
          ${(Object.keys(modes) as Mode[]).map(
            (one, i) =>
              html`<button aria-pressed=${one === mode} title=${i + 1} onClick=${() => choose({ mode: one })}>${say(one)}</button>`,
          )}
        </div>
        <div class="choice" role="group" aria-label=${say('bands')}>
          ${(['natural', 'false-color'] as const).map(
            (one) => html`<button aria-pressed=${one === shownBands} disabled=${one === 'false-color' && !canFalse}
              title=${one === 'false-color' ? say('falseHint') : ''} onClick=${() => choose({ bands: one })}>${say(one)}</button>`,
          )}
        </div>
        <label class="tick"><input type="checkbox" checked=${outlined}
          onChange=${(event: Event) => choose({ outlined: (event.target as HTMLInputElement).checked })} /> ${say('outline')}</label>
      </div>
      <${Pictures} mode=${mode} bands=${shownBands} outlined=${outlined} patch=${patch} strip=${strip} slots=${slots} full=${full} />
    </div>
  `;
}

function Pictures(props: CompareProps & { mode: Mode; bands: Bands; outlined: boolean }) {
  const { mode, bands, outlined, patch, strip, slots, full } = props;
  const look = { patch, strip, bands, size: full ? 2 * pictureSize : pictureSize };
  const found = pairsOf(patch).length > 0;
  const left = datedSlot(slots.left, look);
  const right = datedSlot(slots.right, look);
  // What came as a row of a batch was found on no pair: its first two dates come with the strip.
  const ready = found || (slots.left !== 'before' && slots.right !== 'after');
  const [a, b] = [usePicture(ready ? left.path : null), usePicture(ready ? right.path : null)];
  const frame = useFrame(patch, strip, found);
  const missing = (text: unknown) => html`<div class="stage missing"><p>${text}</p></div>`;
  const failure = a.failure ?? b.failure;
  if (failure !== null) return missing(html`${word('noPicture')}<br />${failure}`);
  if (!ready && strip !== null) return missing(word('noPicture'));
  if (a.url === null || b.url === null || frame === null) return missing(word('pictureLoading'));
  // The outline is told in the pixels of one size and drawn over any.
  const pixelM = Math.sqrt(patch.areaM2 / ringsArea(frame.outline));
  const pair: PairProps = { left, right, leftUrl: a.url, rightUrl: b.url, frame, outlined, pixelM };
  return html`<${modes[mode]} ...${pair} />`;
}

/** Where the patch lies in its pictures: asked for by itself, or as the strip tells it where no pair found the patch. */
function useFrame(patch: PatchDetail, strip: PlaceStrip | null, found: boolean): PairProps['frame'] | null {
  const [frame, setFrame] = useState<ChipFrame | null>(null);
  useEffect(() => {
    if (!found) return undefined;
    const loading = new AbortController();
    // The strip tells the same a little later.
    getJson<ChipFrame>(pathsOfPatch(patch.number)[1], loading.signal).then(setFrame, () => {});
    return () => loading.abort();
  }, [patch.number]);
  return frame ?? strip?.frame ?? null;
}
