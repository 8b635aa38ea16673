import { averageOverCells, type Cells } from '../../imagery/cloud/cells.ts';
import { CLOUD, cellSizePx, findPairCloudCells, NEAR, SHADOW, THIN } from '../../imagery/cloud/find.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Raster } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';

/** Bands without which clouds cannot be told. */
const needed: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/** Context round a window that cloud finding wants, metres and at most this many pixels. */
const contextM = 256;
const mostContextPx = 256;

/** True when the scene's numbers and bands let clouds be told. */
export function cloudsCanBeTold(scene: Scene, roles: readonly BandRole[]): boolean {
  return scene.reflectance !== null && needed.every((role) => roles.includes(role));
}

export function cloudMarginPx(pixelSizeM: number): number {
  return Math.min(mostContextPx, Math.ceil(contextM / pixelSizeM));
}

/**
 * Marks cloud, its thin edges and shadow in both rasters of a pair as unobserved, each judged against the other. A scene that came
 * with a mask of its own is left as that mask has it. Rasters hold the scenes' raw numbers in `roles` order.
 * Returns 1 where a shadow may lie in the after image, null where none can. `doubtfulToo`: see findPairCloudCells.
 */
export function maskPairClouds(
  before: Raster<Float32Array>,
  after: Raster<Float32Array>,
  scenes: { before: Scene; after: Scene },
  roles: readonly BandRole[],
  options: { doubtfulToo?: boolean } = {},
): Uint8Array | null {
  if (!cloudsCanBeTold(scenes.before, roles) || !cloudsCanBeTold(scenes.after, roles)) return null;
  const told = { before: scenes.before.mask === null, after: scenes.after.mask === null };
  const size = groundPixelSizeM(before.grid);
  if (size === null || !(told.before || told.after)) return null;
  const pixelSizeM = Math.sqrt(size.x * size.y);
  const cellPx = cellSizePx(pixelSizeM);
  const bands = needed.map((role) => roles.indexOf(role));
  const a = reflectanceCells(averageOverCells(before, bands, cellPx), scenes.before);
  const b = reflectanceCells(averageOverCells(after, bands, cellPx), scenes.after);
  const marks = findPairCloudCells(a, b, needed, cellPx * pixelSizeM, options);
  if (told.before) hide(before, marks.before, cellPx);
  if (!told.after) return null;
  return hide(after, marks.after, cellPx);
}

/** Unmasks what lies in cloud and shadow; returns 1 where NEAR, null where nothing is. */
function hide({ grid, mask }: Raster, marks: Uint8Array, cellPx: number): Uint8Array | null {
  const near = marks.includes(NEAR) ? new Uint8Array(mask.length) : null;
  const columns = Math.ceil(grid.width / cellPx);
  for (let y = 0, i = 0; y < grid.height; y++) {
    const line = Math.floor(y / cellPx) * columns;
    for (let x = 0; x < grid.width; x++, i++) {
      const mark = marks[line + Math.floor(x / cellPx)];
      if (mark === CLOUD || mark === SHADOW || mark === THIN) mask[i] = 0;
      else if (mark === NEAR && near !== null) near[i] = 1;
    }
  }
  return near;
}

/** Raw numbers of the scene become reflectance, in place. */
function reflectanceCells(cells: Cells, { reflectance }: Scene): Cells {
  const { scale, offset } = reflectance ?? { scale: 1, offset: 0 };
  for (const band of cells.bands) {
    for (let k = 0; k < band.length; k++) if (cells.observed[k] === 1) band[k] = band[k] * scale + offset;
  }
  return cells;
}
