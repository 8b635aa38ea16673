import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A row of a batch as a province would send it: a square, its south-west corner and side in degrees. */
export interface SentRow {
  JCBH: string;
  lon: number;
  lat: number;
  side?: number;
  TBLX?: string;
  QSX?: string;
  HSX?: string;
  MJ?: number;
  XZQDM?: string;
  BZ?: string;
  [other: string]: string | number | null | undefined;
}

const COLUMNS = ['XZQDM', 'XMC', 'JCBH', 'TBLX', 'QSX', 'HSX', 'MJ', 'BZ', 'PDJG', 'ZGMJ', 'SHYJ', 'SHRQ', 'SHBZ'];

/** The rows as GeoJSON, every column in every row. */
export function sentGeojson(rows: readonly SentRow[]): string {
  const features = rows.map(({ lon, lat, side = 0.001, ...given }) => {
    const [east, north] = [lon + side, lat + side];
    const ring = [
      [lon, lat],
      [east, lat],
      [east, north],
      [lon, north],
      [lon, lat],
    ];
    const usual = { XZQDM: '430421', XMC: '衡阳县', TBLX: 'TD', QSX: '2025-05-20', HSX: '2025-06-18', MJ: 1234.5 };
    const known: Record<string, unknown> = { ...usual, BZ: '疑似推土', ...given };
    const properties = Object.fromEntries(COLUMNS.map((name) => [name, known[name] ?? null]));
    return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  return JSON.stringify({ type: 'FeatureCollection', features }, null, 1);
}

const SQL = `SELECT CAST(XZQDM AS character(12)) AS XZQDM, CAST(XMC AS character(60)) AS XMC,
 CAST(JCBH AS character(20)) AS JCBH, CAST(TBLX AS character(10)) AS TBLX, CAST(QSX AS date) AS QSX,
 CAST(HSX AS date) AS HSX, CAST(MJ AS numeric(15,2)) AS MJ, CAST(BZ AS character(80)) AS BZ,
 CAST(PDJG AS character(20)) AS PDJG, CAST(ZGMJ AS numeric(15,2)) AS ZGMJ, CAST(SHYJ AS character(40)) AS SHYJ,
 CAST(SHRQ AS date) AS SHRQ, CAST(SHBZ AS character(40)) AS SHBZ FROM sent`;

/** Writes them with ogr2ogr as offices do: a shapefile in GBK and Gauss-Krüger metres, or what the options say. */
export function sendBatch(path: string, rows: readonly SentRow[], ...options: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  const source = `${path}.sent.geojson`;
  writeFileSync(source, sentGeojson(rows));
  const usual = path.endsWith('.shp') ? ['-lco', 'ENCODING=GBK', '-t_srs', 'EPSG:4526'] : [];
  const target = options.length > 0 ? options : usual;
  execFileSync('ogr2ogr', [
    '-q',
    ...target,
    '-dialect',
    'OGRSQL',
    '-sql',
    SQL.replace('FROM sent', `FROM "${layerOf(source)}"`),
    path,
    source,
  ]);
  return path;
}

/** GeoJSON's only layer is called as its file is. */
function layerOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.geojson$/, '');
}
