import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { FieldTaskBody } from '../../server/field-schemas.ts';
import { areaText, dayText, muText } from '../shell/format.ts';
import { gravestFirst, layerName, typeName } from '../shell/names.ts';
import { label } from '../shell/text.ts';
import type { Desk } from './desk.ts';
import { distanceText, middleOf, nearestM } from './geo.ts';
import { type Item, isNeeded } from './item.ts';
import { Picture, useBlobAddress, useKeptPictures } from './patch-picture.ts';
import { PhotoCheck } from './photo-check.ts';
import type { Sensed } from './sensors.ts';
import { SmallMap, type View } from './small-map.ts';
import { takenPhoto } from './take-photo.ts';
import { Due } from './task-list.ts';
import { say } from './words.ts';

interface TaskProps {
  task: FieldTaskBody;
  desk: Desk;
  sensed: Sensed;
}

/** One task: what changed, where it is, what was photographed; the two things to do stand under the thumb. */
export function TaskPage({ task, desk, sensed }: TaskProps) {
  const [checking, setChecking] = useState<string | null>(null);
  const here = desk.items.filter(({ patch }) => patch.id === task.id);
  const photos = here.filter((item) => item.kind === 'photo' && (item.state !== 'sent' || isNeeded(item, desk.items)));
  const held = here.find(({ state }) => state === 'held');
  const open = here.find(({ key }) => key === checking) ?? null;
  const mayAct = desk.account != null && desk.account.access.role !== 'viewer';
  const take = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined) return;
    await desk.addPhoto({ id: task.id, number: task.number }, await takenPhoto(file, desk, sensed)).catch(() => {});
  };
  const views = photos.flatMap(({ photo }): View[] => viewOf(photo));
  return html`
    <div class="task-head">
      <a class="back" href="#" aria-label=${say('back')}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 4.500 7.500 12l7.500 7.500" /></svg></a>
      <div><h1>${typeName(task.type)} ${muText(task.areaM2)} 亩</h1><span class="mono">${task.number}</span></div>
      <${Due} task=${task} />
    </div>
    <${Pictures} desk=${desk} task=${task} />
    <${Whither} task=${task} sensed=${sensed} />
    <${SmallMap} task=${task} fix=${sensed.fix} heading=${sensed.heading} views=${views} />
    <${Photos} photos=${photos} onOpen=${setChecking} />
    <${Facts} task=${task} />
    ${!mayAct && html`<p class="hint">${say('readOnly')}</p>`}
    <div class="actions">
      <label class=${mayAct ? 'big main' : 'big main off'}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 8h3.500l1.500-2.500h6L16.500 8H20v11H4zM12 16.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600z" /></svg>
        ${say('takePhoto')}
        <input type="file" accept="image/jpeg,image/heic,image/heif,image/*" capture="environment" disabled=${!mayAct} onChange=${take} />
      </label>
      <a class="big" href=${`#form/${encodeURIComponent(task.id)}`}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 3.500h12v17H6zM9 8h6M9 12h6M9 16h4" /></svg>
        ${say('fillForm')}
      </a>
    </div>
    ${(open ?? held) && html`<${PhotoCheck} key=${(open ?? held)!.key} item=${open ?? held} task=${task} desk=${desk} sensed=${sensed} onDone=${() => setChecking(null)} />`}
  `;
}

function viewOf(photo: Item['photo']): View[] {
  const { lon = null, lat = null, azimuth = null } = photo?.said ?? {};
  return lon === null || lat === null || azimuth === null ? [] : [{ from: { lon, lat }, azimuth }];
}

/** Both dates side by side; a touch shows one of them large, and the other with the next. */
function Pictures({ desk, task }: Omit<TaskProps, 'sensed'>) {
  const kept = useKeptPictures(desk, task.id);
  const [large, setLarge] = useState<'before' | 'after' | null>(null);
  useEffect(() => desk.fetchPictures([task.id]), [task.id]);
  const other = large === 'before' ? 'after' : 'before';
  if (kept === null) return null;
  const one = (which: 'before' | 'after') => html`
    <button class="dated" onClick=${() => setLarge(large === null ? which : other)}>
      <${Picture} kept=${kept} which=${which} />
      <span>${say(which)} ${which === 'before' ? task.beforeDate : task.afterDate}</span>
    </button>`;
  if (large !== null) {
    return html`<div class="pictures large">${one(large)}<button class="shut" aria-label=${say('back')} onClick=${() => setLarge(null)}>×</button></div>`;
  }
  return html`<div class="pictures">${one('before')}${one('after')}</div>`;
}

function Whither({ task, sensed: { fix, noFix } }: { task: FieldTaskBody; sensed: Sensed }) {
  const { lon, lat } = middleOf(task);
  const away = fix && nearestM(fix, task);
  return html`
    <div class="whither">
      <p>
        ${away ? html`<b>${away.inside ? say('here') : `${say('away')} ${distanceText(away.metres)}`}</b> <span>±${Math.round(fix.accuracyM)} m</span>` : say(noFix ?? 'noFix')}
      </p>
      <a class="button" href=${`geo:${lat.toFixed(6)},${lon.toFixed(6)}?q=${lat.toFixed(6)},${lon.toFixed(6)}`}>${say('openMap')}</a>
    </div>
  `;
}

function Photos({ photos, onOpen }: { photos: readonly Item[]; onOpen: (key: string) => void }) {
  return html`
    <section class="shots" aria-label=${say('photosOfVisit')}>
      ${photos.map((item) => html`<${Shot} key=${item.key} item=${item} onOpen=${onOpen} />`)}
      ${photos.length === 0 && html`<p class="hint">${say('noPhotosYet')}</p>`}
    </section>
  `;
}

function Shot({ item, onOpen }: { item: Item; onOpen: (key: string) => void }) {
  const address = useBlobAddress(item.photo?.thumb);
  return html`
    <button class="shot" disabled=${item.state === 'sent'} onClick=${() => onOpen(item.key)}>
      ${address ? html`<img src=${address} alt=${say('photo')} />` : html`<span>${say('photo')}</span>`}
      ${item.state !== 'waiting' && html`<i class=${item.state}>${say(item.state === 'held' ? 'toConfirm' : item.state === 'sent' ? 'sent' : 'refused')}</i>`}
    </button>
  `;
}

function Facts({ task }: { task: FieldTaskBody }) {
  const person = (held: FieldTaskBody['handler']) =>
    held &&
    html`${held.person}${held.phone && html` <a class="button" href=${`tel:${held.phone}`}>${say('call')}</a>`}`;
  const { photos, forms } = task.sent;
  const rows: [name: string, value: unknown][] = [
    [say('wants'), label(task.wants.label)],
    [say('opinion'), task.opinion?.note],
    [say('deadline'), task.dueAt && dayText(task.dueAt)],
    [say('area'), `${areaText(task.areaM2)} m² · ${muText(task.areaM2)} 亩`],
    [say('layersIn'), gravestFirst(task.layers).map(layerName).join('、')],
    [say('imageDates'), `${task.beforeDate} → ${task.afterDate}`],
    [say('chief'), person(task.fieldChief)],
    [say('handler'), person(task.handler)],
    [say('sentBefore'), photos + forms > 0 && `${photos} ${say('photosCount')} · ${forms} ${say('formsCount')}`],
  ];
  return html`
    <dl class="facts">
      ${rows.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}
