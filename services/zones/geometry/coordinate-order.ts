import type { LonLatBox } from '../../../imagery/grid.ts';

const LON_LAT = 'wanted longitude −180..180, latitude −90..90 in degrees';

/** What is wrong with a position as longitude, latitude, and what to do; null = nothing. */
export function positionProblem(x: number, y: number): string | null {
  const largest = Math.max(Math.abs(x), Math.abs(y));
  if (largest > 1000) return `${projectedGuess(x, y)}; ${LON_LAT}`;
  if (largest > 180) return `these are no degrees; ${LON_LAT}`;
  if (Math.abs(y) <= 90) return null;
  if (Math.abs(x) <= 90) return `longitude and latitude look swapped; ${LON_LAT}, longitude first`;
  return `the latitude is out of range; ${LON_LAT}`;
}

/** The smallest box round some positions, or null when there are none. */
export function boxOf(positions: Iterable<readonly number[]>): LonLatBox | null {
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  for (const [lon, lat] of positions) {
    if (lon < box.minLon) box.minLon = lon;
    if (lon > box.maxLon) box.maxLon = lon;
    if (lat < box.minLat) box.minLat = lat;
    if (lat > box.maxLat) box.maxLat = lat;
  }
  return box.minLon <= box.maxLon ? box : null;
}

/** The smallest box round boxes, or null when there are none. */
export function boxAround(boxes: readonly LonLatBox[]): LonLatBox | null {
  return boxOf(boxes.flatMap((box) => [[box.minLon, box.minLat] as const, [box.maxLon, box.maxLat] as const]));
}

function projectedGuess(x: number, y: number): string {
  const easting = [x, y].find((value) => value >= 13e6 && value < 46e6);
  const crs = easting === undefined ? null : gaussKrugerOf(Math.floor(easting / 1e6));
  if (crs === null) return 'these look like projected metres, of a CRS the numbers do not tell';
  return `these look like metres of ${crs.name}, EPSG:${crs.epsg} (ogr2ogr -s_srs EPSG:${crs.epsg} -t_srs EPSG:4326)`;
}

/** The CGCS2000 Gauss-Krüger zone whose number stands before the 500,000 of its eastings. */
function gaussKrugerOf(zone: number): { name: string; epsg: number } | null {
  if (zone >= 13 && zone <= 23) return { name: `CGCS2000 6-degree zone ${zone}`, epsg: 4478 + zone };
  if (zone >= 25 && zone <= 45) return { name: `CGCS2000 3-degree zone ${zone}`, epsg: 4488 + zone };
  return null;
}
