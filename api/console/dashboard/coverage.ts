import { html } from 'htm/preact';
import type { ZoneCollection } from '../../server/schemas.ts';
import { Card } from './card.ts';
import { type Figures, type Seen, shareText } from './figures.ts';
import { Dots, Grating, Hatch } from './patterns.ts';
import { fitShapes } from './shapes.ts';
import { say } from './words.ts';

const frame = { width: 460, height: 250, margin: 6 };
/** From this share on cloud or a missing image is drawn over a district. */
const TELLING = 0.05;

type Place = Figures['coverage']['districts'][number];

/** The districts as images showed them: how much was seen in colour, what kept the rest from being seen as a pattern. */
export function Coverage({ figures, districts }: { figures: Figures; districts: ZoneCollection | null }) {
  const { coverage } = figures;
  const rows = coverage.districts.map(({ name, seen }) => [
    name,
    ...(seen === null
      ? [say('notRun'), '–', '–', '–']
      : [
          shareText(seen.observedM2 / seen.totalM2),
          shareText(seen.cloudM2 / seen.totalM2),
          shareText(seen.noImageM2 / seen.totalM2),
          (seen.totalM2 / 1e6).toFixed(1),
        ]),
  ]);
  const columns = [say('district'), say('seen'), say('cloud'), say('noImage'), 'km²'];
  const outlines = districts?.features ?? [];
  return html`
    <${Card} name="coverage" title="coverage" says="coverageSays" empty=${coverage.total === null ? say('noCoverage') : null} table=${{ columns, rows }}>
      ${coverage.total !== null && html`<${Shares} seen=${coverage.total} />`}
      ${outlines.length === 0 ? html`<p class="faint note">${say('noOutlines')}</p>` : html`<${CoverageMap} figures=${figures} outlines=${outlines} />`}
    </${Card}>
  `;
}

function CoverageMap({ figures, outlines }: { figures: Figures; outlines: ZoneCollection['features'] }) {
  const { coverage, district } = figures;
  const seen = new Map(coverage.districts.map((place) => [place.district, place]));
  const own = outlines.filter((zone) => seen.has(zone.properties.externalId));
  const shapes = fitShapes(
    own.length > 0 ? own : outlines.filter((zone) => zone.properties.externalId.startsWith(district)),
    frame,
  );
  const desc = coverage.districts.map(
    ({ name, seen: of }) => `${name} ${of === null ? say('notRun') : shareText(of.observedM2 / of.totalM2)}`,
  );
  return html`
    <svg class="map" viewBox=${`0 0 ${frame.width} ${shapes.height}`} role="img" aria-labelledby="coverage-title coverage-desc">
      <title id="coverage-title">${say('coverage')}</title>
      <desc id="coverage-desc">${desc.join('; ')}</desc>
      <defs><${Hatch} id="map-cloud" /><${Dots} id="map-missing" /><${Grating} id="map-unknown" /></defs>
      ${shapes.parts.map(({ zone, path }) => html`<${District} place=${seen.get(zone.properties.externalId)} name=${zone.properties.name} path=${path} />`)}
      ${shapes.parts.map(({ zone, middle }) => {
        const place = seen.get(zone.properties.externalId);
        return html`
          <text class="place" x=${middle[0]} y=${middle[1]}>${zone.properties.name}</text>
          <text class="place share" x=${middle[0]} y=${middle[1] + 11}>${place?.seen ? shareText(place.seen.observedM2 / place.seen.totalM2) : say('notRun')}</text>
        `;
      })}
    </svg>
    <p class="legend">
      <span class="key"><i class="swatch seen-5"></i>≥ 99%</span>
      <span class="key"><i class="swatch seen-4"></i>95–99%</span>
      <span class="key"><i class="swatch seen-3"></i>80–95%</span>
      <span class="key"><i class="swatch seen-2"></i>${'< 80%'}</span>
      <span class="key"><${PatternKey} of="map-cloud" />${say('someCloud')}</span>
      <span class="key"><${PatternKey} of="map-missing" />${say('someMissing')}</span>
      <span class="key"><${PatternKey} of="map-unknown" />${say('notRun')}</span>
    </p>
  `;
}

function District({ place, name, path }: { place: Place | undefined; name: string; path: string }) {
  const seen = place?.seen ?? null;
  if (seen === null)
    return html`<path class="district" fill="url(#map-unknown)" d=${path}><title>${name} ${say('notRun')}</title></path>`;
  const share = (m2: number) => m2 / seen.totalM2;
  return html`
    <path class=${`district ${classOf(share(seen.observedM2))}`} d=${path}>
      <title>${`${name} ${say('seen')} ${shareText(share(seen.observedM2))} · ${say('cloud')} ${shareText(share(seen.cloudM2))} · ${say('noImage')} ${shareText(share(seen.noImageM2))}`}</title>
    </path>
    ${share(seen.cloudM2) >= TELLING && html`<path class="over" fill="url(#map-cloud)" d=${path} />`}
    ${share(seen.noImageM2) >= TELLING && html`<path class="over" fill="url(#map-missing)" d=${path} />`}
  `;
}

function classOf(observed: number): string {
  return observed >= 0.99 ? 'seen-5' : observed >= 0.95 ? 'seen-4' : observed >= 0.8 ? 'seen-3' : 'seen-2';
}

function PatternKey({ of }: { of: string }) {
  return html`<svg class="swatch" viewBox="0 0 14 10" aria-hidden="true"><rect class="seen-4" width="14" height="10" rx="2" /><rect fill=${`url(#${of})`} width="14" height="10" rx="2" /></svg>`;
}

/** Observed, cloud and no image as parts of the whole. */
function Shares({ seen }: { seen: Seen }) {
  const width = (m2: number) => (400 * m2) / seen.totalM2;
  const [observed, cloud] = [width(seen.observedM2), width(seen.cloudM2)];
  const text = `${say('seen')} ${shareText(seen.observedM2 / seen.totalM2)} · ${say('cloud')} ${shareText(seen.cloudM2 / seen.totalM2)} · ${say('noImage')} ${shareText(seen.noImageM2 / seen.totalM2)}`;
  return html`
    <p class="parts">${text}</p>
    <svg class="bar-parts" viewBox="0 0 400 12" preserveAspectRatio="none" role="img">
      <title>${text}</title>
      <defs><${Hatch} id="part-cloud" /><${Dots} id="part-missing" /></defs>
      <rect class="seen-5" width=${observed} height="12" />
      <rect fill="url(#part-cloud)" x=${observed} width=${cloud} height="12" />
      <rect fill="url(#part-missing)" x=${observed + cloud} width=${width(seen.noImageM2)} height="12" />
    </svg>
  `;
}
