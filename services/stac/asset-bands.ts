import type { BandRole, RadiometricScale } from '../../imagery/scene.ts';
import { roleOfBand } from './band-names.ts';
import { objectOf, type StacAsset } from './item.ts';

/** What an item says of one band of an asset. */
export interface AssetBand {
  role: BandRole;
  /** Null where nothing is said. */
  scale: RadiometricScale | null;
  nodata: number | null;
  /** Name of the sample type, such as uint16. */
  dataType: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The bands of an asset in file order: `bands` (STAC 1.1), or `eo:bands` and `raster:bands` side by side (1.0). Empty
 * where the item says nothing; then the asset's key is asked, which often is the band's name.
 */
export function bandsOfAsset(key: string, asset: StacAsset): AssetBand[] {
  const common = listOf(asset['bands']);
  const optical = common.length > 0 ? common : listOf(asset['eo:bands']);
  const raster = common.length > 0 ? common : listOf(asset['raster:bands']);
  const count = Math.max(optical.length, raster.length);
  const polarisations = textsOf(asset['sar:polarizations']);
  const roleAt = (i: number): BandRole => {
    const { name, common_name: commonName, 'eo:common_name': newCommonName } = optical[i] ?? {};
    const said = roleOfBand(text(newCommonName) ?? text(commonName), text(name));
    if (said !== 'X') return said;
    const polarisation = polarisations.length === count ? polarisations[i] : undefined;
    return roleOfBand(undefined, polarisation ?? (count === 1 ? key : undefined));
  };
  if (count === 0) {
    const role = roleOfBand(text(asset['eo:common_name']), polarisations.length === 1 ? polarisations[0] : key);
    return role === 'X' ? [] : [{ role, ...numbersOf({}, asset) }];
  }
  return Array.from({ length: count }, (_, i) => ({ role: roleAt(i), ...numbersOf(raster[i] ?? {}, asset) }));
}

/** What a band says of its numbers, else its asset. */
function numbersOf(band: Fields, asset: Fields): Omit<AssetBand, 'role'> {
  const first = (...names: string[]) => {
    const said = names.flatMap((name) => [band[name], asset[name]]);
    return said.find((value) => value !== undefined && value !== null);
  };
  const scale = first('raster:scale', 'scale');
  const offset = first('raster:offset', 'offset');
  const isSaid = typeof scale === 'number' || typeof offset === 'number';
  const nodata = first('nodata', 'raster:nodata', 'file:nodata');
  const dataType = first('data_type', 'raster:data_type');
  return {
    scale: isSaid ? { scale: numberOr(scale, 1), offset: numberOr(offset, 0) } : null,
    nodata: typeof nodata === 'number' ? nodata : null,
    dataType: text(dataType) ?? null,
  };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((one) => objectOf(one) ?? {}) : [];
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
