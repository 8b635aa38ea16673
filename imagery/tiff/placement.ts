import { ImageryError } from '../error.ts';
import { type Grid, pixelGrid } from '../grid.ts';
import { crsOfGeoKeys, type GeoKeys } from './geokeys.ts';

/** The tags that place an image: ModelPixelScale, ModelTiepoint, ModelTransformation and the GeoTIFF keys. */
export interface PlacementTags {
  pixelScale: ArrayLike<number> | undefined;
  tiepoints: ArrayLike<number> | undefined;
  transformation: ArrayLike<number> | undefined;
  geoKeys: GeoKeys | null;
}

type Transform = Pick<Grid, 'originX' | 'originY' | 'pixelWidth' | 'pixelHeight'>;

/**
 * The grid of a GeoTIFF. Without any of the tags: pixel coordinates. Where the file counts pixels as points
 * (GTRasterType 2) its coordinates are those of pixel centres, and the grid's corner lies half a pixel before.
 * @throws ImageryError crs-unknown, tiff-unsupported, tiff-damaged
 */
export function placeImage(path: string, width: number, height: number, tags: PlacementTags): Grid {
  const transform = transformOf(path, tags);
  const crs = crsOf(path, tags.geoKeys);
  if (!transform) {
    if (crs !== null || (tags.tiepoints?.length ?? 0) > 0)
      throw refusal(path, 'wanted a geotransform, got ground control points or none; orthorectify it first');
    return pixelGrid(width, height);
  }
  const { originX, originY, pixelWidth, pixelHeight } = transform;
  if (![originX, originY, pixelWidth, pixelHeight].every(Number.isFinite) || pixelWidth === 0 || pixelHeight === 0)
    throw new ImageryError(
      'tiff-damaged',
      `${path}: is damaged: its pixels are ${pixelWidth} x ${pixelHeight} at ${originX}, ${originY}.`,
    );
  if (pixelWidth < 0) throw refusal(path, 'wanted columns that run east, got columns that run west');
  const half = tags.geoKeys?.['GTRasterTypeGeoKey'] === 2 ? 0.5 : 0;
  return {
    width,
    height,
    crs,
    originX: originX - half * pixelWidth,
    originY: originY - half * pixelHeight,
    pixelWidth,
    pixelHeight,
  };
}

/** Scale and tiepoint come first where a file has both ways, as in GDAL. */
function transformOf(path: string, { pixelScale, tiepoints, transformation }: PlacementTags): Transform | null {
  if (pixelScale && pixelScale.length >= 2 && tiepoints && tiepoints.length >= 6) {
    const [column, row, , x, y] = Array.from(tiepoints);
    const pixelWidth = pixelScale[0];
    // The standard's scale counts downwards; some writers put the sign in, and mean the same.
    const pixelHeight = -Math.abs(pixelScale[1]);
    return { originX: x - column * pixelWidth, originY: y - row * pixelHeight, pixelWidth, pixelHeight };
  }
  if (!transformation || transformation.length < 16) return null;
  // x = m0 * column + m1 * row + m3,   y = m4 * column + m5 * row + m7
  const m = transformation;
  const slant = Math.max(Math.abs(m[1] / m[5]), Math.abs(m[4] / m[0]));
  if (slant > 1e-9) {
    const degrees = (Math.atan2(m[4], m[0]) * 180) / Math.PI;
    throw refusal(path, `wanted rows along the x axis, got an image rotated by ${degrees.toFixed(3)}°; warp it first`);
  }
  return { originX: m[3], originY: m[7], pixelWidth: m[0], pixelHeight: m[5] };
}

function crsOf(path: string, geoKeys: GeoKeys | null): string | null {
  try {
    return crsOfGeoKeys(geoKeys);
  } catch (error) {
    if (error instanceof ImageryError) throw new ImageryError(error.code, `${path}: ${error.message}`, error);
    throw error;
  }
}

function refusal(path: string, what: string): ImageryError {
  return new ImageryError('tiff-unsupported', `${path}: cannot be read: ${what}.`);
}
