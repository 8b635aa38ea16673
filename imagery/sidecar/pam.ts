import { type Affine, affineOfGeoTransform } from '../affine.ts';
import { crsOfWkt } from '../crs-wkt.ts';
import { ImageryError } from '../error.ts';
import { parseNodata } from '../tiff/nodata.ts';
import { readFirstText, withEnding } from './beside.ts';
import { elements, type XmlElement } from './xml.ts';

/** What the '.aux.xml' beside an image says of it (GDAL's persistent auxiliary metadata). */
export interface Pam {
  crs: string | null;
  affine: Affine | null;
  hasRpc: boolean;
  /** What is said of single bands, by band index; statistics and histograms are not read. */
  bands: Map<number, PamBand>;
}

export interface PamBand {
  nodata: number | null;
  scale: number | null;
  offset: number | null;
  name: string | null;
}

/** Reads 'x.tif.aux.xml' or 'x.aux.xml'; null where there is neither. @throws ImageryError crs-unknown */
export async function readPam(path: string): Promise<Pam | null> {
  const found = await readFirstText([`${path}.aux.xml`, withEnding(path, '.aux.xml')]);
  if (found === null) return null;
  const [dataset] = elements(found.text, 'PAMDataset');
  if (dataset === undefined) return null;
  const bandElements = elements(dataset.inner, 'PAMRasterBand');
  const ofDataset = dataset.inner.split('<PAMRasterBand')[0];
  return {
    crs: crsOf(path, textOf(ofDataset, 'SRS')),
    affine: affineOf(textOf(ofDataset, 'GeoTransform')),
    hasRpc: elements(ofDataset, 'Metadata').some((metadata) => metadata.attributes.domain === 'RPC'),
    bands: new Map(bandElements.map((band, index) => [bandIndex(band, index), pamBand(band.inner)])),
  };
}

/**
 * The nodata value said of the bands with these indices. One for all of them, because a pixel is masked as a whole;
 * GDAL writes what holds for all beside the first alone.
 * @throws ImageryError image-unsupported where bands differ
 */
export function nodataOfPam(path: string, pam: Pam | null, bands: readonly number[]): number | null {
  const said = bands.map((band) => pam?.bands.get(band)?.nodata ?? null).filter((value) => value !== null);
  if (said.every((value) => Object.is(value, said[0]))) return said[0] ?? null;
  throw new ImageryError(
    'image-unsupported',
    `${path}: cannot be read: wanted one nodata value, got ${said.join(', ')}.`,
  );
}

function bandIndex({ attributes }: XmlElement, index: number): number {
  const number = Number(attributes.band);
  return Number.isInteger(number) && number > 0 ? number - 1 : index;
}

function pamBand(inner: string): PamBand {
  const number = (name: string) => {
    const text = textOf(inner, name);
    return text === null || Number.isNaN(Number(text)) ? null : Number(text);
  };
  return {
    nodata: parseNodata(textOf(inner, 'NoDataValue')),
    scale: number('Scale'),
    offset: number('Offset'),
    name: textOf(inner, 'Description'),
  };
}

function crsOf(path: string, wkt: string | null): string | null {
  if (wkt === null) return null;
  try {
    return crsOfWkt(wkt);
  } catch (error) {
    if (error instanceof ImageryError) throw new ImageryError(error.code, `${path}: ${error.message}`, error);
    throw error;
  }
}

function affineOf(text: string | null): Affine | null {
  const numbers = (text ?? '').split(',').map(Number);
  return numbers.length === 6 && numbers.every(Number.isFinite) ? affineOfGeoTransform(numbers) : null;
}

function textOf(xml: string, name: string): string | null {
  return elements(xml, name)[0]?.text.trim() || null;
}
