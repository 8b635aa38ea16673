import type { ZoneCollection } from '../../server/schemas.ts';

type Zone = ZoneCollection['features'][number];
type Point = [x: number, y: number];

export interface Shapes {
  height: number;
  parts: { zone: Zone; path: string; middle: Point }[];
}

/** Outlines in lon/lat as paths that fill a frame of this width, true to scale at their middle; no higher than the frame. */
export function fitShapes(zones: readonly Zone[], frame: { width: number; height: number; margin: number }): Shapes {
  const rings = new Map(zones.map((zone) => [zone, ringsOf(zone)]));
  const points = [...rings.values()].flat(2);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const [west, east, south, north] = [least(lons), most(lons), least(lats), most(lats)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [Math.max(1e-6, (east - west) * squeeze), Math.max(1e-6, north - south)];
  const room = frame.width - 2 * frame.margin;
  const scale = Math.min(room / wide, (frame.height - 2 * frame.margin) / high);
  const left = (frame.width - wide * scale) / 2;
  const place = ([lon, lat]: Point): Point => [
    left + (lon - west) * squeeze * scale,
    frame.margin + (north - lat) * scale,
  ];
  return {
    height: Math.ceil(high * scale + 2 * frame.margin),
    parts: zones.map((zone) => {
      const own = rings.get(zone)!.map((ring) => ring.map(place));
      const all = own.flat();
      const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
      return { zone, path: own.map(pathOf).join(''), middle: [(least(xs) + most(xs)) / 2, (least(ys) + most(ys)) / 2] };
    }),
  };
}

function ringsOf({ geometry: { type, coordinates } }: Zone): Point[][] {
  return type === 'Polygon' ? (coordinates as Point[][]) : (coordinates as Point[][][]).flat();
}

function pathOf(ring: readonly Point[]): string {
  return `M${ring.map((point) => point.map((value) => value.toFixed(1)).join(' ')).join('L')}Z`;
}

/** Outlines have more corners than a call takes arguments. */
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
