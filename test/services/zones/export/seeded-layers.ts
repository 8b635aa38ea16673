import type { ExportFeature, WriterOptions } from '../../../../services/zones/export/layer-writer.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import type { LayerField } from '../../../../services/zones/layer-files/layer-file.ts';
import { seededRandom } from '../../../support/random.ts';

/** A layer as Chinese offices have them, with all that is hard to keep. */
export const FIELDS: readonly LayerField[] = [
  { name: 'BSM', type: 'text', width: 18, decimals: null },
  { name: 'XZQMC', type: 'text', width: 60, decimals: null },
  { name: '图斑所在行政村名称', type: 'text', width: null, decimals: null },
  { name: '图斑所在行政村编号', type: 'text', width: null, decimals: null },
  { name: 'ZLDWDM', type: 'text', width: 19, decimals: null },
  { name: 'TBMJ', type: 'number', width: 15, decimals: 2 },
  { name: 'score', type: 'number', width: null, decimals: null },
  { name: 'OBJECTID', type: 'integer', width: 9, decimals: 0 },
  { name: 'large', type: 'integer', width: null, decimals: null },
  { name: 'PZRQ', type: 'date', width: 8, decimals: null },
  { name: 'sure', type: 'boolean', width: 1, decimals: null },
];

const NAMES = ['衡阳县西渡镇', '蒸湘区"呆鹰岭"', '南岳, 区', '石鼓区角山镇三联村', '', '耒阳市竹市镇　东湾'];

/** The same each time: polygons with holes, of several parts, across the edge of zones 37 and 38, and none. */
export function seededFeatures(kind: 'polygon' | 'line', count = 40): ExportFeature[] {
  const random = seededRandom(4526);
  return Array.from({ length: count }, (_, i) => {
    const some = (value: string | number | boolean) => (random() < 0.15 ? null : value);
    const name = NAMES[i % NAMES.length];
    return {
      id: `parcel-${i}`,
      properties: {
        BSM: `0${String(10 ** 16 + Math.floor(random() * 10 ** 15)).slice(0, 17)}`,
        XZQMC: some(name),
        图斑所在行政村名称: some(`${name}${i}组`),
        图斑所在行政村编号: some(`00${i}`),
        ZLDWDM: `4304211000${String(i).padStart(9, '0')}`,
        TBMJ: some(Math.round(random() * 1e8) / 100),
        score: some((random() - 0.5) * 10 ** Math.floor(random() * 20 - 10)),
        OBJECTID: i,
        large: some(Math.floor(random() * 9e14) - 4e14),
        PZRQ: some(`20${String(10 + (i % 16))}-02-${String(1 + (i % 28)).padStart(2, '0')}`),
        sure: some(i % 3 === 0),
      },
      geometry: i % 13 === 7 ? null : shape(kind, i, random),
    };
  });
}

function shape(kind: 'polygon' | 'line', i: number, random: () => number): ZoneGeometry {
  // Side by side along the edge of the two zones, 112.5° E.
  const lon = 112.4 + 0.005 * i + random() * 1e-4;
  const lat = 26.5 + random() * 0.5;
  const parts = Array.from({ length: i % 5 === 0 ? 3 : 1 }, (_, part) => {
    const ring = loop(lon + part * 0.002, lat, 0.0009, 12, random);
    if (kind === 'line') return [ring.slice(0, -4)];
    return i % 4 === 0 ? [ring, reversed(loop(lon + part * 0.002, lat, 0.0003, 5, random))] : [ring];
  });
  return { kind, parts };
}

/** A ring round a middle, anticlockwise, its corners at random distances. */
function loop(lon: number, lat: number, radius: number, corners: number, random: () => number): Float64Array {
  const path = new Float64Array(2 * corners + 2);
  for (let i = 0; i < corners; i++) {
    const distance = radius * (0.6 + 0.4 * random());
    path[2 * i] = lon + distance * Math.cos((2 * Math.PI * i) / corners);
    path[2 * i + 1] = lat + distance * Math.sin((2 * Math.PI * i) / corners);
  }
  path.set(path.subarray(0, 2), 2 * corners);
  return path;
}

export function reversed(path: Float64Array): Float64Array {
  const turned = new Float64Array(path.length);
  for (let i = 0; i < path.length; i += 2) turned.set(path.subarray(i, i + 2), path.length - 2 - i);
  return turned;
}

export function optionsFor(format: WriterOptions['format'], more: Partial<WriterOptions> = {}): WriterOptions {
  const common = { fields: FIELDS, geometryKind: 'polygon', crs: 'EPSG:4490', layerName: '地类图斑' } as const;
  return { format, ...common, encoding: 'utf-8', overwrite: false, bom: false, wkt: true, ...more };
}

/** Parts in an order of their own, shells anticlockwise, as plain numbers: what is the same shape is equal. */
export function plainShape(geometry: ZoneGeometry | null): number[][][] | null {
  if (geometry === null) return null;
  const parts = geometry.parts.map((part) =>
    part.map((path, i) => [
      ...(geometry.kind === 'polygon' && turnsClockwise(path) === (i === 0) ? reversed(path) : path),
    ]),
  );
  return parts.sort(([[a]], [[b]]) => a - b);
}

function turnsClockwise(ring: Float64Array): boolean {
  let sum = 0;
  for (let i = 2; i + 3 < ring.length; i += 2) {
    sum += (ring[i] - ring[0]) * (ring[i + 3] - ring[1]) - (ring[i + 2] - ring[0]) * (ring[i + 1] - ring[1]);
  }
  return sum < 0;
}
