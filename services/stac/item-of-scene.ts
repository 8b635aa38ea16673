import { extname } from 'node:path';
import type { BandRole } from '../../imagery/scene.ts';
import { isStackPath, placeOfBand, readStack } from '../../imagery/stack/manifest.ts';
import { describeRow, type SceneDetail } from '../scenes/scene-description.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import type { SceneRow } from '../store/scenes.ts';
import { commonNameOf } from './band-names.ts';
import type { StacLink } from './item.ts';
import { utcOf } from './local-time.ts';

export const stacVersions = ['1.0.0', '1.1.0'] as const;
export type StacVersion = (typeof stacVersions)[number];

/** A STAC Item to be written. */
export interface WrittenItem {
  type: 'Feature';
  stac_version: StacVersion;
  stac_extensions: string[];
  id: string;
  geometry: SceneDetail['footprint'];
  bbox: SceneDetail['bbox'];
  properties: Record<string, unknown>;
  links: StacLink[];
  assets: Record<string, Record<string, unknown>>;
  collection: string;
}

export interface ItemOptions {
  version: StacVersion;
  links: StacLink[];
  /** Address of a file as it shall stand in the item, or null: the file is not told. */
  hrefOf: (path: string) => string | null;
}

/** The one collection that a workspace has. */
export const scenesCollection = 'scenes';

const schemas = {
  '1.0.0': [
    'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
    'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
    'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
    'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  ],
  '1.1.0': [
    'https://stac-extensions.github.io/projection/v2.0.0/schema.json',
    'https://stac-extensions.github.io/eo/v2.0.0/schema.json',
    'https://stac-extensions.github.io/raster/v2.0.0/schema.json',
    'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  ],
};

/** The bands of a scene where they lie: one file, or several. */
export interface SceneFile {
  path: string;
  /** As the scene or the stack knows it: 64 hex digits are the SHA-256 of the file's bytes. */
  sha256: string;
  bytes: number | null;
  /** Which bands of the scene, in order of the file. */
  bands: BandRole[];
}

/** The files of a scene. @throws ImageryError where it is a stack whose description cannot be read */
export async function filesOfScene(row: SceneRow): Promise<SceneFile[]> {
  const { path, sha256, bands } = sceneOfRow(row);
  if (!isStackPath(path)) return [{ path, sha256, bytes: row.bytes, bands }];
  const stack = await readStack(path);
  return stack.bands.map((band, i) => ({
    path: placeOfBand(path, band),
    sha256: band.sha256,
    bytes: band.version?.byteLength ?? null,
    bands: [bands[i]],
  }));
}

/** A scene of the workspace as a STAC Item with the projection, eo, raster and file extensions. */
export function itemOfScene(row: SceneRow, files: readonly SceneFile[], options: ItemOptions): WrittenItem {
  const detail = describeRow(row);
  const { version, links, hrefOf } = options;
  return {
    type: 'Feature',
    stac_version: version,
    stac_extensions: schemas[version],
    id: detail.id,
    geometry: detail.footprint,
    bbox: detail.bbox,
    properties: propertiesOf(row, detail, version),
    links,
    assets: { ...dataAssets(detail, files, version, hrefOf), ...maskAsset(detail, hrefOf) },
    collection: scenesCollection,
  };
}

function propertiesOf(row: SceneRow, detail: SceneDetail, version: StacVersion): Record<string, unknown> {
  const { grid } = sceneOfRow(row);
  const epsg = /^EPSG:(\d+)$/.exec(grid.crs ?? '')?.[1];
  const isSpdx = row.licence !== null && /^[\w.+-]+$/.test(row.licence);
  return {
    ...momentOf(detail),
    created: detail.addedAt,
    platform: detail.sensor,
    gsd: detail.gsdM,
    ...(version === '1.0.0' ? { 'proj:epsg': epsg === undefined ? null : Number(epsg) } : { 'proj:code': grid.crs }),
    'proj:shape': [grid.height, grid.width],
    'proj:transform': [grid.pixelWidth, 0, grid.originX, 0, grid.pixelHeight, grid.originY],
    ...(detail.cloudFraction !== null && { 'eo:cloud_cover': Math.round(detail.cloudFraction * 1e6) / 1e4 }),
    // What was told from the image itself is told anew where it is imported.
    ...(detail.cloudBy === 'sample' && { 'tuban:cloud_by': 'sample' }),
    ...(row.licence !== null && {
      license: isSpdx ? row.licence : version === '1.0.0' ? 'proprietary' : 'other',
      'tuban:licence': row.licence,
    }),
    ...(detail.saturation !== null && { 'tuban:saturation': detail.saturation }),
    'tuban:sha256': detail.sha256,
  };
}

/** The moment where it is known, else the local day from its first second to its last. */
function momentOf({ date, time }: SceneDetail): Record<string, unknown> {
  if (time !== null) return { datetime: utcOf(date, time) };
  return { datetime: null, start_datetime: utcOf(date, '00:00:00'), end_datetime: utcOf(date, '23:59:59') };
}

function dataAssets(
  detail: SceneDetail,
  files: readonly SceneFile[],
  version: StacVersion,
  hrefOf: ItemOptions['hrefOf'],
): WrittenItem['assets'] {
  const assets: WrittenItem['assets'] = {};
  for (const [i, file] of files.entries()) {
    const href = hrefOf(file.path);
    if (href === null) continue;
    const key = files.length === 1 ? 'image' : `${nameOfBand(file.bands[0], i)}`;
    assets[key] = {
      href,
      ...(mediaType(file.path) && { type: mediaType(file.path) }),
      roles: ['data'],
      ...bandsOf(detail, file, version),
      ...(/^[0-9a-f]{64}$/.test(file.sha256) && { 'file:checksum': `1220${file.sha256}` }),
      ...(file.bytes !== null && { 'file:size': file.bytes }),
    };
  }
  return assets;
}

/** What a file's asset says of its bands, by the names of one version or the other. */
export function bandsOf(
  detail: SceneDetail,
  { bands }: Pick<SceneFile, 'bands'>,
  version: StacVersion,
): Record<string, unknown> {
  const { nodata, reflectance, sampleType } = detail;
  const named = bands.map((role, i) => ({ name: nameOfBand(role, i), commonName: commonNameOf(role) }));
  const numbers = { data_type: sampleType, ...(nodata !== null && { nodata }) };
  if (version === '1.0.0') {
    const raster = { ...numbers, ...(reflectance && { scale: reflectance.scale, offset: reflectance.offset }) };
    return {
      'eo:bands': named.map(({ name, commonName }) => ({ name, ...(commonName && { common_name: commonName }) })),
      'raster:bands': named.map(() => raster),
    };
  }
  const scale = reflectance && { 'raster:scale': reflectance.scale, 'raster:offset': reflectance.offset };
  return {
    bands: named.map(({ name, commonName }) => ({
      name,
      ...(commonName && { 'eo:common_name': commonName }),
      ...numbers,
      ...scale,
    })),
  };
}

function maskAsset({ mask }: SceneDetail, hrefOf: ItemOptions['hrefOf']): WrittenItem['assets'] {
  const href = mask && hrefOf(mask.path);
  if (mask === null || href === null) return {};
  const key = { scl: 'scl', 'landsat-qa': 'qa_pixel', mask: 'mask' }[mask.kind] ?? 'mask';
  const roles = key === 'mask' ? ['data-mask', 'tuban:mask'] : ['data-mask'];
  const type = mediaType(mask.path);
  const checksum = /^[0-9a-f]{64}$/.test(mask.sha256) && { 'file:checksum': `1220${mask.sha256}` };
  return { [key]: { href, ...(type && { type }), roles, ...checksum } };
}

function nameOfBand(role: BandRole, index: number): string {
  return role === 'X' ? `band-${index + 1}` : role;
}

function mediaType(path: string): string | undefined {
  const ending = extname(path.replace(/[?#].*$/, '')).toLowerCase();
  const types: Readonly<Record<string, string>> = {
    ...{ '.tif': 'image/tiff; application=geotiff', '.tiff': 'image/tiff; application=geotiff' },
    ...{ '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg' },
    ...{ '.webp': 'image/webp', '.bmp': 'image/bmp' },
  };
  return types[ending];
}
