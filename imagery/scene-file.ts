import { toLonLat } from './crs.ts';
import { ImageryError } from './error.ts';
import { sceneHash } from './file-hash.ts';
import { type Grid, windowGrid } from './grid.ts';
import type { RasterInfo, RasterSource } from './raster.ts';
import { type BandRole, bandRoles, type RadiometricScale, type Scene } from './scene.ts';
import { openTiff } from './tiff/reader.ts';

export interface SceneDescription {
  bands?: BandRole[];
  date?: string;
  sensor?: string;
  /** CRS for a file that names none. */
  crs?: string;
}

/** Roles taken for granted when nobody names the bands, by band count. */
const usualBands: Readonly<Record<number, readonly BandRole[]>> = {
  1: ['P'],
  3: ['R', 'G', 'B'],
  4: ['B', 'G', 'R', 'N'],
  6: ['B', 'G', 'R', 'N', 'S1', 'S2'],
};

/** A scene that is known but for the name its bytes give it. */
export interface UnnamedScene {
  scene: Omit<Scene, 'id' | 'sha256'>;
  /** Comes while the scene is worked on; who does not wait for it need not catch what it throws. */
  sha256: Promise<string>;
}

/**
 * Opens a raster file and describes it as a scene, its bytes hashed.
 * @throws ImageryError of the reader; bands-differ when `bands` does not name every band of the file; crs-unknown
 * when its coordinates lie nowhere on the Earth.
 */
export async function describeScene(path: string, description: SceneDescription = {}): Promise<Scene> {
  const { scene, sha256 } = await openScene(path, description);
  return nameScene(scene, await sha256);
}

export function nameScene(scene: UnnamedScene['scene'], sha256: string): Scene {
  return { id: sha256.slice(0, 16), sha256, ...scene };
}

/** describeScene for who does not want to wait for the hash of a large file before beginning to work on it. */
export async function openScene(path: string, description: SceneDescription = {}): Promise<UnnamedScene> {
  const source = await openBands(path, description.bands?.length ?? null);
  const { info } = source;
  await source.close();
  const bands = description.bands ?? [...(usualBands[info.bandCount] ?? new Array<BandRole>(info.bandCount).fill('X'))];
  if (bands.length !== info.bandCount) {
    throw new ImageryError(
      'bands-differ',
      `${path}: has ${info.bandCount} bands, but ${bands.length} roles were given (${bands.join(',')}).`,
    );
  }
  const grid = gridIn(info, description.crs);
  checkOnEarth(path, grid);
  const sha256 = sceneHash(path);
  sha256.catch(() => {});
  const scene = {
    path,
    grid,
    bandCount: info.bandCount,
    sampleType: info.sampleType,
    bands,
    reflectance: usualReflectance(info),
    date: description.date ?? null,
    sensor: description.sensor ?? null,
  };
  return { scene, sha256 };
}

/** Opens the file of a scene, with the scene's bands and where the scene lies: a file may name no CRS itself. */
export async function openSceneFile(
  { path, bandCount, grid }: Pick<Scene, 'path' | 'bandCount' | 'grid'>,
  onDamage?: (error: ImageryError) => void,
): Promise<RasterSource> {
  const source = await openBands(path, bandCount, onDamage);
  if (source.info.grid.crs === grid.crs) return source;
  return {
    info: { ...source.info, grid },
    read: async (window) => ({ ...(await source.read(window)), grid: windowGrid(grid, window) }),
    close: () => source.close(),
  };
}

/**
 * Where one more band is expected than the file counts, a band declared as alpha is that band: GDAL declares
 * the near infrared of 8-bit B, G, R, N images so.
 */
async function openBands(
  path: string,
  bandCount: number | null,
  onDamage?: (error: ImageryError) => void,
): Promise<RasterSource> {
  const options = onDamage === undefined ? {} : { onDamage };
  const source = await openTiff(path, options);
  if (bandCount === null || source.info.bandCount + 1 !== bandCount) return source;
  await source.close();
  return openTiff(path, { ...options, alphaIsBand: true });
}

/** Parses 'B,G,R,N'. @throws ImageryError bands-differ naming the unknown role. */
export function parseBandRoles(text: string): BandRole[] {
  return text.split(',').map((part) => {
    const role = bandRoles.find((known) => known === part.trim().toUpperCase());
    if (role === undefined) {
      throw new ImageryError('bands-differ', `Band role '${part}': wanted one of ${bandRoles.join(', ')}.`);
    }
    return role;
  });
}

/** A file without CRS takes the one given; its rows then run southwards. */
function gridIn(info: RasterInfo, crs: string | undefined) {
  const { grid } = info;
  if (grid.crs !== null || crs === undefined) return grid;
  return { ...grid, crs, pixelHeight: -Math.abs(grid.pixelHeight) };
}

/** Coordinates of one CRS taken for those of another usually lie nowhere. */
function checkOnEarth(path: string, { crs, width, height, ...grid }: Grid): void {
  if (crs === null) return;
  const project = toLonLat(crs);
  for (const [column, row] of [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ]) {
    const [x, y] = [grid.originX + column * grid.pixelWidth, grid.originY + row * grid.pixelHeight];
    const [lon, lat] = project(x, y);
    if (Math.abs(lon) <= 180 + 1e-6 && Math.abs(lat) <= 90 + 1e-6) continue;
    throw new ImageryError(
      'crs-unknown',
      `${path}: does not lie on the Earth in ${crs}: wanted the CRS of its coordinates, got a corner at ${x}, ${y}.`,
    );
  }
}

/**
 * Surface or top-of-atmosphere products in 16 bits are reflectance × 10,000 nearly everywhere, and floats
 * reflectance itself; 8-bit numbers say nothing of reflectance, so clouds are not told there.
 */
function usualReflectance(info: RasterInfo): RadiometricScale | null {
  if (info.sampleType === 'uint16' || info.sampleType === 'int16') return { scale: 1e-4, offset: 0 };
  if (info.sampleType === 'float32' || info.sampleType === 'float64') return { scale: 1, offset: 0 };
  return null;
}
