import type { Grid } from '../grid.ts';
import type { RasterInfo } from '../raster.ts';
import { nodataOfPam, type Pam, readPam } from '../sidecar/pam.ts';
import { readProjectionFile } from '../sidecar/projection-file.ts';
import { refuseRpcOnly } from '../sidecar/rpc.ts';
import { readWorldFile } from '../sidecar/world-file.ts';
import { elements, unescaped } from '../sidecar/xml.ts';
import { alphaBand } from './alpha.ts';
import { compressionName } from './decompress.ts';
import { parseNodata } from './nodata.ts';
import type { ImageDirectory, TiffLevel } from './overview.ts';
import { affineOfTags, type PlacementTags, placeImage } from './placement.ts';

const GDAL_METADATA = 42112;
const GDAL_NODATA = 42113;
const RPC_COEFFICIENTS = 50844;

/**
 * What a TIFF says of itself in its tags, and in the files beside it: '.aux.xml' before the tags, a world file and
 * '.prj' where nothing else says where it lies (GDAL's order).
 * @param levels the image and its overviews
 * @throws ImageryError image-unsupported, image-damaged, crs-unknown
 */
export async function tiffInfo([full, ...overviews]: TiffLevel[], alphaIsBand: boolean): Promise<RasterInfo> {
  const { image, directory } = full;
  const { path } = image;
  const pam = await readPam(path);
  const alpha = alphaIsBand ? -1 : alphaBand(image);
  const bandIndices = Array.from({ length: image.sampleCount }, (_, band) => band).filter((band) => band !== alpha);
  const said = bandMetadata((await directory.text(GDAL_METADATA)) ?? '');
  const say = (band: number) => ({ ...pam?.bands.get(band), ...said.get(band) });
  const scales = bandIndices.map(say).map(({ scale, offset }) => ({ scale: scale ?? 1, offset: offset ?? 0 }));
  const names = bandIndices.map((band) => say(band).name ?? '');
  return {
    path,
    grid: await place(full, pam),
    bandCount: bandIndices.length,
    sampleType: image.sampleType,
    nodata: parseNodata(await directory.text(GDAL_NODATA)) ?? nodataOfPam(path, pam, bandIndices),
    compression: compressionName(image.compression),
    chunk: { width: image.chunkWidth, height: image.chunkHeight },
    overviews: overviews.map(({ image: { width, height } }) => ({ width, height })),
    scale: scales.some(({ scale, offset }) => scale !== 1 || offset !== 0) ? scales : null,
    bandNames: names.some((name) => name !== '') ? names : null,
  };
}

async function place({ image, directory }: TiffLevel, pam: Pam | null): Promise<Grid> {
  const { path, width, height } = image;
  const tags: PlacementTags = {
    pixelScale: await directory.tags(33550),
    tiepoints: await directory.tags(33922),
    transformation: await directory.tags(34264),
    geoKeys: directory.geoKeys(),
  };
  const hasAffine = pam?.affine || affineOfTags(tags) !== null;
  const affine = hasAffine ? (pam?.affine ?? null) : await readWorldFile(path);
  if (!hasAffine && affine === null) await refuseRpcOnly(path, await hasRpc(directory, pam));
  const grid = placeImage(path, width, height, tags, { affine, crs: pam?.crs ?? null });
  if (grid.crs !== null || !(hasAffine || affine)) return grid;
  return { ...grid, crs: await readProjectionFile(path) };
}

async function hasRpc(directory: ImageDirectory, pam: Pam | null): Promise<boolean> {
  return pam?.hasRpc || (await directory.tags(RPC_COEFFICIENTS)) !== undefined;
}

interface BandMetadata {
  scale?: number;
  offset?: number;
  name?: string;
}

/** GDAL_METADATA: <Item name="SCALE" sample="0" role="scale">0.0001</Item>. Statistics and the like are not read. */
function bandMetadata(xml: string): Map<number, BandMetadata> {
  const bands = new Map<number, BandMetadata>();
  for (const { attributes, text } of elements(xml, 'Item')) {
    const band = Number(attributes.sample ?? Number.NaN);
    const said = bands.get(band) ?? {};
    const number = Number(text);
    if (attributes.role === 'scale' && Number.isFinite(number)) said.scale = number;
    else if (attributes.role === 'offset' && Number.isFinite(number)) said.offset = number;
    else if (attributes.role === 'description') said.name = unescaped(text); // GDAL escapes it twice.
    bands.set(band, said);
  }
  return bands;
}
