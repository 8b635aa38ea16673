import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { Inbox as InboxState, SceneRow } from '../../server/admin-schemas.ts';
import { minuteText, percentText } from '../shell/format.ts';
import { getJson, getPicture, sendJson } from '../shell/server.ts';
import { Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import type { SectionInput } from './section.ts';
import { adminWord } from './words.ts';

/** The images there are, the months that rest on them, and the folder that new ones come from. */
export function Scenes({ admin }: SectionInput) {
  const kept = useKept((signal) => getJson<{ scenes: SceneRow[] }>('scenes', signal));
  const [seen, setSeen] = useState<SceneRow | null>(null);
  const { attempt, refusal } = useDeed(kept.again);
  const remove = (id: string) => () =>
    confirm(adminWord('removeAsk')) && attempt(() => sendJson('DELETE', `scenes/${encodeURIComponent(id)}`));
  const cells = (scene: SceneRow) => [
    html`${scene.date} <span class="faint">${scene.time ?? ''}</span>`,
    scene.sensor,
    html`<span class="mono">${scene.bands.join(' ')}</span>`,
    `${scene.gsdM.toPrecision(3)} m`,
    scene.cloudFraction === null ? '–' : percentText(scene.cloudFraction),
    scene.months.join('，') || html`<span class="faint">${adminWord('notUsed')}</span>`,
    html`
      <button class="plain" onClick=${() => setSeen(scene)}>${adminWord('preview')}</button>
      ${admin && html`<button class="plain" onClick=${remove(scene.id)}>${adminWord('remove')}</button>`}
    `,
  ];
  return html`
    <${Section} title="scenes" kept=${kept}>
      <${Refusal} text=${refusal} />
      ${seen && html`<${Preview} key=${seen.id} scene=${seen} />`}
      <${Table} head=${['date', 'sensor', 'bands', 'pixel', 'cloud', 'usedIn']} figures=${[3, 4]}
        rows=${(kept.value?.scenes ?? []).map((scene) => ({ key: scene.id, cells: cells(scene) }))} />
    <//>
    <${Inbox} />
  `;
}

/** The map tile that holds the middle of an image, as large as shows most of it. */
function tileOf([minLon, minLat, maxLon, maxLat]: number[]): string {
  const z = Math.max(1, Math.min(15, Math.floor(Math.log2(360 / Math.max(maxLon - minLon, 1e-4)))));
  const lat = (((minLat + maxLat) / 2) * Math.PI) / 180;
  const x = Math.floor((((minLon + maxLon) / 2 + 180) / 360) * 2 ** z);
  const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * 2 ** z);
  return `${z}/${x}/${y}`;
}

function Preview({ scene }: { scene: SceneRow }) {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    const loading = new AbortController();
    getPicture(`tiles/scenes/${encodeURIComponent(scene.id)}/${tileOf(scene.bbox)}.png`, loading.signal).then(
      setPicture,
      () => setPicture(null),
    );
    return () => loading.abort();
  }, [scene.id]);
  return html`
    <figure class="preview">
      ${picture !== null && html`<img src=${picture} width="256" height="256" alt=${`${scene.date} ${scene.sensor}`} />`}
      <figcaption class="faint">${scene.date} ${scene.sensor} · ${scene.id}</figcaption>
    </figure>
  `;
}

function Inbox() {
  const kept = useKept((signal) => getJson<InboxState>('inbox', signal));
  const state = kept.value;
  const files = (title: 'waiting' | 'refused', list: InboxState['waiting']) =>
    list.length > 0 &&
    html`<h3>${adminWord(title)}</h3><ul>${list.map(({ name, changedAt }) => html`<li>${name} <span class="faint">${minuteText(changedAt)}</span></li>`)}</ul>`;
  return html`
    <${Section} title="inbox" kept=${kept}>
      ${state && !state.watched && html`<p class="faint">${adminWord('inboxOff')}</p>`}
      ${state && files('waiting', state.waiting)}
      ${state && files('refused', state.refused)}
      ${
        state &&
        state.events.length > 0 &&
        html`
          <h3>${adminWord('happened')}</h3>
          <${Table} head=${['at', 'file', 'state', 'note']}
            rows=${state.events.map(({ at, name, what, scene, reason }, key) => ({
              key: String(key),
              cells: [minuteText(at), name, adminWord(what), reason ?? scene ?? ''],
            }))} />
        `
      }
    <//>
  `;
}
