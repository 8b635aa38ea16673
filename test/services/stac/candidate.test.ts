import { describe, expect, it } from 'vitest';
import { candidateOf } from '../../../services/stac/candidate.ts';
import type { AssetWish } from '../../../services/stac/choose-assets.ts';
import { readItem } from '../../../services/stac/item.ts';
import { earthSearchItem, item, landsatItem, newItem } from './items.ts';

const base = 'https://catalogue.example/items/a.json';

function candidate(document: object, wish: AssetWish = {}, licence: string | null = null) {
  return candidateOf({ item: readItem(document, base, base), licence, allow: undefined }, wish);
}

const file = (name: string) => `https://catalogue.example/items/${name}`;
const tiff = { href: 'a.tif', type: 'image/tiff' };

describe('Sentinel-2 as Earth Search has it', () => {
  it('is a stack of the COGs that a comparison can use, finest first of each band', () => {
    const { path, bands, facts, collection } = candidate(earthSearchItem());
    expect(path).toBeNull();
    const names = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12'];
    expect(bands).toEqual(names.map((name) => ({ href: file(`${name}.tif`), band: 0 })));
    expect(facts).toEqual({
      // 16:30 UTC is half past midnight of the next day in China.
      ...{ date: '2025-06-01', time: '00:30:00' },
      sensor: 'Sentinel-2 L2A',
      bands: ['B', 'G', 'R', 'N', 'S1', 'S2'],
      crs: 'EPSG:32649',
      // The offset is in the numbers already, and the item says so.
      reflectance: { scale: 0.0001, offset: 0 },
      nodata: 0,
      cloudFraction: 0.125,
      mask: { path: file('SCL.tif'), kind: 'scl' },
    });
    expect(collection).toBe('sentinel-2-l2a');
  });

  it('keeps the offset where nobody says that it was applied', () => {
    const said = earthSearchItem();
    const { 'earthsearch:boa_offset_applied': _, ...properties } = said.properties as Record<string, unknown>;
    expect(candidate({ ...said, properties }).facts.reflectance).toEqual({ scale: 0.0001, offset: -0.1 });
  });

  it('gives other bands where they are asked for, the narrow near infrared among them', () => {
    const { bands, facts } = candidate(earthSearchItem(), { bands: ['N2', 'RE1', 'R'] });
    expect(bands.map(({ href }) => href)).toEqual(['B8A', 'B05', 'B04'].map((name) => file(`${name}.tif`)));
    expect(facts.bands).toEqual(['N2', 'RE1', 'R']);
  });
});

it('Landsat: its one near infrared is the near infrared, its thermal band is left out, its QA band is the mask', () => {
  const { bands, facts } = candidate(landsatItem(), {}, 'PDDL-1.0');
  expect(bands.map(({ href }) => /SR_B\d/.exec(href)?.[0])).toEqual([2, 3, 4, 5, 6, 7].map((n) => `SR_B${n}`));
  expect(facts).toMatchObject({
    sensor: 'Landsat 8-9 L2',
    bands: ['B', 'G', 'R', 'N', 'S1', 'S2'],
    reflectance: { scale: 0.0000275, offset: -0.2 },
    mask: { path: file('QA.TIF'), kind: 'landsat-qa' },
    licence: 'PDDL-1.0',
  });
});

it('STAC 1.1: one file with all bands is taken as it is', () => {
  const { path, bands, facts } = candidate(newItem());
  expect(path).toBe(file('GF2.tif'));
  expect(bands.map(({ band }) => band)).toEqual([0, 1, 2, 3]);
  expect(facts).toEqual({
    ...{ date: '2025-06-01', time: '11:05:41', sensor: 'GF-2', bands: ['B', 'G', 'R', 'N'], crs: 'EPSG:4547' },
    ...{ reflectance: { scale: 0.0001, offset: 0 }, nodata: 0 },
  });
});

it('one file with some of its bands asked for is a stack of them', () => {
  const { path, bands } = candidate(newItem(), { bands: ['N', 'R'] });
  expect(path).toBeNull();
  expect(bands).toEqual([3, 2].map((band) => ({ href: file('GF2.tif'), band })));
});

describe('what an item leaves unsaid', () => {
  it('is left to the file: bands, scale, nodata', () => {
    const { path, facts } = candidate(item('a', { properties: { platform: 'GF-2' } }));
    expect(path).toBe(file('image.tif'));
    expect(facts).toEqual({ date: '2025-06-01', time: '11:05:41', sensor: 'GF-2' });
  });

  it('may be told by the name of the asset', () => {
    const assets = { vv: tiff, vh: { ...tiff, href: 'b.tif' } };
    const { facts, bands } = candidate(
      item('a', { assets, properties: { platform: 'sentinel-1a', constellation: 'Sentinel-1' } }),
    );
    expect(facts).toMatchObject({ bands: ['VV', 'VH'], sensor: 'Sentinel-1 GRD' });
    expect(bands).toHaveLength(2);
  });

  it('is no day where the images are of one', () => {
    const days = { datetime: null, start_datetime: '2025-05-31T16:00:00Z', end_datetime: '2025-06-01T15:59:59Z' };
    const { facts } = candidate(item('a', { properties: days }));
    expect(facts.date).toBe('2025-06-01');
    expect(facts.time).toBeUndefined();
  });
});

describe('an item is refused, and says why', () => {
  const composite = { datetime: null, start_datetime: '2025-06-01T00:00:00Z', end_datetime: '2025-06-30T00:00:00Z' };
  const scaled = (scale: number) => ({ ...tiff, 'raster:bands': [{ scale }] });

  it.each<[string, object, AssetWish, string]>([
    [
      'of several days',
      item('a', { properties: composite }),
      {},
      'was made of images of several days (2025-06-01 to 2025-06-30)',
    ],
    ['without a time', item('a', { properties: { datetime: null } }), {}, 'wanted a datetime, got none'],
    ['without an image', item('a', { assets: {} }), {}, 'wanted a GeoTIFF with data, got no asset'],
    [
      'of JPEG 2000 only',
      item('a', { assets: { B02: { href: 'b.jp2', type: 'image/jp2' } } }),
      {},
      'wanted a GeoTIFF with data, got B02 (image/jp2)',
    ],
    [
      'of files that nobody describes',
      item('a', { assets: { one: tiff, two: tiff } }),
      {},
      'has 2 GeoTIFFs and says of none what it shows; name one with --asset (one, two)',
    ],
    [
      'whose bands have scales of their own',
      item('a', { assets: { red: scaled(0.1), nir: scaled(0.2) } }),
      {},
      'wanted one scale for all bands, got 0.1 + 0, 0.2 + 0',
    ],
    ['without a band that is asked for', newItem(), { bands: ['S1'] }, 'wanted a band S1, got B, G, R, N'],
    ['without an asset that is asked for', newItem(), { asset: 'x' }, "has no asset 'x'; got data, preview"],
    ['with an asset on a telephone', item('a', { assets: { i: { ...tiff, href: 'tel:1' } } }), {}, "names 'tel:1'"],
    [
      'with a file of this machine',
      item('a', { assets: { i: { ...tiff, href: 'file:///etc/passwd' } } }),
      {},
      "names 'file:///etc",
    ],
  ])('%s', (_, document, wish, message) => {
    expect(() => candidate(document, wish)).toThrow(message);
    expect(() => candidate(document, wish)).toThrow(/^[^\n]+\.$/);
  });

  it.each<[object, string]>([
    [{ type: 'FeatureCollection' }, 'wanted a STAC Item, got a FeatureCollection'],
    [{ ...item('a'), id: 7 }, 'wanted a STAC Item with an id, got none'],
    [{ ...item('a'), stac_version: '0.9.0' }, 'wanted stac_version 1.0 or 1.1, got "0.9.0"'],
    [{ ...item('a'), assets: [] }, 'wanted an object of assets, got []'],
    [{ ...item('a'), assets: { x: {} } }, 'wanted an href in asset x, got none'],
    [{ ...item('a'), properties: null }, 'wanted an object of properties, got null'],
  ])('as no item of the specification: %#', (document, message) => {
    expect(() => readItem(document, base, base)).toThrow(message);
  });
});
