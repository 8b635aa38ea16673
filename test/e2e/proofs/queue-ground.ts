import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Polygon } from 'geojson';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import type { Store } from '../../../services/store/open.ts';
import { importLayer } from '../../../services/zones/import/import-layer.ts';
import { type SentRow, sentGeojson } from '../../support/batch-files.ts';

/** Three districts side by side and squares in them, on which everything of the random histories happens. */

export const DISTRICTS = ['430421', '430422', '430423'];
/** Files that were sent from above. */
export const FILES = 3;
const ROWS = 3;

export interface Site {
  district: string;
  lon: number;
  lat: number;
  geometry: Polygon;
  /** m², to 0.01. */
  areaM2: number;
}

/** A square of 0.001 degrees; sites of different numbers lie apart, neighbours by number in different districts. */
export function siteOf(number: number): Site {
  const lon = Math.round((112 + 0.1 * (number % 3) + 0.002 + 0.003 * (Math.floor(number / 3) % 30)) * 1e6) / 1e6;
  const lat = Math.round((26.9 + 0.003 * Math.floor(number / 90)) * 1e6) / 1e6;
  const geometry = box(lon, lat, lon + 0.001, lat + 0.001);
  return {
    district: DISTRICTS[number % 3],
    ...{ lon, lat, geometry },
    areaM2: Math.round(geometryAreaM2(geometry) * 100) / 100,
  };
}

function box(west: number, south: number, east: number, north: number): Polygon {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

/** The districts as a layer, and the files from above: some of their rows are places that others know, too. */
export async function layGround(store: Store, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'districts.geojson');
  const features = DISTRICTS.map((code, i) => {
    const properties = { id: code, XZQDM: code, XMC: code };
    return { type: 'Feature', properties, geometry: box(112 + 0.1 * i, 26.8, 112.1 + 0.1 * i - 1e-9, 27.1) };
  });
  await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features }));
  await importLayer(store, {
    path,
    layer: 'districts',
    validFrom: '2020-01-01',
    now: new Date('2025-01-01T00:00:00Z'),
  });
  for (let file = 0; file < FILES; file++) await writeFile(filePath(folder, file), sentGeojson(rowsOf(file)));
}

export function filePath(folder: string, file: number): string {
  return join(folder, `sent-${file}.geojson`);
}

export function rowName(file: number, row: number): string {
  return `S${file}-${row % ROWS}`;
}

function rowsOf(file: number): SentRow[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const { district, lon, lat } = siteOf(file * 2 + row);
    return { JCBH: rowName(file, row), XZQDM: district, lon, lat, MJ: 1000 };
  });
}
