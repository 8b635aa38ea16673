import { html } from 'htm/preact';
import type { FieldTaskBody } from '../../server/field-schemas.ts';
import { bearing, distanceM, metresFrom, middleOf, type Place, ringsOf } from './geo.ts';
import { say } from './words.ts';

/** What a camera sees, where nothing is known of it: a phone's usual lens, held upright or not. */
export interface View {
  from: Place;
  azimuth: number;
}

interface MapProps {
  task: FieldTaskBody;
  fix: (Place & { accuracyM: number }) | null;
  views: readonly View[];
  heading: number | null;
}

const width = 358;
const height = 220;
const margin = 26;
/** Farther off, one stands at the border of the map with an arrow. */
const mostM = 600;
const viewDegrees = 66;
const coneM = 60;

/** Outline, oneself with how sure that is, and what photos look at: metres about the patch, north up. Nothing is fetched. */
export function SmallMap({ task, fix, views, heading }: MapProps) {
  const middle = middleOf(task);
  const near = fix !== null && distanceM(middle, fix) <= mostM ? fix : null;
  const shown = [...ringsOf(task).flat(), ...(near ? [near] : []), ...views.map(({ from }) => from)].map((place) =>
    metresFrom(middle, place),
  );
  const scale = scaleFor(shown);
  const [cx, cy] = centreOf(shown);
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    width / 2 + (x - cx) * scale,
    height / 2 - (y - cy) * scale,
  ];
  const put = (place: Place) => at(metresFrom(middle, place));
  const outline = ringsOf(task).map((ring) => `M${ring.map((place) => put(place).map(round).join(' ')).join('L')}Z`);
  return html`
    <svg class="small-map" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${say('map')}>
      <${Grid} at=${at} scale=${scale} />
      <path class="map-patch" d=${outline.join('')} />
      ${views.map(({ from, azimuth }) => html`<path class="map-view" d=${conePath(put(from), azimuth, coneM * scale)} />`)}
      ${near && html`<${Me} at=${put(near)} radius=${near.accuracyM * scale} heading=${heading} />`}
      ${fix && !near && html`<${FarMe} degrees=${bearing(middle, fix)} />`}
      <g class="map-north" transform=${`translate(${width - 20} 22)`}><path d="M0-13 5 5 0 2-5 5z" /><text y="17">${say('north')}</text></g>
      <${ScaleBar} scale=${scale} />
    </svg>
  `;
}

function Grid({ at, scale }: { at: (place: readonly [number, number]) => [number, number]; scale: number }) {
  const step = barMetres(scale);
  const lines: string[] = [];
  const [x0, y0] = at([0, 0]);
  for (let x = x0 % (step * scale); x < width; x += step * scale) lines.push(`M${round(x)} 0V${height}`);
  for (let y = y0 % (step * scale); y < height; y += step * scale) lines.push(`M0 ${round(y)}H${width}`);
  return html`<path class="map-grid" d=${lines.join('')} />`;
}

function Me({ at: [x, y], radius, heading }: { at: [number, number]; radius: number; heading: number | null }) {
  return html`
    <g transform=${`translate(${round(x)} ${round(y)})`}>
      <circle class="map-sure" r=${round(Math.max(radius, 8))} />
      ${heading !== null && html`<path class="map-heading" transform=${`rotate(${round(heading)})`} d="M0-27 8-6H-8z" />`}
      <circle class="map-me" r="7" />
    </g>
  `;
}

function FarMe({ degrees }: { degrees: number }) {
  const turn = (degrees * Math.PI) / 180;
  const reach = Math.min(
    (width / 2 - 18) / Math.abs(Math.sin(turn) || 1e-9),
    (height / 2 - 18) / Math.abs(Math.cos(turn) || 1e-9),
  );
  const [x, y] = [width / 2 + reach * Math.sin(turn), height / 2 - reach * Math.cos(turn)];
  return html`
    <g transform=${`translate(${round(x)} ${round(y)}) rotate(${round(degrees)})`}><path class="map-me" d="M0-11 9 8 0 4-9 8z" /></g>
  `;
}

function ScaleBar({ scale }: { scale: number }) {
  const metres = barMetres(scale);
  return html`
    <g class="map-scale" transform=${`translate(12 ${height - 12})`}>
      <path d=${`M0-5V0H${round(metres * scale)}V-5`} /><text x=${round((metres * scale) / 2)} y="-7">${metres} m</text>
    </g>
  `;
}

function conePath([x, y]: [number, number], azimuth: number, reach: number): string {
  const end = (degrees: number) => {
    const turn = (degrees * Math.PI) / 180;
    return `${round(x + reach * Math.sin(turn))} ${round(y - reach * Math.cos(turn))}`;
  };
  const [from, to] = [azimuth - viewDegrees / 2, azimuth + viewDegrees / 2];
  return `M${round(x)} ${round(y)}L${end(from)}A${round(reach)} ${round(reach)} 0 0 1 ${end(to)}Z`;
}

/** Pixels a metre, so that all of it is in sight and a small patch is not blown up. */
function scaleFor(points: readonly (readonly [number, number])[]): number {
  const span = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return Math.max(20, Math.max(...values) - Math.min(...values));
  };
  return Math.min((width - 2 * margin) / span(0), (height - 2 * margin) / span(1), 4);
}

function centreOf(points: readonly (readonly [number, number])[]): [number, number] {
  const middle = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return (Math.max(...values) + Math.min(...values)) / 2;
  };
  return [middle(0), middle(1)];
}

/** A round length of about a quarter of the map. */
function barMetres(scale: number): number {
  const about = width / 4 / scale;
  const ten = 10 ** Math.floor(Math.log10(about));
  return [5, 2, 1].map((step) => step * ten).find((metres) => metres <= about) ?? ten;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
