import { toLonLat } from './crs.ts';
import { groundPixelSizeM } from './ellipsoid.ts';
import { ImageryError } from './error.ts';
import { sceneHash } from './file-hash.ts';
import { type Grid, overviewGrid, type Window, windowGrid } from './grid.ts';
import { withSuppliedMask } from './masks/masked-source.ts';
import type { SuppliedMask } from './masks/supplied-mask.ts';
import { openRaster } from './open-raster.ts';
import { findPreset, presetBands, readProductName } from './product-name.ts';
import type { RasterInfo, RasterSource } from './raster.ts';
import { isRemotePath } from './remote/location.ts';
import { type BandRole, bandRoles, type RadiometricScale, type Scene } from './scene.ts';
import { radiometryOf } from './scene-radiometry.ts';
import type { SensorPreset } from './sensors.ts';
import { maskNodata } from './tiff/nodata.ts';
import type { TiffReadOptions } from './tiff/reader.ts';

/** What a person says of a file. Each field wins over what the file, its name and the sensor's preset say. */
export interface SceneDescription {
  bands?: BandRole[];
  date?: string;
  /** A preset's name or alias, or any other name. Unsaid: what the file's name tells. */
  sensor?: string;
  /** CRS for a file that names none. */
  crs?: string;
  reflectance?: RadiometricScale | null;
  nodata?: number;
  saturation?: number | null;
  mask?: SuppliedMask;
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
  return { id: sha256.replace(/^version:/, '').slice(0, 16), sha256, ...scene };
}

/** describeScene for who does not want to wait for the hash of a large file before beginning to work on it. */
async function openScene(path: string, description: SceneDescription = {}): Promise<UnnamedScene> {
  const scene = await lookAtScene(path, description);
  const sha256 = sceneHash(scene.path);
  sha256.catch(() => {});
  return { scene, sha256 };
}

/** describeScene without the hash: all that must be believed of the file's content. */
export async function lookAtScene(path: string, description: SceneDescription = {}): Promise<UnnamedScene['scene']> {
  const source = await openBands(path, description.bands?.length ?? null);
  try {
    // An ENVI image may be named by its header; its bytes are the data file's.
    return await sceneOf(isRemotePath(path) ? path : source.info.path, source, description);
  } finally {
    await source.close();
  }
}

async function sceneOf(path: string, source: RasterSource, description: SceneDescription) {
  const { info } = source;
  const grid = gridIn(info, description.crs);
  checkOnEarth(path, grid);
  const product = readProductName(path);
  const preset = presetOf(info, grid, description.sensor, product?.preset ?? null);
  const bands = bandsOf(path, info.bandCount, preset, description.bands ?? product?.bands ?? undefined);
  const { reflectance, nodata, saturation } = description;
  const given = {
    ...(reflectance !== undefined && { reflectance }),
    ...(nodata !== undefined && { nodata }),
    ...(saturation !== undefined && { saturation }),
  };
  const baseline = product !== null && product.preset === preset ? product.baseline : null;
  return {
    path,
    grid,
    bandCount: info.bandCount,
    sampleType: info.sampleType,
    bands,
    ...(await radiometryOf(source, bands, { preset, baseline, given })),
    mask: description.mask ?? null,
    date: description.date ?? product?.date ?? null,
    sensor: description.sensor ?? preset?.name ?? null,
  };
}

/** What somebody called the sensor, then what the file's name says; a name that both share means the name's product. */
function presetOf(
  info: RasterInfo,
  grid: Grid,
  sensor: string | undefined,
  ofName: SensorPreset | null,
): SensorPreset | null {
  if (sensor === undefined) return ofName;
  const size = grid.crs === null ? null : groundPixelSizeM(grid);
  const found = findPreset(sensor, info.sampleType, size && Math.sqrt(size.x * size.y));
  return found !== null && ofName?.aliases.some((alias) => found.aliases.includes(alias)) ? ofName : found;
}

function bandsOf(
  path: string,
  bandCount: number,
  preset: SensorPreset | null,
  given: readonly BandRole[] | undefined,
): BandRole[] {
  const usual = preset !== null && bandCount < 3 ? undefined : usualBands[bandCount];
  const bands = given ?? (preset && presetBands(preset, bandCount)) ?? usual;
  if (bands === undefined && preset === null) return new Array<BandRole>(bandCount).fill('X');
  if (bands?.length === bandCount) return [...bands];
  const got =
    bands === undefined
      ? `wanted ${preset?.bands.join(' or ')} of ${preset?.name}, or their roles by --bands`
      : `but ${bands.length} roles were given (${bands.join(',')})`;
  throw new ImageryError('bands-differ', `${path}: has ${bandCount} bands, ${got}.`);
}

export type OpenedScene = Pick<Scene, 'path' | 'bandCount' | 'grid'> &
  Partial<Pick<Scene, 'nodata' | 'mask' | 'saturation'>>;

/**
 * Opens the file of a scene, with the scene's bands, where the scene lies and what of it counts as not observed: a file
 * may name no CRS and no nodata value itself; a mask may have come with it.
 */
export async function openSceneFile(
  { path, bandCount, grid, nodata = null, mask = null, saturation = null }: OpenedScene,
  onDamage?: (error: ImageryError) => void,
  cacheBytes?: number,
): Promise<RasterSource> {
  const source = await openBands(path, bandCount, { ...(onDamage && { onDamage }), ...(cacheBytes && { cacheBytes }) });
  const sameNodata = nodata === null || Object.is(source.info.nodata, nodata);
  const sameCrs = source.info.grid.crs === grid.crs;
  const plain = sameCrs && sameNodata;
  const described = plain ? source : asDescribed(source, sameCrs ? source.info.grid : grid, nodata);
  return withSuppliedMask(described, { mask, saturation }, onDamage);
}

/** A source that says of itself, and masks, what is said of its scene. */
function asDescribed(source: RasterSource, grid: Grid, nodata: number | null): RasterSource {
  return {
    info: { ...source.info, grid, nodata: nodata ?? source.info.nodata },
    async read(window: Window) {
      const raster = await source.read(window);
      for (const band of raster.bands) maskNodata(band, nodata, raster.mask);
      return { ...raster, grid: windowGrid(grid, window) };
    },
    async overview(level: number) {
      const reduced = await source.overview(level);
      return asDescribed(reduced, overviewGrid(grid, reduced.info.grid), nodata);
    },
    close: () => source.close(),
  };
}

/**
 * Where one more band is expected than the file counts, a band declared as alpha is that band: GDAL declares
 * the near infrared of 8-bit B, G, R, N images so.
 */
async function openBands(path: string, bandCount: number | null, options: TiffReadOptions = {}): Promise<RasterSource> {
  const source = await openRaster(path, options);
  if (bandCount === null || source.info.bandCount + 1 !== bandCount) return source;
  await source.close();
  return openRaster(path, { ...options, alphaIsBand: true });
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
