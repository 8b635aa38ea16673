import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import type { PlaceStrip } from '../../server/strip-schemas.ts';
import { percentText } from '../shell/format.ts';
import { label } from '../shell/text.ts';
import { type Slots, usualSlots } from './compare.ts';
import { datedSlot, type StripDate } from './dated.ts';
import { usePicture } from './picture-store.ts';
import { say } from './words.ts';

const roleNames = { before: 'roleBefore', after: 'roleAfter', watch: 'roleWatch' } as const;

interface StripProps {
  patch: PatchDetail;
  strip: PlaceStrip;
  slots: Slots;
  onSlots: (slots: Slots) => void;
  /** Shows another page of dates. */
  onPage: (from: string) => void;
}

/** Every date of the place in order of time; any two can be put beside each other. */
export function Strip({ patch, strip, slots, onSlots, onPage }: StripProps) {
  const list = useRef<HTMLOListElement>(null);
  const { onset, total, previous, next } = strip;
  // What changed is what one looks for first.
  useEffect(() => {
    const changed = list.current?.querySelector<HTMLElement>('.changed');
    if (changed && list.current) list.current.scrollLeft = changed.offsetLeft - list.current.clientWidth / 2;
  }, [patch.number, strip.dates[0]?.id]);
  const isUsual = slots.left === usualSlots.left && slots.right === usualSlots.right;
  return html`
    <section class="strip">
      <h3>${say('strip')} <span class="faint">${total} ${say('dates')} · ${say('stripHint')}</span>
        ${!isUsual && html`<button class="plain" onClick=${() => onSlots(usualSlots)}>${say('usualPair')}</button>`}
      </h3>
      <ol ref=${list} tabindex="0" aria-label=${say('strip')}>
        ${previous !== null && html`<li class="page"><button onClick=${() => onPage(previous)}>‹ ${say('earlier')}</button></li>`}
        ${entries(strip).map((entry) =>
          typeof entry === 'string'
            ? html`<li key=${entry} class=${`unseen ${inOnset(`${entry}-15`, onset) ? 'changing' : ''}`}>
                <span class="thumb"></span><time class="date">${entry}</time><span class="said">${say('noImageMonth')}</span></li>`
            : html`<${Chip} key=${entry.id} date=${entry} patch=${patch} strip=${strip} slots=${slots} onSlots=${onSlots} />`,
        )}
        ${next !== null && html`<li class="page"><button onClick=${() => onPage(next)}>${say('later')} ›</button></li>`}
      </ol>
    </section>
  `;
}

/** Dates of the page, and the months without an image that lie between them, in order of time. */
function entries({ dates, unseenMonths, previous, next }: PlaceStrip): (StripDate | string)[] {
  const first = previous === null ? '' : (dates[0]?.date ?? '');
  const last = next === null ? '~' : (dates.at(-1)?.date ?? '');
  const months = unseenMonths.filter((month) => month > first && month < last);
  const timeOf = (entry: StripDate | string) => (typeof entry === 'string' ? entry : entry.date);
  return [...dates, ...months].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
}

function inOnset(date: string, { lastUnchanged, firstChanged }: PlaceStrip['onset']): boolean {
  return date > lastUnchanged && date < firstChanged;
}

interface ChipProps extends Omit<StripProps, 'onPage'> {
  date: StripDate;
}

function Chip({ date, patch, strip, slots, onSlots }: ChipProps) {
  const whole = useRef<HTMLLIElement>(null);
  const seen = useSeen(whole);
  const covered = date.sight !== 'no-image';
  const { path } = datedSlot(date.id, { patch, strip, bands: 'natural', size: 96 });
  const { url } = usePicture(seen && covered ? path : null);
  const { lastUnchanged, firstChanged } = strip.onset;
  const place = [
    date.date === firstChanged ? 'changed' : '',
    date.date === lastUnchanged ? 'unchanged' : '',
    inOnset(date.date, strip.onset) ? 'changing' : '',
  ];
  const said = label(date.said);
  const share = date.sight === 'partly' ? ` ${percentText(date.seenShare)}` : '';
  const put = (side: keyof Slots) => () => onSlots({ ...slots, [side]: date.id });
  const onSide = (side: keyof Slots, usual: 'before' | 'after') =>
    slots[side] === date.id || (slots[side] === usual && date.roles.includes(usual) && isMain(date, usual, strip));
  const button = (side: keyof Slots, usual: 'before' | 'after') => html`
    <button aria-pressed=${onSide(side, usual)} disabled=${!covered} onClick=${put(side)}
      aria-label=${`${date.date} ${say(side === 'left' ? 'putLeft' : 'putRight')}`}>${say(side === 'left' ? 'toLeft' : 'toRight')}</button>
  `;
  return html`
    <li ref=${whole} class=${`${date.sight} ${date.doubtful ? 'doubtful' : ''} ${place.join(' ')}`} title=${`${date.date} ${date.sensor} · ${said}`}>
      <span class="thumb">
        ${url !== null && html`<img src=${url} alt=${`${date.date} ${said}`} />`}
        <span class="sides">${button('left', 'before')}${button('right', 'after')}</span>
      </span>
      <time class="date">${date.date}</time>
      <span class="said">${said}${share}</span>
      ${date.roles.map((role) => html`<span class="role">${say(roleNames[role])}</span>`)}
    </li>
  `;
}

/** Whether it is the date that the pictures before and after are named by. */
function isMain(date: StripDate, role: 'before' | 'after', { dates, onset }: PlaceStrip): boolean {
  const named = role === 'before' ? onset.lastUnchanged : onset.firstChanged;
  const exact = dates.some((one) => one.date === named && one.roles.includes(role));
  return exact ? date.date === named : true;
}

/** True from when it first comes into sight. */
function useSeen(whole: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (changes) => {
        if (changes.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: '100px' },
    );
    if (whole.current) watcher.observe(whole.current);
    return () => watcher.disconnect();
  }, []);
  return seen;
}
