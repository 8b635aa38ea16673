import { html } from 'htm/preact';
import type { DossierBody } from '../../server/dossier-schemas.ts';
import type { PatchDetail } from '../../server/schemas.ts';
import { ScaleBar } from './outline.ts';
import { usePicture } from './picture-store.ts';
import { say } from './words.ts';

type Photo = DossierBody['photos'][number];
type Place = [x: number, y: number];

const size = { width: 320, height: 220, margin: 36 };
/** A telephone's lens, where the photo does not say. */
const usualView = 65;
const metresPerDegree = 111_320;

interface PhotoMapProps {
  patch: PatchDetail;
  photos: readonly Photo[];
  /** The picture after the change lies below, where there is one. */
  ground: { path: string; corners: [number, number][] } | null;
  onOpen: (photo: Photo) => void;
}

/** The patch, and whence and whither its photos look; north is up. One whose tests failed is drawn dashed. */
export function PhotoMap({ patch, photos, ground, onOpen }: PhotoMapProps) {
  const placed = photos.filter((photo) => photo.position !== null);
  const { url } = usePicture(placed.length > 0 ? (ground?.path ?? null) : null);
  if (placed.length === 0) return null;
  const { point, pixelM } = viewOf(patch, placed);
  const outline = ringsOf(patch.geometry)
    .map((ring) => `M${ring.map(([lon, lat]) => point(lon, lat).join(' ')).join('L')}Z`)
    .join('');
  return html`
    <figure class="photo-map">
      <svg viewBox=${`0 0 ${size.width} ${size.height}`} role="group" aria-label=${say('photoMap')}>
        <rect class="ground" width=${size.width} height=${size.height} />
        ${url !== null && ground && html`<${Ground} url=${url} corners=${ground.corners} point=${point} />`}
        <path class="patch-shape" d=${outline} />
        ${placed.map((photo, i) => html`<${Cone} key=${photo.id} photo=${photo} index=${i + 1} at=${point(photo.position!.lon, photo.position!.lat)} onOpen=${onOpen} />`)}
        <text class="north" x="18" y="20">N↑</text>
      </svg>
      <${ScaleBar} widthM=${size.width * pixelM} />
      <figcaption class="faint">${say('photoMap')}</figcaption>
    </figure>
  `;
}

/** The picture lies in its own projection: it is laid by its corners, turned and stretched as they are. */
function Ground({
  url,
  corners,
  point,
}: {
  url: string;
  corners: [number, number][];
  point: (lon: number, lat: number) => Place;
}) {
  const [topLeft, topRight, , bottomLeft] = corners.map(([lon, lat]) => point(lon, lat));
  const turn = [
    topRight[0] - topLeft[0],
    topRight[1] - topLeft[1],
    bottomLeft[0] - topLeft[0],
    bottomLeft[1] - topLeft[1],
  ];
  return html`<image href=${url} width="1" height="1" preserveAspectRatio="none" transform=${`matrix(${[...turn, ...topLeft].join(' ')})`} />`;
}

interface ConeProps {
  photo: Photo;
  index: number;
  at: Place;
  onOpen: (photo: Photo) => void;
}

function Cone({ photo, index, at, onOpen }: ConeProps) {
  const [x, y] = at;
  const failed = photo.tests.some(({ outcome }) => outcome === 'failed');
  const name = `${say('photoOpen')} ${index}${photo.azimuth === null ? '' : ` · ${say('azimuth')} ${Math.round(photo.azimuth)}°`}${failed ? ` · ${say('photoFailed')}` : ''}`;
  const open = (event: Event) => {
    event.preventDefault();
    onOpen(photo);
  };
  const press = (event: KeyboardEvent) => (event.key === 'Enter' || event.key === ' ') && open(event);
  return html`
    <g class=${failed ? 'cone failed' : 'cone'} role="button" tabindex="0" aria-label=${name} data-azimuth=${photo.azimuth ?? ''} onClick=${open} onKeyDown=${press}>
      ${photo.azimuth !== null && html`<path class="view" d=${conePath(at, photo.azimuth, photo.viewDegrees ?? usualView)} />`}
      <circle cx=${x} cy=${y} r="8" /><text x=${x} y=${y + 3.6}>${index}</text><title>${name}</title>
    </g>
  `;
}

const reachPx = 46;

/** A sector from a place, in the direction of view (degrees from north, clockwise). */
export function conePath([x, y]: Place, azimuth: number, viewDegrees: number): string {
  const end = (degrees: number) => {
    const turn = (degrees * Math.PI) / 180;
    return `${(x + reachPx * Math.sin(turn)).toFixed(1)} ${(y - reachPx * Math.cos(turn)).toFixed(1)}`;
  };
  const half = Math.min(179, viewDegrees) / 2;
  const large = viewDegrees > 180 ? 1 : 0;
  return `M${x.toFixed(1)} ${y.toFixed(1)}L${end(azimuth - half)}A${reachPx} ${reachPx} 0 ${large} 1 ${end(azimuth + half)}Z`;
}

/** How degrees become pixels: the patch and every place of a photo are in sight, metres are alike both ways. */
function viewOf(patch: PatchDetail, placed: readonly Photo[]) {
  const [minLon, minLat, maxLon, maxLat] = patch.bbox;
  const lons = [minLon, maxLon, ...placed.map(({ position }) => position!.lon)];
  const lats = [minLat, maxLat, ...placed.map(({ position }) => position!.lat)];
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const spanX = Math.max(20 / metresPerDegree, (east - west) * narrowing);
  const spanY = Math.max(20 / metresPerDegree, north - south);
  const scale = Math.min((size.width - 2 * size.margin) / spanX, (size.height - 2 * size.margin) / spanY);
  const [middleLon, middleLat] = [(west + east) / 2, (south + north) / 2];
  const point = (lon: number, lat: number): Place => [
    size.width / 2 + (lon - middleLon) * narrowing * scale,
    size.height / 2 - (lat - middleLat) * scale,
  ];
  return { point, pixelM: metresPerDegree / scale };
}

function ringsOf({ type, coordinates }: PatchDetail['geometry']): [number, number][][] {
  return (type === 'Polygon' ? coordinates : coordinates.flat()) as [number, number][][];
}
