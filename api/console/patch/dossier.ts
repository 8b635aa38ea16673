import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { DossierBody } from '../../server/dossier-schemas.ts';
import type { Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { areaText, minuteText, percentText } from '../shell/format.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getBlob, getJson, getPicture } from '../shell/server.ts';
import { StateLabel } from '../shell/state-label.ts';
import { label } from '../shell/text.ts';
import { dossierWords } from './dossier-words.ts';

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
      ${dossier !== null && html`<${Parts} id=${patch.id} dossier=${dossier} states=${states} />`}
    </section>
  `;
}

function Parts({ id, dossier, states }: { id: string; dossier: DossierBody; states: DossierProps['states'] }) {
  const { photos, earlierPhotos, papers, watch, seenAgain, family } = dossier;
  return html`
    <${People} dossier=${dossier} />
    ${photos.length > 0 && html`<h4>${word('photos')}</h4><div class="photos">${photos.map((one) => html`<${Photo} id=${id} photo=${one} />`)}</div>`}
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
    ${
      family.length > 1 &&
      list(
        'family',
        family,
        (one) => html`
      <span class="mono">${one.number}</span> <${StateLabel} name=${one.state} states=${states} /> <span class="faint">${areaText(one.areaM2)} m²</span>`,
      )
    }
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

function Photo({ id, photo }: { id: string; photo: DossierBody['photos'][number] }) {
  const failed = photo.tests.filter(({ outcome }) => outcome !== 'passed');
  return html`
    <figure>
      ${photo.format === 'jpeg' ? html`<${Picture} path=${`patches/${id}/photos/${photo.id}/preview.jpg`} />` : html`<p class="faint">${word('noPreview')}</p>`}
      <figcaption>
        <span class="mono faint" title=${photo.id}>${photo.id.slice(0, 8)}</span> ${photo.takenBy ?? ''}
        <span class="faint">${minuteText(photo.addedAt)}</span>
        <b>${word('passed')} ${photo.tests.length - failed.length}/${photo.tests.length}</b>
        ${failed.map((test) => html`<span class=${`test ${test.outcome}`}>${label(test.label)}: ${label(test.said)}</span>`)}
      </figcaption>
    </figure>
  `;
}

/** A picture that only the key's bearer may see. */
function Picture({ path }: { path: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const loading = new AbortController();
    let made: string | null = null;
    getPicture(path, loading.signal).then(
      (address) => {
        made = address;
        setUrl(address);
      },
      () => {},
    );
    return () => {
      loading.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [path]);
  return url === null ? html`<div class="frame"></div>` : html`<img src=${url} alt=${word('photos')} />`;
}

/** The whole evidence of the patch as one signed zip. */
function Download({ patch, onFailed }: { patch: PatchDetail; onFailed: (error: Error) => void }) {
  const [making, setMaking] = useState(false);
  const download = async () => {
    setMaking(true);
    try {
      const url = URL.createObjectURL(await getBlob(`patches/${patch.id}/evidence`));
      Object.assign(document.createElement('a'), { href: url, download: `${patch.number}.zip` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      onFailed(error as Error);
    } finally {
      setMaking(false);
    }
  };
  return html`<button class="plain" disabled=${making} onClick=${download}>${word(making ? 'making' : 'bundle')}</button>`;
}
