import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DossierBody } from '../../server/dossier-schemas.ts';
import type { ChipFrame, PatchDetail } from '../../server/schemas.ts';
import { minuteText } from '../shell/format.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { label } from '../shell/text.ts';
import { dossierWords } from './dossier-words.ts';
import { pathsOfPatch } from './kept.ts';
import { PhotoMap } from './photo-map.ts';
import { usePicture } from './picture-store.ts';
import { say } from './words.ts';

type Photo = DossierBody['photos'][number];

/** Photos that people brought in: on a small map with what they look at, as pictures, and each with its tests. */
export function Photos({ patch, photos }: { patch: PatchDetail; photos: DossierBody['photos'] }) {
  const [open, setOpen] = useState<Photo | null>(null);
  const [, framePath, , after] = pathsOfPatch(patch.number);
  const corners = useLoaded(
    (signal) =>
      getJson<ChipFrame>(framePath, signal).then(
        (frame) => frame.corners ?? null,
        () => null,
      ),
    [patch.number],
    () => {},
  );
  if (photos.length === 0) return null;
  return html`
    <h4>${label(dossierWords.photos)} <span class="faint">${photos.length}</span></h4>
    <${PhotoMap} patch=${patch} photos=${photos} ground=${corners && { path: after, corners }} onOpen=${setOpen} />
    <div class="photos">${photos.map((photo, i) => html`<${Thumbnail} key=${photo.id} patchId=${patch.id} photo=${photo} index=${indexOn(photos, i)} onOpen=${setOpen} />`)}</div>
    ${open !== null && html`<${Opened} patchId=${patch.id} photo=${open} onClose=${() => setOpen(null)} />`}
  `;
}

/** The number a photo has on the map, null where it has no place there. */
function indexOn(photos: readonly Photo[], at: number): number | null {
  return photos[at].position === null
    ? null
    : photos.slice(0, at + 1).filter(({ position }) => position !== null).length;
}

function previewOf(patchId: string, { id, format }: Photo): string | null {
  return format === 'jpeg' ? `patches/${patchId}/photos/${id}/preview.jpg` : null;
}

function Thumbnail({
  patchId,
  photo,
  index,
  onOpen,
}: {
  patchId: string;
  photo: Photo;
  index: number | null;
  onOpen: (photo: Photo) => void;
}) {
  const failed = photo.tests.filter(({ outcome }) => outcome !== 'passed');
  const { url } = usePicture(previewOf(patchId, photo));
  return html`
    <figure class=${failed.some(({ outcome }) => outcome === 'failed') ? 'failed' : ''}>
      <button class="frame" aria-label=${`${index ?? ''} ${say('photoOpen')} ${photo.takenBy ?? ''} ${minuteText(photo.addedAt)}`} onClick=${() => onOpen(photo)}>
        ${url === null ? html`<span class="faint">${photo.format === 'jpeg' ? '' : label(dossierWords.noPreview)}</span>` : html`<img src=${url} alt=${label(dossierWords.photos)} />`}
        ${index !== null && html`<span class="index">${index}</span>`}
      </button>
      <figcaption>
        <span class="mono faint" title=${photo.id}>${photo.id.slice(0, 8)}</span> ${photo.takenBy ?? ''}
        <span class="faint">${minuteText(photo.addedAt)}</span>
        <b>${label(dossierWords.passed)} ${photo.tests.length - failed.length}/${photo.tests.length}</b>
        ${failed.map((test) => html`<span class=${`test ${test.outcome}`}>${label(test.label)}: ${label(test.said)}</span>`)}
      </figcaption>
    </figure>
  `;
}

/** One photo as large as the window, with every test. */
function Opened({ patchId, photo, onClose }: { patchId: string; photo: Photo; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { url } = usePicture(previewOf(patchId, photo));
  // Before it is seen: an Escape pressed at once must find it open.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog class="photo-window" ref=${dialog} aria-label=${say('photoOpen')} onClose=${onClose}
      onClick=${(event: MouseEvent) => event.target === dialog.current && dialog.current?.close()}>
      ${url === null ? html`<p class="faint">${label(dossierWords.noPreview)}</p>` : html`<img src=${url} alt=${`${label(dossierWords.photos)} ${photo.takenBy ?? ''}`} />`}
      <div class="told">
        <p><b>${photo.takenBy ?? ''}</b> <span class="faint">${minuteText(photo.addedAt)}</span></p>
        ${photo.azimuth !== null && html`<p class="faint">${say('azimuth')} ${Math.round(photo.azimuth)}°</p>`}
        ${photo.position === null ? html`<p class="faint">${say('photoPlaceless')}</p>` : html`<p class="mono">${photo.position.lon.toFixed(6)}, ${photo.position.lat.toFixed(6)}</p>`}
        <ul>${photo.tests.map(({ check, label: name, outcome, said }) => html`<li key=${check} class=${`test ${outcome}`}><b>${label(name)}</b> ${label(said)}</li>`)}</ul>
        <button autofocus onClick=${() => dialog.current?.close()}>${say('close')}</button>
      </div>
    </dialog>
  `;
}
