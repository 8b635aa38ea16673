import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { LayerNotes, LayerVersion } from '../../server/layer-schemas.ts';
import { minuteText } from '../shell/format.ts';
import { getJson } from '../shell/server.ts';
import { LayerUpload } from './layer-upload.ts';
import { Section, Table, useKept } from './parts.ts';
import type { SectionInput } from './section.ts';
import { adminWord } from './words.ts';

/** Every version of every layer, what its import did to its features, and the way to send another. */
export function Layers({ admin, whole }: SectionInput) {
  const kept = useKept((signal) => getJson<{ layers: LayerVersion[] }>('layers', signal));
  const [told, setTold] = useState<LayerVersion | null>(null);
  const mayChange = admin && whole;
  const cells = (version: LayerVersion) => [
    version.layer,
    version.scope || adminWord('everywhere'),
    `${version.validFrom} → ${version.validTo ?? ''}`,
    version.completeTo ?? '–',
    version.zones === null ? '–' : String(version.zones),
    minuteText(version.importedAt),
    mayChange &&
      html`<button class="plain" aria-expanded=${told?.id === version.id} onClick=${() => setTold(version)}>${adminWord('report')}</button>`,
  ];
  return html`
    <${Section} title="layers" kept=${kept}>
      ${mayChange && html`<${LayerUpload} again=${kept.again} />`}
      ${told && html`<${Report} key=${told.id} version=${told} />`}
      <${Table} head=${['layer', 'district', 'valid', 'completeTo', 'zones', 'importedAt']} figures=${[4]}
        rows=${(kept.value?.layers ?? []).map((version) => ({
          key: version.id,
          cells: cells(version),
          faint: version.validTo !== null,
        }))} />
    <//>
  `;
}

const kinds = ['repaired', 'rejected', 'outside', 'note'] as const;
const pageRows = 100;

/** What the import of a version did: repaired, left out, outside the districts. */
function Report({ version }: { version: LayerVersion }) {
  const [kind, setKind] = useState<(typeof kinds)[number] | ''>('');
  const [limit, setLimit] = useState(pageRows);
  const narrowed = kind === '' ? '' : `&kind=${kind}`;
  const kept = useKept(
    (signal) => getJson<LayerNotes>(`layers/${encodeURIComponent(version.id)}/notes?limit=${limit}${narrowed}`, signal),
    [kind, limit],
  );
  const { value } = kept;
  return html`
    <div class="report">
      <h3>${adminWord('report')} · ${version.layer} ${version.validFrom}</h3>
      ${kept.failure && html`<p class="stale" role="alert">${kept.failure.message}</p>`}
      ${
        value &&
        html`
          <p class="chips">
            ${kinds.map(
              (name) => html`
                <button aria-pressed=${kind === name} onClick=${() => setKind(kind === name ? '' : name)}>${adminWord(name)} <b>${value.counts[name]}</b></button>
              `,
            )}
          </p>
          <ul class="notes">${value.notes.map((note) => html`<li><b>${note.featureId}</b> ${adminWord(note.kind)}: ${note.what}</li>`)}</ul>
          ${value.next !== null && limit < 10_000 && html`<button onClick=${() => setLimit(limit + 10 * pageRows)}>${adminWord('more')}</button>`}
        `
      }
    </div>
  `;
}
