import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromLonLat } from '../../../imagery/crs.ts';
import type { PatchDetail } from '../../queue/detail.ts';
import { crsText } from '../../zones/export/crs-text.ts';
import { writeFeatures } from '../../zones/export/write-features.ts';
import { fromGeoJson } from '../../zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../zones/geometry/zone-geometry.ts';
import type { LayerField } from '../../zones/layer-files/layer-file.ts';
import type { BundleWriter } from './bundle-writer.ts';

const FIELDS: LayerField[] = [
  text('JCBH', 40),
  text('XZQDM', 12),
  text('XMC', 60),
  text('TBLX', 20),
  text('QSX', 10),
  text('HSX', 10),
  { name: 'MJ', type: 'number', width: 18, decimals: 2 },
];

/** CGCS2000 in longitude and latitude. */
export const GEOGRAPHIC = 'EPSG:4490';

/** The 3° Gauss-Krüger zone that a longitude lies in, with the zone's number before the easting: EPSG 4488 + zone. */
export function gaussKrugerZone(lon: number): { zone: number; crs: string } {
  const zone = Math.min(45, Math.max(25, Math.round(lon / 3)));
  return { zone, crs: `EPSG:${4488 + zone}` };
}

/** Outline of the patch in both coordinate systems, and its corners as a table with both. */
export async function addGeometry(bundle: BundleWriter, detail: PatchDetail, folder: string, at: Date): Promise<void> {
  const { patch, detection, districtName } = detail;
  const { zone, crs } = gaussKrugerZone((patch.minLon + patch.maxLon) / 2);
  const geometry = fromGeoJson(detection.geometry);
  const properties = {
    JCBH: patch.number,
    XZQDM: patch.district,
    XMC: districtName,
    TBLX: patch.type,
    QSX: detection.beforeDate,
    HSX: detection.afterDate,
    MJ: Number(patch.areaM2.toFixed(2)),
  };
  const feature = { type: 'Feature', id: patch.number, properties, geometry: detection.geometry };
  // RFC 7946 knows no other CRS and wants none named; older readers look for the name.
  const named = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } };
  const collection = { type: 'FeatureCollection', name: 'patch', crs: named, features: [feature] };
  const what = {
    zh: '图斑范围，CGCS2000 经纬度（EPSG:4490）',
    en: 'outline, CGCS2000 longitude and latitude (EPSG:4490)',
  };
  await bundle.add('geometry/patch-4490.geojson', `${JSON.stringify(collection)}\n`, what);
  const stem = `patch-${crs.slice('EPSG:'.length)}`;
  async function* features() {
    yield { id: patch.number, properties, geometry };
  }
  const source = {
    features: features(),
    total: 1,
    fields: FIELDS,
    geometryKind: 'polygon' as const,
    layerName: 'patch',
  };
  await writeFeatures(source, { path: join(folder, `${stem}.shp`), crs, at });
  const projected = {
    zh: `图斑范围，CGCS2000 三度带第 ${zone} 带，坐标带带号（${crs}）`,
    en: `outline, CGCS2000 3-degree zone ${zone} with the zone before the easting (${crs})`,
  };
  for (const part of ['shp', 'shx', 'dbf', 'prj', 'cpg']) {
    await bundle.add(`geometry/${stem}.${part}`, await readFile(join(folder, `${stem}.${part}`)), projected);
  }
  await bundle.add('geometry/corners.csv', cornerTable(geometry, crs), {
    zh: '界址点坐标表：经纬度与三度带坐标（X 北，Y 东带带号）',
    en: 'corners: longitude, latitude, and X (north), Y (east with the zone) of the 3-degree zone',
  });
}

/** A line a corner: part, ring and corner counted from 1; degrees to nine decimals, metres to a millimetre. */
function cornerTable({ parts }: ZoneGeometry, crs: string): string {
  const project = fromLonLat(crs);
  const lines = [`part,ring,corner,lon,lat,X_${crs.slice(5)},Y_${crs.slice(5)}`];
  for (const [p, rings] of parts.entries()) {
    for (const [r, ring] of rings.entries()) {
      for (let i = 0; i < ring.length; i += 2) {
        const [east, north] = project(ring[i], ring[i + 1]);
        const place = [ring[i].toFixed(9), ring[i + 1].toFixed(9), north.toFixed(3), east.toFixed(3)];
        lines.push([p + 1, r + 1, i / 2 + 1, ...place].join(','));
      }
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Name and definition of the zone's CRS, for who reads the report. */
export function crsWords(crs: string): string {
  return `${crsText(crs).name} (${crs})`;
}

function text(name: string, width: number): LayerField {
  return { name, type: 'text', width, decimals: null };
}
