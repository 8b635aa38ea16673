import type { Geometry } from 'geojson';
import { fromLonLat, isGeographic, toLonLat } from '../../imagery/crs.ts';
import type { LonLatBox } from '../../imagery/grid.ts';
import { ServiceError } from '../error.ts';

/** A coordinate system in which features can be asked for, as OGC API - Features part 2 names it. */
export interface ReferenceSystem {
  uri: string;
  /** 'EPSG:n'. */
  crs: string;
  /** EPSG gives latitude before longitude, and northing before easting. */
  northFirst: boolean;
}

export const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

/** CGCS2000 / 3-degree Gauss-Kruger zone 25, with the zone in front of the easting: the first of the 21 zones. */
const zone25 = 4513;

/** The systems of a collection that lies around this longitude (null: nowhere yet): its zone of 3 degrees is the last. */
export function referenceSystems(lon: number | null): ReferenceSystem[] {
  const zone = lon === null ? null : Math.round(lon / 3);
  const codes = [4326, 4490, 3857, ...(zone !== null && zone >= 25 && zone <= 45 ? [zone25 + zone - 25] : [])];
  return [{ uri: CRS84, crs: 'EPSG:4326', northFirst: false }, ...codes.map(epsg)];
}

function epsg(code: number): ReferenceSystem {
  const uri = `http://www.opengis.net/def/crs/EPSG/0/${code}`;
  return { uri, crs: `EPSG:${code}`, northFirst: code !== 3857 };
}

/** @throws ServiceError bad-input where the collection is not offered in it */
export function referenceSystem(uri: string | undefined, offered: readonly ReferenceSystem[]): ReferenceSystem {
  const wanted = uri?.replace(/^\[(.*)\]$/, '$1') ?? CRS84;
  const found = offered.find((one) => one.uri === wanted);
  if (found !== undefined) return found;
  const list = offered.map((one) => one.uri).join(', ');
  throw new ServiceError('bad-input', `A coordinate system here is one of ${list}; got '${wanted.slice(0, 200)}'.`);
}

/** The geometry, longitude first, in another system and in the order of its axes. */
export function projected<G extends Geometry | null>(geometry: G, system: ReferenceSystem): G {
  if (geometry === null || system.uri === CRS84) return geometry;
  const transform = fromLonLat(system.crs);
  const move = (part: unknown): unknown => {
    if (Array.isArray((part as unknown[])[0])) return (part as unknown[]).map(move);
    const [x, y] = transform(...(part as [number, number]));
    return system.northFirst ? [y, x] : [x, y];
  };
  const { coordinates } = geometry as { coordinates: unknown[] } & Geometry;
  return { ...geometry, coordinates: coordinates.length === 0 ? [] : move(coordinates) };
}

/**
 * The box in degrees around a box in a system, corners in the order of its axes; heights in between are not used.
 * @throws ServiceError bad-input where it is none, or reaches beyond the system
 */
export function boxInDegrees(numbers: readonly number[], system: ReferenceSystem): LonLatBox {
  const half = numbers.length / 2;
  const corners = [numbers.slice(0, 2), numbers.slice(half, half + 2)];
  const [[minX, minY], [maxX, maxY]] = system.northFirst ? corners.map(([north, east]) => [east, north]) : corners;
  const box = isGeographic(system.crs)
    ? { minLon: minX, minLat: minY, maxLon: maxX, maxLat: maxY }
    : boxAround(sidesOf(minX, minY, maxX, maxY).map(([x, y]) => toLonLat(system.crs)(x, y)));
  const onEarth = box.minLon >= -180 && box.maxLon <= 180 && box.minLat >= -90 && box.maxLat <= 90;
  if (onEarth && minX <= maxX && minY <= maxY) return box;
  const wanted = `minimum and maximum of each axis of ${system.uri}, in the order of its axes`;
  throw new ServiceError('bad-input', `The bbox must be ${wanted}; got ${numbers.join(',')}.`);
}

/** Points on each side of a box that is taken to degrees: its sides are curves there. */
const stepsPerSide = 16;

function sidesOf(minX: number, minY: number, maxX: number, maxY: number): [number, number][] {
  return Array.from({ length: stepsPerSide + 1 }, (_, i) => {
    const [x, y] = [minX + ((maxX - minX) * i) / stepsPerSide, minY + ((maxY - minY) * i) / stepsPerSide];
    return [
      [x, minY],
      [x, maxY],
      [minX, y],
      [maxX, y],
    ] as [number, number][];
  }).flat();
}

function boxAround(points: readonly [number, number][]): LonLatBox {
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const [minLon, minLat] = [Math.min(...lons), Math.min(...lats)];
  return { minLon, minLat, maxLon: Math.max(...lons), maxLat: Math.max(...lats) };
}
