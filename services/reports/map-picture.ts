import { svgPicture } from '../../imagery/svg-picture.ts';
import type { MapFacts } from './facts.ts';

/** What the map is drawn of: counties filled by a share, with their ranks, and patches as points. */
export interface MapDrawing {
  map: MapFacts;
  /** 0-1 by county; null or absent: hatched, not known. */
  fills: ReadonlyMap<string, number | null>;
  /** Small text in a county's middle; digits only. */
  marks: ReadonlyMap<string, string>;
}

const width = 1400;
const margin = 20;
/** From pale to full: the more of the breaches is not put right. */
const ramp = ['#edf3f8', '#cfe0ec', '#a6c8dd', '#6fa5c6', '#3d7ba8'];
const POINTS = { breach: '#b3261e', 'put-right': '#2f7d32', other: '#8a8d91' } as const;

/** PNG; null where no county has an outline. No text but strokes for digits: there may be no font. */
export async function mapPicture(drawing: MapDrawing): Promise<Uint8Array | null> {
  const svg = mapSvg(drawing);
  return svg === null ? null : svgPicture(svg);
}

function mapSvg({ map, fills, marks }: MapDrawing): string | null {
  const corners = map.outlines.flatMap(({ rings }) => rings.flat());
  if (corners.length === 0) return null;
  const place = projection(corners);
  const shapes = map.outlines.map(({ code, rings }) => {
    const value = fills.get(code) ?? null;
    const fill = value === null ? 'url(#none)' : ramp[Math.min(ramp.length - 1, Math.floor(value * ramp.length))];
    const path = rings.map((ring) => `M${ring.map((corner) => place(corner).join(' ')).join('L')}Z`).join('');
    return `<path d="${path}" fill="${fill}" stroke="#5c6168" stroke-width="2" stroke-linejoin="round"/>`;
  });
  const order = { other: 0, 'put-right': 1, breach: 2 };
  const points = [...map.points]
    .sort((a, b) => order[a.kind] - order[b.kind])
    .map(({ lon, lat, kind }) => {
      const [x, y] = place([lon, lat]);
      return `<circle cx="${x}" cy="${y}" r="6" fill="${POINTS[kind]}" fill-opacity="0.85" stroke="#fff" stroke-width="1.2"/>`;
    });
  const numbers = map.outlines.map(({ code, rings }) => digits(marks.get(code) ?? '', place(middleOf(rings))));
  const hatch =
    '<defs><pattern id="none" width="10" height="10" patternUnits="userSpaceOnUse"><rect width="10" height="10" fill="#f6f6f4"/><path d="M0 10L10 0" stroke="#d3d3cf" stroke-width="1.5"/></pattern></defs>';
  const height = place.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${hatch}<rect width="${width}" height="${height}" fill="#fff"/>${shapes.join('')}${points.join('')}${numbers.join('')}</svg>`;
}

/** Degrees to pixels, north up, true to shape in the middle. */
function projection(corners: readonly [number, number][]) {
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  const [west, east] = [lons.reduce((a, b) => Math.min(a, b)), lons.reduce((a, b) => Math.max(a, b))];
  const [south, north] = [lats.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.max(a, b))];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const most = 1.1 * width;
  const scale = Math.min((width - 2 * margin) / ((east - west) * squeeze), (most - 2 * margin) / (north - south));
  const left = (width - (east - west) * squeeze * scale) / 2;
  const place = ([lon, lat]: readonly [number, number]): [number, number] => [
    Math.round((left + (lon - west) * squeeze * scale) * 10) / 10,
    Math.round((margin + (north - lat) * scale) * 10) / 10,
  ];
  return Object.assign(place, { height: Math.ceil(2 * margin + (north - south) * scale) });
}

/** The centroid of the largest ring. */
function middleOf(rings: MapFacts['outlines'][number]['rings']): [number, number] {
  let [best, middle]: [number, [number, number]] = [-1, [0, 0]];
  for (const ring of rings) {
    let [twice, x, y] = [0, 0, 0];
    for (let k = 0; k + 1 < ring.length; k++) {
      const cross = ring[k][0] * ring[k + 1][1] - ring[k + 1][0] * ring[k][1];
      twice += cross;
      x += (ring[k][0] + ring[k + 1][0]) * cross;
      y += (ring[k][1] + ring[k + 1][1]) * cross;
    }
    if (Math.abs(twice) > best) [best, middle] = [Math.abs(twice), [x / (3 * twice), y / (3 * twice)]];
  }
  return middle;
}

/** Strokes on a lattice of 2 × 4. */
const STROKES: Readonly<Record<string, string>> = {
  0: 'M0 0H2V4H0Z',
  1: 'M0.4 0.8L1.2 0V4',
  2: 'M0 0H2V2H0V4H2',
  3: 'M0 0H2V4H0M0.4 2H2',
  4: 'M0 0V2H2M2 0V4',
  5: 'M2 0H0V2H2V4H0',
  6: 'M2 0H0V4H2V2H0',
  7: 'M0 0H2L0.8 4',
  8: 'M0 0H2V4H0ZM0 2H2',
  9: 'M2 2H0V0H2V4H0',
};

function digits(text: string, [x, y]: [number, number]): string {
  const size = 6.5;
  const glyphs = [...text].filter((sign) => sign in STROKES);
  if (glyphs.length === 0) return '';
  const wide = glyphs.length * 2 + (glyphs.length - 1);
  const paths = glyphs.map((sign, k) => `<path transform="translate(${3 * k} 0)" d="${STROKES[sign]}"/>`).join('');
  const disc = `<circle cx="${x}" cy="${y}" r="26" fill="#fff" fill-opacity="0.9" stroke="#5c6168" stroke-width="1.5"/>`;
  const at = `translate(${x - (wide * size) / 2} ${y - 2 * size}) scale(${size})`;
  return `${disc}<g transform="${at}" fill="none" stroke="#1c1c1e" stroke-width="0.55" stroke-linecap="round" stroke-linejoin="round">${paths}</g>`;
}
