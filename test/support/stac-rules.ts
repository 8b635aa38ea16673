import { expect } from 'vitest';

/**
 * What the JSON schemas of STAC 1.0.0 and 1.1.0 (item, collection, catalog; projection, eo, raster, file) require of
 * the fields that this project writes, put down from the specification.
 */

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const commonNames = new Set([
  ...['coastal', 'blue', 'green', 'red', 'rededge', 'yellow', 'pan', 'nir', 'nir08', 'nir09', 'cirrus'],
  ...['swir16', 'swir22', 'lwir', 'lwir11', 'lwir12'],
]);
const dataTypes = new Set(['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'float32', 'float64']);

// biome-ignore lint/suspicious/noExplicitAny: a document of another program, read field by field
type Document = any;

export function expectValidItem(item: Document): void {
  const isOld = item.stac_version === '1.0.0';
  expect(['1.0.0', '1.1.0']).toContain(item.stac_version);
  expect(item.type).toBe('Feature');
  expect(item.id).toMatch(/^.+$/);
  expect(new Set(item.stac_extensions).size).toBe(item.stac_extensions.length);
  for (const uri of item.stac_extensions) expect(URL.canParse(uri)).toBe(true);
  expectRing(item.geometry);
  expect(item.bbox).toHaveLength(4);
  expect(item.bbox[0]).toBeLessThanOrEqual(item.bbox[2]);
  expect(item.bbox[1]).toBeLessThanOrEqual(item.bbox[3]);
  // An item of a collection names it and links to it, or does neither.
  const toCollection = item.links.filter(({ rel }: Document) => rel === 'collection');
  expect(toCollection).toHaveLength(item.collection === undefined ? 0 : 1);
  expectLinks(item.links);
  expectProperties(item.properties, isOld);
  for (const asset of Object.values<Document>(item.assets)) expectAsset(asset, isOld);
}

export function expectValidCollection(collection: Document): void {
  expect(collection).toMatchObject({ type: 'Collection', stac_version: expect.stringMatching(/^1\.[01]\.0$/) });
  expect(collection.id).toMatch(/^.+$/);
  expect(collection.description).toMatch(/^.+$/);
  expect(collection.license).toMatch(collection.stac_version === '1.0.0' ? /^[\w.+-]+$/ : /^[\w.+ ()-]+$/);
  for (const box of collection.extent.spatial.bbox) expect(box).toHaveLength(4);
  for (const interval of collection.extent.temporal.interval) {
    expect(interval).toHaveLength(2);
    for (const end of interval) if (end !== null) expect(end).toMatch(dateTime);
  }
  expectLinks(collection.links);
}

export function expectValidCatalog(catalog: Document): void {
  expect(catalog).toMatchObject({ type: 'Catalog', stac_version: expect.stringMatching(/^1\.[01]\.0$/) });
  expect(catalog.id).toMatch(/^.+$/);
  expect(catalog.description).toMatch(/^.+$/);
  expectLinks(catalog.links);
}

/** A closed ring, anticlockwise, in range. */
function expectRing(geometry: Document): void {
  expect(geometry.type).toBe('Polygon');
  const [ring] = geometry.coordinates;
  expect(ring.length).toBeGreaterThanOrEqual(4);
  expect(ring.at(-1)).toEqual(ring[0]);
  let doubleArea = 0;
  for (let i = 1; i < ring.length; i++) doubleArea += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  expect(doubleArea).toBeGreaterThan(0);
}

function expectLinks(links: Document): void {
  for (const { rel, href } of links) {
    expect(rel).toMatch(/^.+$/);
    expect(href).toMatch(/^.+$/);
  }
}

function expectProperties(properties: Document, isOld: boolean): void {
  if (properties.datetime === null) {
    expect(properties.start_datetime).toMatch(dateTime);
    expect(properties.end_datetime).toMatch(dateTime);
  } else expect(properties.datetime).toMatch(dateTime);
  if (properties.created !== undefined) expect(properties.created).toMatch(dateTime);
  if (properties.gsd !== undefined) expect(properties.gsd).toBeGreaterThan(0);
  if (properties.license !== undefined) expect(properties.license).toMatch(/^[\w.+-]+$/);
  const cover = properties['eo:cloud_cover'];
  if (cover !== undefined) {
    expect(cover).toBeGreaterThanOrEqual(0);
    expect(cover).toBeLessThanOrEqual(100);
  }
  if (isOld) expect(properties['proj:epsg'] === null || Number.isInteger(properties['proj:epsg'])).toBe(true);
  else expect(properties['proj:code'] === null || /^[A-Z]+:\S+$/.test(properties['proj:code'])).toBe(true);
  expect(properties['proj:shape']).toHaveLength(2);
  expect(properties['proj:transform']).toHaveLength(6);
}

function expectAsset(asset: Document, isOld: boolean): void {
  expect(asset.href).toMatch(/^.+$/);
  if (asset.type !== undefined) expect(asset.type).toMatch(/^[\w+.-]+\/[\w+.-]+/);
  expect(asset.roles.length).toBeGreaterThan(0);
  if (asset['file:checksum'] !== undefined) expect(asset['file:checksum']).toMatch(/^1220[0-9a-f]{64}$/);
  if (asset['file:size'] !== undefined) expect(Number.isInteger(asset['file:size'])).toBe(true);
  if (isOld) expect(asset.bands).toBeUndefined();
  else for (const field of ['eo:bands', 'raster:bands']) expect(asset[field]).toBeUndefined();
  const optical = asset['eo:bands'] ?? asset.bands ?? [];
  const raster = asset['raster:bands'] ?? asset.bands ?? [];
  expect(raster).toHaveLength(optical.length);
  expect(new Set(optical.map(({ name }: Document) => name)).size).toBe(optical.length);
  for (const band of optical) {
    const common = band.common_name ?? band['eo:common_name'];
    if (common !== undefined) expect(commonNames).toContain(common);
  }
  for (const band of raster) {
    expect(dataTypes).toContain(band.data_type);
    if (band.nodata !== undefined) expect(typeof band.nodata).toBe('number');
  }
}
