import { writeFileSync } from 'node:fs';
import type { Feature, Geometry, Position } from 'geojson';
import type { OpenLayer, OpenLayerOptions, RawFeature } from '../../../../services/zones/layer-files/layer-file.ts';
import { openLayer } from '../../../../services/zones/layer-files/open-layer.ts';
import { closeLayerFiles, readPiece } from '../../../../services/zones/layer-files/read-piece.ts';
import { seededRandom } from '../../../support/random.ts';

/** Hengyang. */
export const districtsBox = { minLon: 111.5, minLat: 26.1, maxLon: 113.3, maxLat: 27.5 };

/** Seeded parcels of Hengyang in lon/lat: with holes, islands in holes, several parts, none at all, and Chinese text. */
export function parcels(count: number, seed: number): Feature<Geometry | null>[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    type: 'Feature',
    properties: {
      BSM: `0${430421000000000 + i}00`,
      DLBM: ['0101', '0102', '0103'][Math.floor(random() * 3)],
      DLMC: random() < 0.1 ? null : ['水田', '水浇地', '旱地'][Math.floor(random() * 3)],
      ZLDWMC: `衡阳县西渡镇第${i}村`,
      MJ: Math.round(random() * 1e6) / 100,
      XH: Math.floor(random() * 1e6) - 500_000,
      RQ: random() < 0.1 ? null : `20${10 + Math.floor(random() * 15)}-0${1 + Math.floor(random() * 9)}-17`,
    },
    geometry: i % 17 === 5 ? null : shapeAt([111.7 + random() * 1.4, 26.3 + random()], random, i),
  }));
}

function shapeAt([lon, lat]: Position, random: () => number, i: number): Geometry {
  const ring = (radius: number, at: Position) => ringRound(at, radius, 5 + Math.floor(random() * 12), random);
  const centre: Position = [lon, lat];
  if (i % 5 === 1) return { type: 'Polygon', coordinates: [ring(0.004, centre), ring(0.001, centre).reverse()] };
  if (i % 5 === 2) {
    const island = [ring(0.0006, centre)];
    const lake = [ring(0.004, centre), ring(0.0018, centre).reverse()];
    return { type: 'MultiPolygon', coordinates: [island, lake, [ring(0.001, [lon + 0.01, lat])]] };
  }
  return { type: 'Polygon', coordinates: [ring(0.001, centre)] };
}

/** Closed, round enough not to cross one of another radius. */
function ringRound([x, y]: Position, radius: number, corners: number, random: () => number): Position[] {
  const points = Array.from({ length: corners }, (_, k) => {
    const r = radius * (0.7 + 0.3 * random());
    const angle = (2 * Math.PI * k) / corners;
    return [round(x + r * Math.cos(angle)), round(y + r * Math.sin(angle))];
  });
  return [...points, points[0]];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e9) / 1e9;
}

export function writeSequence(path: string, features: readonly unknown[]): string {
  writeFileSync(path, features.map((feature) => JSON.stringify(feature)).join('\n'));
  return path;
}

export interface ReadLayer extends Omit<OpenLayer, 'pieces' | 'close'> {
  features: RawFeature[];
}

/** A layer read to its end the way an import does: piece by piece, with plain data only. */
export async function readLayer(path: string, options: Partial<OpenLayerOptions> = {}): Promise<ReadLayer> {
  const { pieces, close, ...layer } = await openLayer(path, { districtsBox: null, ...options });
  try {
    const features: RawFeature[] = [];
    for await (const piece of pieces()) {
      const next = readPiece(structuredClone(piece), structuredClone(layer.reading));
      if (next.length > 0 && next[0].index < piece.firstIndex) throw new Error('a piece begins before its place');
      features.push(...next);
    }
    return { ...layer, features };
  } finally {
    closeLayerFiles();
    await close();
  }
}

/** The line a layer is refused with. */
export async function refusal(path: string, options: Partial<OpenLayerOptions> = {}): Promise<string> {
  try {
    await readLayer(path, options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'layer-invalid') return error.message;
    throw error;
  }
  return 'not refused';
}
