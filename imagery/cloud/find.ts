import { ImageryError } from '../error.ts';
import type { Raster } from '../raster.ts';
import type { BandRole } from '../scene.ts';
import { averageOverCells, type Cells, cellsToPixels, dilate } from './cells.ts';
import { findShadows } from './shadow.ts';
import { cloudsAgainst, cloudsAlone } from './veil.ts';

export const CLOUD = 1;
export const SHADOW = 2;

/** At what grain clouds are looked for; what they look like is in veilParameters and shadowParameters. */
export const cloudParameters = {
  /**
   * Clouds are judged on averages over squares of about this size, of at least cellPx pixels a side: small enough to
   * tell a cloud's soft edge from a roof's, large enough to leave out what lies within a roof.
   */
  cellM: 8,
  cellPx: 2,
  /** Everything this near a cloud is left out too: light scattered at the edge, drift between the bands. */
  bufferM: 20,
};

/**
 * Marks cloud and cloud shadow in a window of reflectance (0–1): 0 clear, 1 cloud, 2 shadow, per pixel.
 *
 * With a reference (another date, same grid, about the same radiometry) cloud is a white veil laid over that ground:
 * it brightens blue, green and red by the same hidden share, fades in softly and is wide. Bright roofs, soil,
 * greenhouses and building sites are what this service looks for, so what has their colour or their edges is
 * never cloud. Without a reference only bright, wide, soft-edged white is.
 *
 * @param roles what each band shows; blue, green, red and near infrared are needed (ImageryError bands-differ)
 * @param pixelSizeM mean ground size of a pixel
 */
export function findClouds(
  raster: Raster<Float32Array>,
  roles: readonly BandRole[],
  pixelSizeM: number,
  reference?: Raster<Float32Array>,
): Uint8Array {
  const indices = (['B', 'G', 'R', 'N'] as const).map((role) => roles.indexOf(role));
  if (indices.includes(-1)) {
    throw new ImageryError('bands-differ', `Clouds are told from bands B, G, R and N; got ${roles.join(', ')}.`);
  }
  const { width, height } = raster.grid;
  const cellPx = cellSizePx(pixelSizeM);
  const cellM = cellPx * pixelSizeM;
  const cells = averageOverCells(raster, indices, cellPx);
  const cloud = cloudsAlone(cells, cellM);
  const marks = new Uint8Array(cloud.length);
  if (reference !== undefined) {
    const other = averageOverCells(reference, indices, cellPx);
    const seen = cells.observed.map((observed, k) => observed & other.observed[k]);
    mark(cloud, cloudsAgainst({ ...cells, observed: seen }, other.bands, cellM), 1);
    // Clear ground looks like shadow where the reference shows cloud.
    const hidden = cloudsAgainst({ ...other, observed: seen }, cells.bands, cellM);
    const lit: Cells = { ...cells, observed: seen.map((observed, k) => observed & (1 - hidden[k]) & (1 - cloud[k])) };
    mark(marks, findShadows(lit, other.bands, cloud, cellM), SHADOW);
  }
  mark(marks, dilate(cloud, cells, Math.max(1, Math.round(cloudParameters.bufferM / cellM))), CLOUD);
  return cellsToPixels(marks, cells, width, height);
}

/** Cells as small as the least size in metres, but of at least two pixels where pixels are small. */
function cellSizePx(pixelSizeM: number): number {
  const { cellM, cellPx } = cloudParameters;
  return pixelSizeM > cellM * cellPx ? 1 : Math.max(cellPx, Math.round(cellM / pixelSizeM));
}

function mark(marks: Uint8Array, set: Uint8Array, value: number): void {
  for (let k = 0; k < marks.length; k++) if (set[k] === 1) marks[k] = value;
}
