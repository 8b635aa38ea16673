import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import type { PlaceCurve } from '../../server/strip-schemas.ts';
import { dayText } from '../shell/format.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { label, word } from '../shell/text.ts';
import { CurveChart, type Mark } from './curve-chart.ts';
import { say } from './words.ts';

type IndexName = PlaceCurve['indices'][number];

/** The one looked at stays, from patch to patch. */
let usual: IndexName = 'ndvi';

interface CurveProps {
  patch: PatchDetail;
  /** What a step of the history is called. */
  stepName: (event: PatchDetail['history'][number]) => string;
}

/** Index curve of the place, with its gaps; a table says the same. */
export function Curve({ patch, stepName }: CurveProps) {
  const path = `patches/${encodeURIComponent(patch.number)}/curve`;
  const curve = useLoaded(
    (signal) => getJson<PlaceCurve>(path, signal).catch(() => null),
    [patch.number],
    () => {},
  );
  const [index, setIndex] = useState<IndexName>(usual);
  if (curve === null) return null;
  const shown = curve.indices.includes(index) ? index : curve.indices[0];
  if (shown === undefined) {
    return html`<section class="curve"><h3>${say('curve')}</h3><p class="faint">${say('curveNone')}</p></section>`;
  }
  const choose = (name: IndexName) => {
    usual = name;
    setIndex(name);
  };
  const marks = patch.history.map((event): Mark => ({ date: dayText(event.at), name: stepName(event) }));
  return html`
    <section class="curve">
      <h3>${say('curve')}
        <span class="choice" role="group" aria-label=${say('curve')}>
          ${curve.indices.map((name) => html`<button aria-pressed=${name === shown} onClick=${() => choose(name)}>${say(name)}</button>`)}
        </span>
      </h3>
      <${CurveChart} curve=${curve} index=${shown} marks=${marks} />
      <p class="faint">${say('curveHint')}</p>
      <details><summary>${say('asTable')}</summary><${Table} curve=${curve} index=${shown} /></details>
    </section>
  `;
}

function Table({ curve, index }: { curve: PlaceCurve; index: IndexName }) {
  return html`
    <table class="numbers">
      <thead><tr><th>${word('date')}</th><th>${word('sensor')}</th><th>${say('observation')}</th><th>${say('mean')}</th><th>${say('around')}</th></tr></thead>
      <tbody>${curve.points.map(({ id, date, sensor, said, values }) => {
        const value = values[index];
        return html`<tr key=${id}><td>${date}</td><td>${sensor}</td><td>${label(said)}</td>
          <td>${value ? value.mean.toFixed(3) : say('gap')}</td>
          <td>${value?.around ? `${value.around.low.toFixed(2)} – ${value.around.high.toFixed(2)}` : '–'}</td></tr>`;
      })}</tbody>
    </table>
  `;
}
