import { type Affine, gridOfAffine } from '../affine.ts';
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

/** What files beside an image say of where it lies. */
export interface PlacementBeside {
  affine: Affine | null;
  crs: string | null;
}

/**
 * The grid of a GeoTIFF. Without any of the tags: pixel coordinates. What files beside it say goes before its tags.
 * @throws ImageryError crs-unknown, image-damaged, image-unsupported
 */
export function placeImage(
  path: string,
  width: number,
  height: number,
  tags: PlacementTags,
  beside: PlacementBeside = { affine: null, crs: null },
): Grid {
  const affine = beside.affine ?? affineOfTags(tags);
  const crs = beside.crs ?? crsOf(path, tags.geoKeys);
  if (affine) return gridOfAffine(path, { width, height }, affine, crs);
  if (crs !== null || (tags.tiepoints?.length ?? 0) > 0)
    throw new ImageryError(
      'image-unsupported',
      `${path}: cannot be read: wanted a geotransform, got ground control points or none; orthorectify it first.`,
    );
  return pixelGrid(width, height);
}

/**
 * Scale and tiepoint come first where a file has both ways, as in GDAL. Where the file counts pixels as points
 * (GTRasterType 2) its coordinates are those of pixel centres, and the grid's corner lies half a pixel before.
 */
export function affineOfTags({ pixelScale, tiepoints, transformation, geoKeys }: PlacementTags): Affine | null {
  const half = geoKeys?.['GTRasterTypeGeoKey'] === 2 ? 0.5 : 0;
  if (pixelScale && pixelScale.length >= 2 && tiepoints && tiepoints.length >= 6) {
    const [column, row, , x, y] = Array.from(tiepoints);
    const perColumnX = pixelScale[0];
    // The standard's scale counts downwards; some writers put the sign in, and mean the same.
    const perRowY = -Math.abs(pixelScale[1]);
    return {
      originX: x - (column + half) * perColumnX,
      originY: y - (row + half) * perRowY,
      perColumnX,
      perColumnY: 0,
      perRowX: 0,
      perRowY,
    };
  }
  if (!transformation || transformation.length < 16) return null;
  // x = m0 * column + m1 * row + m3,   y = m4 * column + m5 * row + m7
  const m = transformation;
  return {
    originX: m[3] - half * (m[0] + m[1]),
    originY: m[7] - half * (m[4] + m[5]),
    perColumnX: m[0],
    perColumnY: m[4],
    perRowX: m[1],
    perRowY: m[5],
  };
}

function crsOf(path: string, geoKeys: GeoKeys | null): string | null {
  try {
    return crsOfGeoKeys(geoKeys);
  } catch (error) {
    if (error instanceof ImageryError) throw new ImageryError(error.code, `${path}: ${error.message}`, error);
    throw error;
  }
}
