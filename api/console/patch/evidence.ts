import { html } from 'htm/preact';
import type { PatchDetail } from '../../server/schemas.ts';
import { areaText, percentText } from '../shell/format.ts';
import { type Word, word } from '../shell/text.ts';

interface SceneEvidence {
  id: string;
  sha256: string;
  date: string;
  sensor: string;
}

/** Two images its pixels were compared on, and how the second was brought onto the first. */
interface PairEvidence {
  before: SceneEvidence;
  after: SceneEvidence;
  pixels: number;
  shiftPx: { dx: number; dy: number } | null;
  threshold: number | null;
}

/** What the recorded figures are called; others are shown by the name they were recorded under. */
const recorded: Record<string, Word> = {
  detectorVersion: 'detectorVersion',
  method: 'method',
  peak: 'peak',
  tblx: 'tblx',
  'features.ndviBefore': 'ndviBefore',
  'features.ndviAfter': 'ndviAfter',
  'features.ndwiAfter': 'ndwiAfter',
  'features.redness': 'redness',
  'features.brightening': 'brightening',
  'features.fill': 'fill',
  'features.ndwiBefore': 'ndwiBefore',
  'features.mndwiBefore': 'mndwiBefore',
  'features.mndwiAfter': 'mndwiAfter',
  'features.ndbiBefore': 'ndbiBefore',
  'features.ndbiAfter': 'ndbiAfter',
  'features.bsiAfter': 'bsiAfter',
  'features.greenness': 'greenness',
  'features.whiteness': 'whiteness',
  'features.brightness': 'brightness',
  'features.compactness': 'compactness',
  'features.elongation': 'elongation',
  'features.slenderness': 'slenderness',
  'features.straightness': 'straightness',
  'features.widthM': 'widthM',
};

/** What the finding rests on, as it was recorded: the images by hash, the detector with what it measured. */
export function Evidence({ patch }: { patch: PatchDetail }) {
  const { pairs, grid: _grid, bands, meanBefore, meanAfter, ...rest } = patch.detection.evidence;
  const compared = Array.isArray(pairs) ? (pairs as PairEvidence[]) : [];
  return html`
    <section>
      <h3>${word('evidence')}</h3>
      ${compared.length > 0 && html`<${Scenes} pairs=${compared} />`}
      ${Array.isArray(bands) && html`<${Bands} bands=${bands} before=${meanBefore} after=${meanAfter} />`}
      <dl class="recorded">
        <dt>${word('detectionId')}</dt><dd class="mono">${patch.detection.id}</dd>
        <dt>${word('typeConfidence')}</dt><dd>${percentText(patch.detection.typeConfidence)}</dd>
        ${flat(rest).map(([name, value]) => html`<dt>${recorded[name] ? word(recorded[name]) : name}</dt><dd class="mono">${value}</dd>`)}
      </dl>
    </section>
  `;
}

function Scenes({ pairs }: { pairs: PairEvidence[] }) {
  const row = (name: string, scene: SceneEvidence, about: string) => html`
    <tr>
      <td>${name}</td><td>${scene.date}</td><td>${scene.sensor}</td>
      <td class="mono" title=${scene.sha256}>${scene.sha256.slice(0, 16)}…</td><td class="faint">${about}</td>
    </tr>
  `;
  return html`
    <table class="figures scenes">
      <thead><tr>
        <th></th><th>${word('date')}</th><th>${word('sensor')}</th><th>${word('hash')}</th><th>${word('compared')}</th>
      </tr></thead>
      ${pairs.map(
        (pair) => html`<tbody>
          ${row(word('before'), pair.before, `${areaText(pair.pixels)} px`)}
          ${row(word('after'), pair.after, pairText(pair))}
        </tbody>`,
      )}
    </table>
  `;
}

function pairText({ shiftPx, threshold }: PairEvidence): string {
  const shift = shiftPx && `${word('shift')} ${shiftPx.dx.toFixed(2)}, ${shiftPx.dy.toFixed(2)} px`;
  const limit = threshold !== null && `${word('threshold')} ${threshold.toPrecision(4)}`;
  return [shift, limit].filter(Boolean).join(' · ');
}

/** Mean values of the patch in each band, before and after. */
function Bands({ bands, before, after }: { bands: string[]; before: unknown; after: unknown }) {
  const cells = (values: unknown) =>
    bands.map((_, index) => html`<td>${Array.isArray(values) ? Number(values[index]).toPrecision(4) : '–'}</td>`);
  return html`
    <table class="figures bands">
      <thead><tr><th>${word('bands')}</th>${bands.map((band) => html`<th>${band}</th>`)}</tr></thead>
      <tbody>
        <tr><td>${word('before')}</td>${cells(before)}</tr>
        <tr><td>${word('after')}</td>${cells(after)}</tr>
      </tbody>
    </table>
  `;
}

/** A record as lines: 'features.brightness' -> '0.31'. Lists are left as JSON. */
function flat(record: Record<string, unknown>, prefix = ''): [name: string, value: string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isRecord) return flat(value as Record<string, unknown>, `${prefix}${name}.`);
    return [[prefix + name, shown(value)]];
  });
}

function shown(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
