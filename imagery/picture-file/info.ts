import type { Grid } from '../grid.ts';
import type { RasterInfo, SampleType } from '../raster.ts';
import { nodataOfPam, readPam } from '../sidecar/pam.ts';
import { placeBeside } from '../sidecar/place-beside.ts';

/**
 * What a picture and the files beside it say of it.
 * @throws ImageryError image-unsupported, image-damaged, crs-unknown
 */
export async function pictureInfo(
  path: string,
  { width, height }: Pick<Grid, 'width' | 'height'>,
  bandCount: number,
  sampleType: SampleType,
  compression: string,
): Promise<RasterInfo> {
  const pam = await readPam(path);
  const bands = Array.from({ length: bandCount }, (_, band) => pam?.bands.get(band));
  const scale = bands.map((band) => ({ scale: band?.scale ?? 1, offset: band?.offset ?? 0 }));
  return {
    path,
    grid: await placeBeside(path, { width, height }, pam),
    bandCount,
    sampleType,
    nodata: nodataOfPam(path, pam, [...bands.keys()]),
    compression,
    overviews: [],
    scale: scale.some(({ scale, offset }) => scale !== 1 || offset !== 0) ? scale : null,
    bandNames: bands.some((band) => band?.name) ? bands.map((band) => band?.name ?? '') : null,
  };
}
