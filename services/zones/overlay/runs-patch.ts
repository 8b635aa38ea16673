import { traceFlat } from '../../../detectors/outline.ts';
import type { PixelRuns } from '../../../detectors/runs.ts';
import { toLonLat } from '../../../imagery/crs.ts';
import { type Grid, type LonLatBox, projectedBox, windowGrid } from '../../../imagery/grid.ts';
import { cornerPlacer } from '../../detection/corner-positions.ts';
import { ServiceError } from '../../error.ts';
import { localPlane, type Plane, type PlanePaths, toPaths } from '../geometry/clipper.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { BoxedRing, grown } from './boxed-ring.ts';
import { turnedCoverage, type WeightedRuns } from './coverage.ts';
import { nearbyRings, ringOfBox, ringOfPath } from './frame.ts';
import { runsInM2 } from './pixel-areas.ts';
import { type PixelPlacer, pixelPlacer } from './pixel-placer.ts';
import { type PreparedPatch, withinPatch } from './prepared-patch.ts';
import { WkbRings } from './wkb-rings.ts';

/**
 * Longest edge, about 20 m, taken as straight in a projected CRS too. Its bow there is s²·tan φ / 8R = 5 µm, a
 * millionth of a 5 m patch: zones that meet in T-joints leave no more than that between them.
 */
const PIECE_DEGREES = 2e-4;

/** How far zones are followed beyond the patch's box, of its size: an edge of that box bows by 3 % at most (1,000 km). */
const MARGIN = 0.05;

/** In hand for one ring at a time, whichever patch asks: nothing of them is handed on. */
const boxed = new BoxedRing();
const wkbRings = new WkbRings();
let pixels = new Float64Array(1024);

/**
 * A patch of pixels made ready for zones: each pixel weighs its area on the ellipsoid, exactly as in runsAreaM2.
 * @throws ServiceError bad-input when the grid is not georeferenced, ImageryError crs-unknown
 */
export function prepareRuns(runs: PixelRuns, grid: Grid): PreparedPatch {
  const weighted = runsInM2(runs, grid);
  if (!weighted) throw new ServiceError('bad-input', 'Zones need a patch with a CRS, but its grid has none.');
  return new RunsPatch(runs, grid, weighted);
}

class RunsPatch implements PreparedPatch {
  readonly totalM2: number;
  readonly box: LonLatBox;
  readonly #runs: PixelRuns;
  readonly #grid: Grid;
  readonly #weighted: WeightedRuns;
  readonly #placer: PixelPlacer;
  /** The box with room: a place outside it is outside the patch, however straight lines bow between the two. */
  readonly #room: LonLatBox;
  #plane: Plane | null = null;

  constructor(runs: PixelRuns, grid: Grid, weighted: WeightedRuns) {
    this.#runs = runs;
    this.#grid = grid;
    this.#weighted = weighted;
    this.#placer = pixelPlacer(grid);
    this.totalM2 = weighted.total;
    const corners = cornersOf(weighted, grid);
    const east = (corners.maxLon - corners.minLon) * MARGIN;
    const north = (corners.maxLat - corners.minLat) * MARGIN;
    this.box = widened(corners, east / 2, north / 2);
    this.#room = widened(corners, east, north);
  }

  areaInside(geometry: ZoneGeometry): number {
    if (geometry.kind !== 'polygon') return 0;
    let sum = 0;
    for (const rings of geometry.parts) {
      for (let r = 0; r < rings.length; r++) {
        const covered = Math.abs(this.#turned(rings[r], 0, rings[r].length));
        sum += r === 0 ? covered : -covered;
      }
    }
    return withinPatch(sum, this.totalM2);
  }

  areaInsideWkb(bytes: Uint8Array): number {
    wkbRings.load(bytes);
    let sum = 0;
    while (wkbRings.next()) {
      const covered = Math.abs(this.#turned(wkbRings.numbers, wkbRings.start, wkbRings.end));
      sum += wkbRings.isShell ? covered : -covered;
    }
    return withinPatch(sum, this.totalM2);
  }

  nearby(geometry: ZoneGeometry): ZoneGeometry {
    return nearbyRings(geometry, this.#room, boxed);
  }

  get plane(): Plane {
    this.#plane ??= localPlane(this.#room);
    return this.#plane;
  }

  frame(): PlanePaths {
    return toPaths({ kind: 'polygon', parts: [[ringOfBox(this.#room)]] }, this.plane);
  }

  areaOfPaths(paths: PlanePaths): number {
    let sum = 0;
    for (const path of paths) {
      const ring = ringOfPath(path, this.plane);
      sum += this.#turned(ring, 0, ring.length);
    }
    return withinPatch(Math.abs(sum), this.totalM2);
  }

  outline(): ZoneGeometry {
    const placer = cornerPlacer(this.#grid);
    return { kind: 'polygon', parts: traceFlat(this.#runs).map((rings) => rings.map((ring) => placer.place(ring))) };
  }

  /** Area of the patch that a ring in lon/lat encloses, with the sign of its turning. */
  #turned(ring: Float64Array, start: number, end: number): number {
    if (end - start < 8) return 0;
    boxed.pull(ring, start, end, this.#room);
    // Seen from above, anticlockwise is negative where rows run down: both ways of counting must agree.
    if (!boxed.enters) return this.#weighted.total * boxed.turnsRound() * (this.#grid.pixelHeight < 0 ? -1 : 1);
    const length = this.#place();
    return turnedCoverage(this.#weighted, pixels, length);
  }

  /** Puts the ring in hand on the grid, in `pixels`, edges inside the room in short pieces; says how many numbers. */
  #place(): number {
    const { points, length } = boxed;
    const { minLon, minLat, maxLon, maxLat } = this.#room;
    const placer = this.#placer;
    placer.place(points[0], points[1], pixels, 0);
    let count = 2;
    for (let i = 2; i < length; i += 2) {
      const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
      const onBorder =
        (ax === bx && (ax === minLon || ax === maxLon)) || (ay === by && (ay === minLat || ay === maxLat));
      const long = Math.hypot(bx - ax, by - ay);
      const pieces = onBorder || placer.straight || long <= PIECE_DEGREES ? 1 : Math.ceil(long / PIECE_DEGREES);
      while (count + 2 * pieces > pixels.length) pixels = grown(pixels);
      for (let k = 1; k < pieces; k++, count += 2) {
        placer.place(ax + (k / pieces) * (bx - ax), ay + (k / pieces) * (by - ay), pixels, count);
      }
      placer.place(bx, by, pixels, count);
      count += 2;
    }
    return count;
  }
}

/** Round the corners of the patch's rows and columns, in lon/lat. */
function cornersOf({ firstRow, rowStart, firstColumn, endColumn }: WeightedRuns, grid: Grid): LonLatBox {
  const height = rowStart.length - 1;
  const width = height > 0 ? endColumn - firstColumn : 0;
  const column = height > 0 ? firstColumn : 0;
  const { minX, minY, maxX, maxY } = projectedBox(windowGrid(grid, { column, row: firstRow, width, height }));
  const lonLat = toLonLat(grid.crs!);
  const corners = [lonLat(minX, minY), lonLat(minX, maxY), lonLat(maxX, minY), lonLat(maxX, maxY)];
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  return { minLon: Math.min(...lons), minLat: Math.min(...lats), maxLon: Math.max(...lons), maxLat: Math.max(...lats) };
}

function widened(box: LonLatBox, east: number, north: number): LonLatBox {
  return {
    minLon: box.minLon - east,
    minLat: box.minLat - north,
    maxLon: box.maxLon + east,
    maxLat: box.maxLat + north,
  };
}
