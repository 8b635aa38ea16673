import type { MultiPolygon, Polygon, Position } from 'geojson';
import { type TypedChange, typeOf } from '../../detectors/change-type.ts';
import { hazeOf } from '../../detectors/haze.ts';
import { traceFlat } from '../../detectors/outline.ts';
import { shapeOf } from '../../detectors/patch-shape.ts';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, RadiometricScale } from '../../imagery/scene.ts';
import { runsAreaM2 } from '../zones/overlay/overlay.ts';
import { cornerPlacer } from './corner-positions.ts';
import { clockwiseOnMap, perDegree } from './outline-text.ts';
import { colourBands } from './scene-pair.ts';

/** A changed region as evidence: where, how large, how sure, what. */
export interface FoundPatch {
  region: Region;
  typed: TypedChange;
  /** On the ellipsoid, from the pixel runs; null on a grid without CRS. */
  areaM2: number | null;
  /** Mean score over threshold. */
  score: number;
}

/** What is known of the before image's numbers, in which a region's sums are. */
export interface Radiometry {
  /** Null where nobody knows: then the type is told from ratios alone, with less confidence. */
  reflectance: RadiometricScale | null;
  /** Band by band what its darkest pixels have, raw; null where nobody looked: then the air is not allowed for. */
  darkest: readonly number[] | null;
}

export function describeRegion(
  region: Region,
  grid: Grid,
  roles: readonly BandRole[],
  { reflectance, darkest }: Radiometry = { reflectance: null, darkest: null },
): FoundPatch {
  const { scale, offset } = reflectance ?? { scale: 1, offset: 0 };
  const onScale = (raw: number) => raw * scale + offset;
  const bands = colourBands(roles);
  const haze = darkest && hazeOf(darkest.map(onScale), bands, reflectance !== null);
  const mean = (sums: number[]) => sums.map((sum, band) => onScale(sum / region.pixels) - (haze?.[band] ?? 0));
  const pixel = pixelSizeM(grid);
  const typed = typeOf(
    { before: mean(region.before), after: mean(region.after), bands, reflectance: reflectance !== null },
    shapeOf(region.runs, pixel ?? undefined),
    pixel && Math.sqrt(pixel.x * pixel.y),
  );
  return { region, typed, areaM2: runsAreaM2(region.runs, grid), score: region.score / region.pixels };
}

const pixelSizes = new WeakMap<Grid, ReturnType<typeof groundPixelSizeM>>();

/** Of the grid that patch after patch lies on. */
function pixelSizeM(grid: Grid): ReturnType<typeof groundPixelSizeM> {
  const known = pixelSizes.get(grid);
  if (known !== undefined) return known;
  const size = groundPixelSizeM(grid);
  pixelSizes.set(grid, size);
  return size;
}

/** The pixel-edge outline in lon/lat, RFC 7946 (shells counter-clockwise, holes clockwise). */
export function lonLatOutline(runs: PixelRuns, grid: Grid): Polygon | MultiPolygon {
  const placer = cornerPlacer(grid);
  const turned = clockwiseOnMap(grid);
  const polygons = traceFlat(runs).map((outline) => outline.map((ring) => positions(placer.place(ring), turned)));
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function positions(lonLat: Float64Array, turned: boolean): Position[] {
  const ring: Position[] = [];
  for (let i = 0; i < lonLat.length; i += 2) {
    const at = turned ? lonLat.length - 2 - i : i;
    ring.push([round(lonLat[at]), round(lonLat[at + 1])]);
  }
  return ring;
}

function round(degrees: number): number {
  return Math.round(degrees * perDegree) / perDegree;
}
