/**
 * The shape of a zone. Polygons: one entry of `parts` per polygon, its shell first, then its holes. Lines: one entry
 * per line, with one path. A path is x0, y0, x1, y1, …; rings are closed (the last point repeats the first).
 */
export interface ZoneGeometry {
  kind: 'polygon' | 'line';
  /** Lon/lat in degrees (CGCS2000, which WGS 84 equals here); edges are straight in lon/lat (RFC 7946). */
  parts: Float64Array[][];
}

/** A shape as a file holds it: in the file's CRS, closed or not, crossing itself or not, with anything for numbers. */
export interface RawGeometry {
  /** As the file names it, e.g. Polygon, MultiPolygon, LineString, Point, GeometryCollection, Polygon Z. */
  type: string;
  /** Laid out as in ZoneGeometry; [] where the type has neither lines nor polygons. Of a collection its polygons. */
  parts: Float64Array[][];
  /** True when the file gave heights or measures, which were left out. */
  hadHeights: boolean;
}
