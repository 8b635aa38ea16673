import { html } from 'htm/preact';
import type { PatchDetail, StateRow } from '../../server/schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { areaText, dayText, dueText, muText, percentText } from '../shell/format.ts';
import { typeName } from '../shell/names.ts';
import { StateLabel } from '../shell/state-label.ts';
import { label, word } from '../shell/text.ts';

/** The figures beside the pictures. */
export function Facts({ patch, states }: { patch: PatchDetail; states: readonly StateRow[] }) {
  const due = patch.dueAt === null ? null : dueText(patch.dueAt, workspaceNow());
  const [minLon, minLat, maxLon, maxLat] = patch.bbox;
  const tblx = patch.detection.evidence['tblx'];
  return html`
    <dl class="facts">
      ${patch.opinion !== null && html`<dt>${word('opinion')}</dt><dd><span class=${`short-verdict ${patch.opinion.opinion}`}>${label(patch.opinion.verdict)}</span></dd>`}
      <dt>${word('type')}</dt>
      <dd>${typeName(patch.type)}<br />
        <span class="faint">${typeof tblx === 'string' && `TBLX ${tblx} · `}${Math.round(100 * patch.detection.typeConfidence)}% ${word('sure')}</span>
      </dd>
      <dt>${word('area')}</dt>
      <dd><b>${areaText(patch.areaM2)}</b> m²<br /><b>${muText(patch.areaM2)}</b> ${word('mu')}</dd>
      <dt title=${word('onsetHint')}>${word('onset')}</dt>
      <dd>${patch.beforeDate}<br />→ ${patch.afterDate}</dd>
      <dt>${word('due')}</dt>
      <dd>${
        due === null
          ? html`<span class="faint">${word('noDue')}</span>`
          : html`${dayText(patch.dueAt as string)}<br /><span class=${due.late ? 'late' : 'faint'}>${due.text}</span>`
      }</dd>
      <dt title=${word('scoreHint')}>${word('score')}</dt>
      <dd>${patch.score.toFixed(2)}×</dd>
      <dt title=${word('observedShareHint')}>${word('observedShare')}</dt>
      <dd>${percentText(patch.detection.observedFraction)}</dd>
      <dt title=${word('placeHint')}>${word('place')}</dt>
      <dd>${((minLon + maxLon) / 2).toFixed(6)},<br />${((minLat + maxLat) / 2).toFixed(6)}</dd>
      ${
        patch.samePlace.length > 0 &&
        html`<dt>${word('seenBefore')}</dt>
          <dd>${patch.samePlace.map(
            (other) => html`<div>${other.month} <${StateLabel} name=${other.state} states=${states} /></div>`,
          )}</dd>`
      }
    </dl>
  `;
}
