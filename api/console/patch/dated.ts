import { html } from 'htm/preact';
import type { PatchDetail } from '../../server/schemas.ts';
import type { PlaceStrip } from '../../server/strip-schemas.ts';
import { percentText } from '../shell/format.ts';
import { label, word } from '../shell/text.ts';
import { pictureSize } from './kept.ts';
import { say } from './words.ts';

export type StripDate = PlaceStrip['dates'][number];
export type Bands = PlaceStrip['bands'][number];

/** What is put beside what: the look before, the look after, or any date of the strip by its id. */
export type Slot = string;

function isUsual(slot: Slot): slot is 'before' | 'after' {
  return slot === 'before' || slot === 'after';
}

/** Two pictures and what is said upon them. */
export interface Dated {
  path: string;
  /** '前 2024-06-17', or the date alone. */
  title: string;
  /** Sensor, cloud and how much of the patch is seen; '' while that is not known. */
  about: string;
  /** Not seen clearly: said in words upon the picture. */
  warning: string | null;
}

interface Look {
  patch: PatchDetail;
  strip: PlaceStrip | null;
  bands: Bands;
  /** Pixels of a side. */
  size?: number;
}

export function datedSlot(slot: Slot, { patch, strip, bands, size = pictureSize }: Look): Dated {
  const at = `patches/${encodeURIComponent(patch.number)}`;
  const query = `size=${size}${bands === 'natural' ? '' : `&bands=${bands}`}`;
  if (!isUsual(slot)) {
    const date = strip?.dates.find(({ id }) => id === slot);
    return { path: `${at}/chips/${slot}.png?${query}`, title: date?.date ?? '', ...aboutDate(date) };
  }
  const pairs = pairsOf(patch);
  const [main] = pairs;
  const dates = [...new Set(pairs.map((pair) => pair[slot].date))].join(', ');
  const date = strip?.dates.find(({ scenes }) => scenes.some(({ id }) => id === main?.[slot].id));
  const shown = dates || (slot === 'before' ? patch.beforeDate : patch.afterDate);
  return {
    path: `${at}/${slot}.png?${query}`,
    title: `${word(slot)} ${shown}`,
    ...(date ? aboutDate(date) : { about: main?.[slot].sensor ?? '', warning: null }),
  };
}

interface Pair {
  before: { id: string; date: string; sensor: string };
  after: { id: string; date: string; sensor: string };
}

/** Pairs of images that it was found on, that which judged most of it first; none for a row of a batch. */
export function pairsOf({ detection }: PatchDetail): Pair[] {
  return (detection.evidence['pairs'] ?? []) as Pair[];
}

function aboutDate(date: StripDate | undefined): Pick<Dated, 'about' | 'warning'> {
  if (date === undefined) return { about: '', warning: null };
  const [{ cloudFraction }] = date.scenes;
  const cloud = cloudFraction === null ? null : `${say('cloudShare')} ${percentText(cloudFraction)}`;
  const seen = `${say('seenHere')} ${percentText(date.seenShare)}`;
  const about = [date.sensor, cloud, seen].filter(Boolean).join(' · ');
  return { about, warning: date.sight === 'observed' && !date.doubtful ? null : label(date.said) };
}

/** The day of a picture and how it was taken, upon it. */
export function DateTag({ dated, side, hidden = false }: { dated: Dated; side: 'left' | 'right'; hidden?: boolean }) {
  return html`
    <span class=${`tagged ${side}`} style=${{ opacity: hidden ? 0 : 1 }}>
      <span class="date">${dated.title}</span>
      ${dated.about !== '' && html`<span class="about">${dated.about}</span>`}
      ${dated.warning !== null && html`<span class="about warning">${dated.warning}</span>`}
    </span>
  `;
}
