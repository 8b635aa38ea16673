import { Clipper, ClipType, FillRule, type Path64, type PolyPath64, PolyTree64 } from 'clipper2-ts';
import type { Position } from 'geojson';

/** Rings of a polygon, shell first; closed. */
export type Rings = Position[][];

/**
 * Polygons put together so that every place counts once. Done on integer millimetres in a plane that touches the
 * ground at the polygons' middle: its areas are for comparing with one another, not for showing.
 */
export interface Union {
  polygons: Rings[];
  areaM2: number;
  /** Shells less holes of what was put in, in the same plane: equal to areaM2 when nothing crosses or overlaps. */
  enteredM2: number;
}

/** Shells must turn anticlockwise and holes clockwise. */
export function unite(polygons: readonly Rings[]): Union {
  const plane = localPlane(polygons.flat(2));
  const paths = polygons.flat().map((ring) => ring.slice(1).map(plane.toMillimetres));
  const tree = new PolyTree64();
  Clipper.booleanOpWithPolyTree(ClipType.Union, paths, null, tree, FillRule.NonZero);
  const united: Rings[] = [];
  collect(tree, plane.toLonLat, united);
  const enteredM2 = Clipper.areaPaths(paths) / 1e6;
  return { polygons: united, areaM2: tree.area() / 1e6, enteredM2 };
}

function collect(parent: PolyPath64, toLonLat: (point: { x: number; y: number }) => Position, united: Rings[]): void {
  const ring = (path: Path64 | null): Position[] => {
    const positions = (path ?? []).map(toLonLat);
    return [...positions, positions[0]];
  };
  for (let i = 0; i < parent.count; i++) {
    const shell = parent.child(i);
    const rings = [ring(shell.poly)];
    for (let k = 0; k < shell.count; k++) {
      rings.push(ring(shell.child(k).poly));
      collect(shell.child(k), toLonLat, united);
    }
    united.push(rings);
  }
}

function localPlane(positions: readonly Position[]) {
  const [lon0, lat0] = positions[0];
  const north = 111_320_000;
  const east = north * Math.cos((lat0 * Math.PI) / 180);
  return {
    toMillimetres: ([lon, lat]: Position) => ({
      x: Math.round((lon - lon0) * east),
      y: Math.round((lat - lat0) * north),
    }),
    toLonLat: ({ x, y }: { x: number; y: number }): Position => [lon0 + x / east, lat0 + y / north],
  };
}
