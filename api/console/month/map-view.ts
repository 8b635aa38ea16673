import type { PatchItem, ZoneCollection } from '../../server/schemas.ts';

type Geometry = ZoneCollection['features'][number]['geometry'];
type Ring = [lon: number, lat: number][];

/** How degrees become pixels of the map. */
export interface View {
  /** Height that shows all at the width asked for, within the frame's limits. */
  height: number;
  point(lon: number, lat: number): [x: number, y: number];
  /** Where a zone's name stands: the middle of its box. */
  labelPoint(geometry: Geometry): [x: number, y: number];
}

interface Frame {
  width: number;
  leastHeight: number;
  mostHeight: number;
  marginPx: number;
}

/** A view of all districts, or of all patches where there are no districts; true to scale at its middle. */
export function fitView(districts: ZoneCollection, patches: PatchItem[], frame: Frame): View {
  const zones = districts.features.flatMap((zone) => ringsOf(zone.geometry).flat());
  const corners = patches.flatMap(
    ({ bbox }): Ring => [
      [bbox[0], bbox[1]],
      [bbox[2], bbox[3]],
    ],
  );
  const box = boxOf(zones.length > 0 ? zones : corners);
  const narrowing = Math.cos((((box.minLat + box.maxLat) / 2) * Math.PI) / 180);
  const spanX = Math.max(1e-6, (box.maxLon - box.minLon) * narrowing);
  const spanY = Math.max(1e-6, box.maxLat - box.minLat);
  const { width, leastHeight, mostHeight, marginPx } = frame;
  const wanted = ((width - 2 * marginPx) * spanY) / spanX + 2 * marginPx;
  const height = Math.round(Math.min(mostHeight, Math.max(leastHeight, wanted)));
  const scale = Math.min((width - 2 * marginPx) / spanX, (height - 2 * marginPx) / spanY);
  const left = (width - spanX * scale) / 2;
  const top = (height - spanY * scale) / 2;
  const point = (lon: number, lat: number): [number, number] => [
    left + (lon - box.minLon) * narrowing * scale,
    top + (box.maxLat - lat) * scale,
  ];
  return {
    height,
    point,
    labelPoint(geometry) {
      const { minLon, minLat, maxLon, maxLat } = boxOf(ringsOf(geometry).flat());
      return point((minLon + maxLon) / 2, (minLat + maxLat) / 2);
    },
  };
}

/** The rings of a geometry as one SVG path. */
export function pathOf(geometry: Geometry, view: View): string {
  const ring = (points: Ring) =>
    `M${points
      .map(([lon, lat]) =>
        view
          .point(lon, lat)
          .map((value) => value.toFixed(1))
          .join(' '),
      )
      .join('L')}Z`;
  return ringsOf(geometry).map(ring).join('');
}

function ringsOf({ type, coordinates }: Geometry): Ring[] {
  return type === 'Polygon' ? (coordinates as Ring[]) : (coordinates as Ring[][]).flat();
}

function boxOf(points: Ring) {
  const box = { minLon: 180, minLat: 90, maxLon: -180, maxLat: -90 };
  for (const [lon, lat] of points) {
    box.minLon = Math.min(box.minLon, lon);
    box.maxLon = Math.max(box.maxLon, lon);
    box.minLat = Math.min(box.minLat, lat);
    box.maxLat = Math.max(box.maxLat, lat);
  }
  return points.length > 0 ? box : { minLon: 0, minLat: 0, maxLon: 1, maxLat: 1 };
}
