import { html } from 'htm/preact';
import type { PatchDetail } from '../server/schemas.ts';
import { word } from './text.ts';

/** One image that the finding rests on, as far as the evidence names it. */
interface SceneEvidence {
  id: string;
  sha256?: string;
  date?: string;
  sensor?: string;
}

/** What the finding rests on: the images by hash, and the detector with its parameters, as they were recorded. */
export function Evidence({ patch }: { patch: PatchDetail }) {
  const { scenes, ...rest } = patch.detection.evidence;
  return html`
    <section>
      <h3>${word('evidence')}</h3>
      ${Array.isArray(scenes) && html`<${Scenes} scenes=${scenes.map(readScene)} />`}
      <dl class="recorded">
        <dt>${word('detectionId')}</dt><dd class="mono">${patch.detection.id}</dd>
        ${flat(rest).map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${value}</dd>`)}
      </dl>
    </section>
  `;
}

function Scenes({ scenes }: { scenes: SceneEvidence[] }) {
  return html`
    <table class="figures scenes">
      <thead><tr><th>${word('date')}</th><th>${word('sensor')}</th><th>${word('scene')}</th><th>${word('hash')}</th></tr></thead>
      <tbody>${scenes.map(
        (scene) => html`<tr>
          <td>${scene.date ?? '–'}</td><td>${scene.sensor ?? '–'}</td><td class="mono">${scene.id}</td>
          <td class="mono" title=${scene.sha256 ?? ''}>${scene.sha256 ? `${scene.sha256.slice(0, 16)}…` : '–'}</td>
        </tr>`,
      )}</tbody>
    </table>
  `;
}

function readScene(scene: unknown): SceneEvidence {
  return typeof scene === 'object' && scene !== null ? (scene as SceneEvidence) : { id: String(scene) };
}

/** A record as lines: 'detector.version' -> '2'. Lists of objects are left as JSON. */
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
