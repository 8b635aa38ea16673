import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { LayerUpload as Upload } from '../../server/layer-schemas.ts';
import { getJson, sendFile } from '../shell/server.ts';
import { fieldsOf, Refusal } from './parts.ts';
import { adminWord } from './words.ts';

const askMs = 700;

/** Sends a layer file, follows its import to the end, and says what became of its features. */
export function LayerUpload({ again }: { again: () => void }) {
  const [sent, setSent] = useState<number | null>(null);
  const [upload, setUpload] = useState<Upload | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const busy = sent !== null || upload?.state === 'importing';
  const submit = async (event: Event) => {
    const { values, form } = fieldsOf(event);
    const file = (form.elements.namedItem('file') as HTMLInputElement).files?.[0];
    if (file === undefined) return;
    setRefusal(null);
    setUpload(null);
    setSent(0);
    const query = new URLSearchParams({ layer: values['layer'], validFrom: values['validFrom'], file: file.name });
    if (values['district'] !== '') query.set('district', values['district']);
    try {
      let now = await sendFile<Upload>(`layers?${query}`, file, setSent);
      for (setSent(null), setUpload(now); now.state === 'importing'; setUpload(now)) {
        await new Promise((resolve) => setTimeout(resolve, askMs));
        now = await getJson<Upload>(`layers/uploads/${now.id}`);
      }
      if (now.state === 'done') form.reset();
      again();
    } catch (error) {
      setRefusal((error as Error).message);
    } finally {
      setSent(null);
    }
  };
  return html`
    <details class="upload">
      <summary>${adminWord('upload')}</summary>
      <form class="form" onSubmit=${submit}>
        <label>${adminWord('layer')} <input name="layer" required pattern="[\\p{L}\\p{N}_\\-]+" placeholder="farmland" /></label>
        <label>${adminWord('validFrom')} <input name="validFrom" type="date" required /></label>
        <label>${adminWord('district')} <input name="district" inputmode="numeric" pattern="\\d{2,12}" placeholder=${adminWord('everywhere')} /></label>
        <label>${adminWord('file')} <input name="file" type="file" required accept=".zip,.gpkg,.geojson,.json,.geojsonl,.fgb" /></label>
        <button class="main" disabled=${busy}>${adminWord('send')}</button>
      </form>
      <div role="status">
        ${sent !== null && html`<p>${adminWord('sending')} <progress max="1" value=${sent} aria-label=${adminWord('sending')}></progress></p>`}
        ${upload && html`<${Became} upload=${upload} />`}
      </div>
      <${Refusal} text=${refusal} />
    </details>
  `;
}

function Became({ upload }: { upload: Upload }) {
  const { state, done, total, result, error, file } = upload;
  if (state === 'failed') return html`<p class="stale" role="alert">${file}: ${error}</p>`;
  if (state === 'importing')
    return html`<p>${adminWord('importing')} ${file} ${done}${total === null ? '' : ` / ${total}`}</p>`;
  const { repaired, rejected, outside } = result?.notes ?? { repaired: 0, rejected: 0, outside: 0 };
  const counts = `${adminWord('repaired')} ${repaired} · ${adminWord('rejected')} ${rejected} · ${adminWord('outside')} ${outside}`;
  return html`
    <p><b>${adminWord('imported')}</b> ${file}: ${result?.features} ${adminWord('zones')} · ${counts}</p>
    <ul class="notes">${(result?.shown ?? []).map((note) => html`<li><b>${note.featureId}</b> ${adminWord(note.kind)}: ${note.what}</li>`)}</ul>
  `;
}
