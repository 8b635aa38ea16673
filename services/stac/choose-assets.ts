import type { BandRole } from '../../imagery/scene.ts';
import { type AssetBand, bandsOfAsset, textsOf } from './asset-bands.ts';
import { type StacAsset, type StacItem, stacRefusal } from './item.ts';

/** What of an item's assets shall be taken. */
export interface AssetWish {
  /** Roles of the bands, in this order. */
  bands?: readonly BandRole[];
  /** Key of the one asset that shall be taken. */
  asset?: string;
}

/** A band of the scene: which asset, which band of it (from 0), and what is said of it. */
export interface ChosenBand extends AssetBand {
  key: string;
  band: number;
}

export interface ChosenAssets {
  /** One file as it is, by the asset's key. Its bands are as said, or unsaid where the item is silent. */
  whole: string | null;
  /** In the order of the scene. */
  bands: ChosenBand[];
}

interface DataAsset {
  key: string;
  asset: StacAsset;
  bands: AssetBand[];
}

/** What is taken where nobody says: what a comparison can use, finest and most usual first. */
const usualRoles: readonly BandRole[] = ['B', 'G', 'R', 'N', 'S1', 'S2'];
const otherUsual: readonly (readonly BandRole[])[] = [['VV', 'VH'], ['HH', 'HV'], ['P']];

/** Assets of these roles are made for looking at or tell of the others. */
const notData = new Set([
  'visual',
  'overview',
  'thumbnail',
  'metadata',
  'data-mask',
  'cloud',
  'cloud-shadow',
  'quality',
]);

/**
 * Chooses the files that make the scene of an item: one file with all its bands, or one band each from several files.
 * @throws ServiceError stac-invalid saying what the item has instead
 */
export function chooseAssets(item: StacItem, wish: AssetWish, name: string): ChosenAssets {
  const refuse = (what: string) => stacRefusal(name, what);
  if (wish.asset !== undefined) {
    const asset = item.assets[wish.asset];
    if (asset === undefined) throw refuse(`has no asset '${wish.asset}'; got ${Object.keys(item.assets).join(', ')}`);
    return wholeFile({ key: wish.asset, asset, bands: bandsOfAsset(wish.asset, asset) }, wish, refuse);
  }
  const data = dataAssets(item);
  if (data.length === 0) {
    const got = Object.entries(item.assets).map(([key, { type, href }]) => `${key} (${type ?? endingOf(href)})`);
    throw refuse(`wanted a GeoTIFF with data, got ${got.join(', ').slice(0, 200) || 'no asset'}`);
  }
  const known = (asset: DataAsset) => asset.bands.filter(({ role }) => role !== 'X').length;
  const largest = data.reduce((best, one) => (known(one) > known(best) ? one : best));
  if (data.length === 1 || known(largest) > 1) return wholeFile(largest, wish, refuse);
  return stacked(data, wish, refuse);
}

/** GeoTIFFs with measurements, not pictures or masks. */
function dataAssets({ assets }: StacItem): DataAsset[] {
  return Object.entries(assets)
    .filter(([key, asset]) => isTiff(asset) && maskKindOf(key) === null)
    .filter(([, { roles }]) => textsOf(roles).includes('data') || !textsOf(roles).some((role) => notData.has(role)))
    .map(([key, asset]) => ({ key, asset, bands: bandsOfAsset(key, asset) }));
}

export function isTiff({ type, href }: StacAsset): boolean {
  return typeof type === 'string' ? /^image\/(tiff|vnd\.stac\.geotiff)/i.test(type) : /^\.tiff?$/i.test(endingOf(href));
}

/** Quality bands by the keys that catalogues give them. */
export function maskKindOf(key: string): 'scl' | 'landsat-qa' | null {
  if (/^scl(_\d+m)?$/i.test(key)) return 'scl';
  return /^qa_pixel$/i.test(key) ? 'landsat-qa' : null;
}

type Refuse = (what: string) => Error;

function wholeFile({ key, asset, bands }: DataAsset, wish: AssetWish, refuse: Refuse): ChosenAssets {
  if (!isTiff(asset)) throw refuse(`asset ${key}: wanted a GeoTIFF, got ${asset.type ?? endingOf(asset.href)}`);
  const all = withNearInfrared(bands.map((band, i) => ({ ...band, key, band: i })));
  if (wish.bands === undefined || wish.bands.join() === all.map(({ role }) => role).join()) {
    return { whole: key, bands: all };
  }
  return { whole: null, bands: pick(all, wish.bands, refuse) };
}

function stacked(data: readonly DataAsset[], wish: AssetWish, refuse: Refuse): ChosenAssets {
  const gsd = ({ asset }: DataAsset) => Number(asset['gsd'] ?? asset['eo:gsd'] ?? Number.POSITIVE_INFINITY);
  // Of several files of one band the finest is wanted.
  const finest = data.toSorted((a, b) => gsd(a) - gsd(b) || 0);
  const bands = withNearInfrared(
    finest.flatMap(({ key, bands }) => bands.map((band, i) => ({ ...band, key, band: i }))),
  );
  const has = (role: BandRole) => bands.some((band) => band.role === role);
  const wanted = [usualRoles, ...otherUsual].map((roles) => roles.filter(has)).find((roles) => roles.length > 0);
  if (wish.bands === undefined && wanted === undefined) {
    const keys = data.map(({ key }) => key).join(', ');
    throw refuse(`has ${data.length} GeoTIFFs and says of none what it shows; name one with --asset (${keys})`);
  }
  return { whole: null, bands: pick(bands, wish.bands ?? wanted!, refuse) };
}

function pick(bands: readonly ChosenBand[], roles: readonly BandRole[], refuse: Refuse): ChosenBand[] {
  return roles.map((role) => {
    const band = bands.find((one) => one.role === role);
    if (band !== undefined) return band;
    const got = [...new Set(bands.map((one) => one.role))].join(', ');
    throw refuse(`wanted a band ${role}, got ${got}`);
  });
}

/** Where a product has one near infrared only, it is the near infrared, narrow as it may be (Landsat's nir08). */
function withNearInfrared(bands: readonly ChosenBand[]): ChosenBand[] {
  if (bands.some(({ role }) => role === 'N')) return [...bands];
  return bands.map((band) => (band.role === 'N2' ? { ...band, role: 'N' } : band));
}

function endingOf(href: string): string {
  return /\.[a-z0-9]+$/i.exec(href.replace(/[?#].*$/, ''))?.[0] ?? 'of no known type';
}
