import type { Geometry } from 'geojson';
import { parseCrs } from '../../imagery/crs.ts';
import { findPreset } from '../../imagery/product-name.ts';
import type { RadiometricScale } from '../../imagery/scene.ts';
import type { FactsSaid, MaskWish } from '../scenes/scene-facts.ts';
import { text, textsOf } from './asset-bands.ts';
import { type AssetWish, type ChosenBand, chooseAssets, isTiff, maskKindOf } from './choose-assets.ts';
import { resolveHref } from './document.ts';
import { type FoundItem, type StacItem, stacRefusal } from './item.ts';
import { localOf } from './local-time.ts';

/** An item as a scene that could be added. */
export interface Candidate {
  itemId: string;
  collection: string | null;
  /** One file as it is, or null: a stack of `bands`. */
  path: string | null;
  /** The files' bands in order of the scene; empty where the item does not tell the bands of its file. */
  bands: { href: string; band: number }[];
  /** What goes into the catalogue of scenes. */
  facts: FactsSaid & { date: string };
  /** Ground-sample distance in metres, as the item says. */
  gsdM: number | null;
  footprint: Geometry | null;
}

/**
 * What an item offers as a scene: its files, its local day (Asia/Shanghai), bands by role, scale, nodata, cloud,
 * licence and quality band. Nothing of the files is read.
 * @throws ServiceError stac-invalid saying why it offers none
 */
export function candidateOf({ item, licence }: FoundItem, wish: AssetWish = {}): Candidate {
  const name = `Item ${item.id}`;
  const { whole, bands } = chooseAssets(item, wish, name);
  const { properties } = item;
  const hrefOf = (key: string) => resolveHref(item.assets[key].href, item.base);
  const roles = bands.map(({ role }) => role);
  const gsdM = firstNumber(properties['gsd'], ...bands.map(({ key }) => item.assets[key]['gsd']));
  const reflectance = reflectanceOf(bands, properties, name);
  const nodata = shared(bands.map((band) => band.nodata));
  const mask = maskOf(item, hrefOf);
  const crs = crsOf(item, whole ?? bands[0].key);
  const cover = properties['tuban:cloud_by'] === 'sample' ? undefined : properties['eo:cloud_cover'];
  const licenceSaid = text(properties['tuban:licence']) ?? licenceOf(properties['license']) ?? licenceOf(licence);
  const sensor = sensorOf(item, bands[0]?.dataType ?? 'uint16', gsdM);
  const saturation = properties['tuban:saturation'];
  return {
    itemId: item.id,
    collection: item.collection,
    path: whole === null ? null : hrefOf(whole),
    bands: bands.map(({ key, band }) => ({ href: hrefOf(key), band })),
    facts: {
      ...momentOf(item, name),
      ...(sensor !== null && { sensor }),
      // A file of which no band is known is better described by its sensor than by so many X.
      ...(roles.some((role) => role !== 'X') && { bands: roles }),
      ...(crs !== null && { crs }),
      ...(reflectance !== undefined && { reflectance }),
      ...(nodata !== null && { nodata }),
      ...(typeof saturation === 'number' && { saturation }),
      ...(licenceSaid !== undefined && { licence: licenceSaid }),
      ...(typeof cover === 'number' && cover >= 0 && cover <= 100 && { cloudFraction: cover / 100 }),
      ...(mask !== null && { mask }),
    },
    gsdM,
    footprint: item.geometry,
  };
}

/** A licence that is named; 'other' and 'various' only say that it is elsewhere. */
function licenceOf(said: unknown): string | undefined {
  return said === 'other' || said === 'various' ? undefined : text(said);
}

/** The local day, and the time where the item is of one moment. */
function momentOf({ properties }: StacItem, name: string): { date: string; time?: string } {
  const moment = localOf(properties['datetime']);
  if (moment !== null) return moment;
  const [start, end] = [localOf(properties['start_datetime']), localOf(properties['end_datetime'])];
  if (start === null || end === null) throw stacRefusal(name, 'wanted a datetime, got none');
  if (start.date === end.date) return { date: start.date };
  const days = `${start.date} to ${end.date}`;
  throw stacRefusal(name, `was made of images of several days (${days}); wanted one acquisition: a change has a day`);
}

function reflectanceOf(
  bands: readonly ChosenBand[],
  properties: StacItem['properties'],
  name: string,
): RadiometricScale | undefined {
  const [first] = bands;
  if (first === undefined || bands.every(({ scale }) => scale === null)) return undefined;
  const told = bands.map(({ scale }) => (scale === null ? 'none' : `${scale.scale} + ${scale.offset}`));
  if (new Set(told).size > 1)
    throw stacRefusal(
      name,
      `wanted one scale for all bands, got ${[...new Set(told)].join(', ')}; name others with --bands`,
    );
  // Earth Search keeps the offset of the original product and says here that the numbers have it already.
  const isApplied = properties['earthsearch:boa_offset_applied'] === true;
  return isApplied ? { ...first.scale!, offset: 0 } : first.scale!;
}

function maskOf(item: StacItem, hrefOf: (key: string) => string): MaskWish | null {
  for (const [key, asset] of Object.entries(item.assets)) {
    const kind = maskKindOf(key) ?? (textsOf(asset.roles).includes('tuban:mask') ? 'mask' : null);
    if (kind !== null && isTiff(asset)) return { path: hrefOf(key), kind };
  }
  return null;
}

/** The CRS that is said of an asset, else of the item, as far as it is known here. */
function crsOf({ properties, assets }: StacItem, key: string): string | null {
  for (const fields of [assets[key], properties]) {
    const said = fields['proj:code'] ?? fields['proj:epsg'];
    if (typeof said !== 'string' && typeof said !== 'number') continue;
    try {
      return parseCrs(String(said));
    } catch {
      return null; // The file says it again, and decides.
    }
  }
  return null;
}

/** The name of the sensor's preset, by platform, constellation or instrument and level; else the platform as it is called. */
function sensorOf({ properties, collection }: StacItem, dataType: string, gsdM: number | null): string | null {
  const names = [
    ...[properties['platform'], properties['constellation']].map(text),
    ...textsOf(properties['instruments']),
    collection,
  ].filter((name) => name !== undefined && name !== null);
  const levels = [
    properties['processing:level'],
    properties['landsat:correction'],
    properties['s2:product_type'],
    collection,
  ]
    .map((said) => /(?<![a-z0-9])(?:s2msi|l)?([12][ac]?)(?:sp|sr|tp|gt|gs)?$/i.exec(text(said) ?? '')?.[1])
    .filter((level) => level !== undefined);
  for (const name of names) {
    for (const level of [...levels.map((found) => `l${found}`), '']) {
      const preset = findPreset(name + level, dataType, gsdM);
      if (preset !== null) return preset.name;
    }
  }
  return names[0] ?? null;
}

function shared(values: readonly (number | null)[]): number | null {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : null;
}

function firstNumber(...values: unknown[]): number | null {
  return (values.find((value) => typeof value === 'number' && value > 0) as number | undefined) ?? null;
}
