import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { FieldTaskBody } from '../../server/field-schemas.ts';
import type { Desk } from './desk.ts';
import { Dial } from './dial.ts';
import { bearing, distanceM, middleOf, nearestM } from './geo.ts';
import type { Item, Said } from './item.ts';
import { useBlobAddress } from './patch-picture.ts';
import type { Sensed } from './sensors.ts';
import { say } from './words.ts';

interface CheckProps {
  item: Item;
  task: FieldTaskBody;
  desk: Desk;
  sensed: Sensed;
  onDone: () => void;
}

/** As the server's own tests have it. */
const mostDistanceM = 200;
/** Off by less than the compass may be, it is taken for towards the patch. */
const towards = 25;
/** So far from where it was taken the position now is another. */
const movedM = 15;

/** The photo just taken with where and whither: seen and put right before it goes out. */
export function PhotoCheck({ item, task, desk, sensed, onDone }: CheckProps) {
  const [said, setSaid] = useState<Said>(item.photo!.said);
  const [sure, setSure] = useState(false);
  const address = useBlobAddress(item.photo!.thumb);
  const from = said.lon === null || said.lat === null ? null : { lon: said.lon, lat: said.lat };
  const wanted = from && bearing(from, middleOf(task));
  const { fix } = sensed;
  const here = () =>
    fix && setSaid({ ...said, lon: fix.lon, lat: fix.lat, accuracyM: Math.round(fix.accuracyM * 10) / 10 });
  const turn = (azimuth: number) => setSaid({ ...said, azimuth: Math.round(azimuth + 360) % 360, azimuthBy: 'hand' });
  const keep = async () => {
    await desk.change({ ...item, state: 'waiting', photo: { ...item.photo!, said } });
    onDone();
  };
  const discard = async () => {
    if (!sure) return setSure(true);
    await desk.remove([item]);
    onDone();
  };
  return html`
    <div class="sheet" role="dialog" aria-modal="true" aria-label=${say('checkPhoto')}>
      <div class="sheet-body">
        ${address ? html`<img class="shot-large" src=${address} alt=${say('photo')} />` : html`<p class="hint">HEIC</p>`}
        <section>
          <h2>${say('whereTaken')}</h2>
          <p class="where">
            ${from ? html`<span class="mono">${from.lon.toFixed(5)}, ${from.lat.toFixed(5)}</span> <span>±${Math.round(said.accuracyM ?? 0)} m</span>` : say('noPosition')}
          </p>
          ${from && html`<${Distance} metres=${nearestM(from, task).metres} />`}
          ${fix && (from === null || distanceM(from, fix) > movedM) && html`<button class="wide" onClick=${here}>${say('renewPosition')}</button>`}
        </section>
        <section>
          <h2>${say('direction')}</h2>
          <${Dial} azimuth=${said.azimuth} wanted=${wanted} onTurn=${turn} />
          <p class="dial-text">
            ${said.azimuth === null ? say('noDirection') : html`<b>${said.azimuth}°</b> ${said.azimuthBy && say(said.azimuthBy === 'hand' ? 'byHand' : 'byCompass')}`}
            ${said.azimuth !== null && wanted !== null && html`<${Aim} off=${offBy(said.azimuth, wanted)} />`}
          </p>
          <div class="row">
            <button aria-label=${say('left')} disabled=${said.azimuth === null} onClick=${() => turn(said.azimuth! - 5)}>−5°</button>
            <button disabled=${wanted === null} onClick=${() => turn(wanted!)}>${say('toPatch')}</button>
            <button aria-label=${say('right')} disabled=${said.azimuth === null} onClick=${() => turn(said.azimuth! + 5)}>+5°</button>
          </div>
        </section>
      </div>
      <div class="actions">
        <button class=${sure ? 'big danger' : 'big'} onClick=${discard}>${say(sure ? 'sureDiscard' : 'discard')}</button>
        <button class="big main" onClick=${keep}>${say('keep')}</button>
      </div>
    </div>
  `;
}

function Distance({ metres }: { metres: number }) {
  if (metres === 0) return html`<p class="good">${say('here')}</p>`;
  if (metres > mostDistanceM) return html`<p class="bad">${say('tooFar', Math.round(metres))}</p>`;
  return html`<p class="good">${say('away')} ${Math.round(metres)} m</p>`;
}

function Aim({ off }: { off: number }) {
  return off <= towards
    ? html`<span class="good">${say('looksAt')}</span>`
    : html`<span class="bad">${say('looksAside', Math.round(off))}</span>`;
}

function offBy(a: number, b: number): number {
  const off = Math.abs(a - b) % 360;
  return Math.min(off, 360 - off);
}
