import { html } from 'htm/preact';
import type { DossierBody } from '../../server/dossier-schemas.ts';
import type { Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { areaText, minuteText, percentText } from '../shell/format.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { label } from '../shell/text.ts';
import { dossierWords } from './dossier-words.ts';
import { Download } from './download.ts';
import { Lineage } from './lineage.ts';
import { Photos } from './photos.ts';

const word = (name: keyof typeof dossierWords) => label(dossierWords[name]);

interface DossierProps {
  patch: PatchDetail;
  states: Lifecycle['states']['patch'];
  onFailed: (error: Error) => void;
}

/** Who answers for the patch, what people brought in, and what became of its place. */
export function Dossier({ patch, states, onFailed }: DossierProps) {
  const dossier = useLoaded(
    (signal) => getJson<DossierBody>(`patches/${patch.id}/dossier`, signal),
    [patch.id, patch.version],
    onFailed,
  );
  return html`
    <section class="dossier">
      <h3>${word('title')} <${Download} patch=${patch} onFailed=${onFailed} /></h3>
      ${dossier !== null && html`<${Parts} patch=${patch} dossier=${dossier} states=${states} />`}
    </section>
  `;
}

function Parts({ patch, dossier, states }: Omit<DossierProps, 'onFailed'> & { dossier: DossierBody }) {
  const { photos, earlierPhotos, papers, watch, seenAgain, family } = dossier;
  return html`
    <${People} dossier=${dossier} />
    <${Photos} patch=${patch} photos=${photos} />
    ${list('earlierPhotos', earlierPhotos, (one) => html`<span class="mono">${one.number}</span> ${one.takenBy ?? ''} <span class="faint">${minuteText(one.addedAt)}</span>`)}
    ${list('papers', papers, (one) => html`<b>${label(one.label)}</b> ${one.fromName} <span class="faint">${one.fileName} · ${minuteText(one.addedAt)}</span>`)}
    ${list(
      'watch',
      watch,
      (one) => html`
      <span class="mono">${one.month}</span> <b>${label(one.label)}</b> ${label(one.because)}
      <span class="faint">${word('seen')} ${percentText(one.observedShare)}${one.restoredShare !== null && html` · ${word('restored')} ${percentText(one.restoredShare)}`}</span>`,
    )}
    ${list(
      'seenAgain',
      seenAgain,
      (one) => html`
      <span class="mono">${one.month}</span> ${word(one.relation as 'grows')}${' '}
      <span class="faint">${areaText(one.sharedM2)} + ${areaText(one.beyondM2)} m²</span>
      ${one.alsoAt.map(({ number }) => html` <span class="mono">${number}</span>`)}`,
    )}
    ${family.length > 1 && html`<h4>${word('family')}</h4><${Lineage} family=${family} number=${patch.number} states=${states} />`}
  `;
}

/** A heading with what comes under it; nothing where there is nothing. */
function list<Row>(name: keyof typeof dossierWords, rows: readonly Row[], shown: (row: Row) => unknown) {
  if (rows.length === 0) return null;
  return html`<h4>${word(name)}</h4><ul>${rows.map((row) => html`<li>${shown(row)}</li>`)}</ul>`;
}

function People({ dossier: { responsible, patrol } }: { dossier: DossierBody }) {
  const { grid, fieldChief, patroller, handler } = responsible;
  const person = (held: typeof handler) =>
    held === null ? html`<span class="faint">${word('nobody')}</span>` : held.person;
  return html`
    <dl class="people">
      <dt>${word('grid')}</dt><dd>${grid?.name ?? html`<span class="faint">–</span>`}</dd>
      <dt>${word('fieldChief')}</dt><dd>${person(fieldChief)}</dd>
      <dt>${word('patroller')}</dt><dd>${person(patroller)}</dd>
      <dt>${word('handler')}</dt><dd>${person(handler)}</dd>
      <dt>${word('patrol')}</dt><dd title=${label(patrol.because)}>${label(patrol.label)}</dd>
    </dl>
  `;
}
