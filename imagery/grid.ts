/**
 * A regular raster grid: where each pixel lies.
 *
 *   x = originX + (column + 0.5) * pixelWidth      (centre of a pixel)
 *   y = originY + (row    + 0.5) * pixelHeight     (pixelHeight < 0: north is up)
 *
 * Columns run right, rows run down from the top-left corner (originX, originY).
 */
export interface Grid {
  width: number;
  height: number;
  /** 'EPSG:n', a proj string for a user-defined CRS, or null: pixel coordinates, no georeference. */
  crs: string | null;
  originX: number;
  originY: number;
  /** CRS units per pixel, > 0. */
  pixelWidth: number;
  /** CRS units per pixel, < 0 when north is up; +1 on an ungeoreferenced grid. */
  pixelHeight: number;
}

/** A block of pixels of a grid; may reach outside it (what lies outside is unobserved). */
export interface Window {
  column: number;
  row: number;
  width: number;
  height: number;
}

/** A box in a grid's own CRS units. */
export interface ProjectedBox {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** A box in degrees, longitude first. Never mixed with ProjectedBox. */
export interface LonLatBox {
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
}

/** The grid of an image without georeference: one unit per pixel, rows down. */
export function pixelGrid(width: number, height: number): Grid {
  return { width, height, crs: null, originX: 0, originY: 0, pixelWidth: 1, pixelHeight: 1 };
}

/** @throws RangeError where a window is not made of whole pixels */
export function checkWindow({ column, row, width, height }: Window): void {
  if (![column, row, width, height].every(Number.isInteger) || width < 1 || height < 1)
    throw new RangeError(`A window wants whole pixels, got ${width} x ${height} at ${column}, ${row}.`);
}

/** The grid of one window of `grid`, on the same lattice. */
export function windowGrid(grid: Grid, window: Window): Grid {
  return {
    ...grid,
    width: window.width,
    height: window.height,
    originX: grid.originX + window.column * grid.pixelWidth,
    originY: grid.originY + window.row * grid.pixelHeight,
  };
}

/** The grid of an overview: fewer pixels over the same ground. */
export function overviewGrid(grid: Grid, { width, height }: { width: number; height: number }): Grid {
  return {
    ...grid,
    width,
    height,
    pixelWidth: (grid.pixelWidth * grid.width) / width,
    pixelHeight: (grid.pixelHeight * grid.height) / height,
  };
}

export function projectedBox(grid: Grid): ProjectedBox {
  const x1 = grid.originX + grid.width * grid.pixelWidth;
  const y1 = grid.originY + grid.height * grid.pixelHeight;
  return {
    minX: Math.min(grid.originX, x1),
    minY: Math.min(grid.originY, y1),
    maxX: Math.max(grid.originX, x1),
    maxY: Math.max(grid.originY, y1),
  };
}

/** True when both grids put every pixel at the same place (to a thousandth of a pixel). */
export function sameGrid(a: Grid, b: Grid): boolean {
  const near = (p: number, q: number, unit: number) => Math.abs(p - q) <= 1e-3 * Math.abs(unit);
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.crs === b.crs &&
    near(a.originX, b.originX, a.pixelWidth) &&
    near(a.originY, b.originY, a.pixelHeight) &&
    near(a.pixelWidth * a.width, b.pixelWidth * b.width, a.pixelWidth) &&
    near(a.pixelHeight * a.height, b.pixelHeight * b.height, a.pixelHeight)
  );
}
