import { toLonLat } from '../../../imagery/crs.ts';
import {
  type TransverseMercator,
  transverseMercatorOfEpsg,
  transverseMercatorOfProj,
} from '../../../imagery/crs-definitions.ts';

/** Takes a path of x0, y0, x1, y1, … to lon/lat in degrees, in place. */
export type ProjectPath = (path: Float64Array) => void;

const SEMI_MAJOR = 6_378_137;
const INVERSE_FLATTENING = { GRS80: 298.257222101, WGS84: 298.257223563 };
/** Distance from the central meridian, in radii, up to which the series is used: 640 km, more than any zone is wide. */
const MOST_ETA = 0.1;
const DEGREES = 180 / Math.PI;

/**
 * A transverse Mercator's way back for whole paths, by Krüger's series to the sixth power of the third flattening
 * (Karney, Transverse Mercator with an accuracy of a few nanometers, 2011, eq. 36; δ: Deakin, Hunter, Karney 2012).
 * Four times as fast as proj4 point by point, which it agrees with to 1e-13° and which takes what lies far outside.
 * Null: the CRS is no transverse Mercator from the equator.
 * @throws ImageryError crs-unknown
 */
export function inverseGaussKruger(crs: string): ProjectPath | null {
  const projection = crs.startsWith('EPSG:')
    ? transverseMercatorOfEpsg(Number(crs.slice(5)))
    : transverseMercatorOfProj(crs);
  if (projection === null || projection.latitudeOfOrigin !== 0) return null;
  const far = toLonLat(crs);
  const { n, rectifyingRadius } = ellipsoidOf(projection);
  const [b1, b2, b3, b4, b5, b6] = betas(n);
  const series = deltas(n);
  const { falseEastingM, falseNorthingM, centralMeridian } = projection;
  return (path) => {
    for (let i = 0; i + 1 < path.length; i += 2) {
      const xi = (path[i + 1] - falseNorthingM) / rectifyingRadius;
      const eta = (path[i] - falseEastingM) / rectifyingRadius;
      if (!(Math.abs(eta) < MOST_ETA && Math.abs(xi) < 1.5)) {
        [path[i], path[i + 1]] = far(path[i], path[i + 1]);
        continue;
      }
      // Clenshaw's sum of β sin 2jζ, ζ = ξ + iη.
      const sin2 = Math.sin(2 * xi);
      const cos2 = Math.cos(2 * xi);
      const e2 = Math.exp(2 * eta);
      const sinh2 = (e2 - 1 / e2) / 2;
      const cosh2 = (e2 + 1 / e2) / 2;
      const ar = 2 * cos2 * cosh2;
      const ai = -2 * sin2 * sinh2;
      const r5 = ar * b6 + b5;
      const i5 = ai * b6;
      const r4 = ar * r5 - ai * i5 - b6 + b4;
      const i4 = ar * i5 + ai * r5;
      const r3 = ar * r4 - ai * i4 - r5 + b3;
      const i3 = ar * i4 + ai * r4 - i5;
      const r2 = ar * r3 - ai * i3 - r4 + b2;
      const i2 = ar * i3 + ai * r3 - i4;
      const r1 = ar * r2 - ai * i2 - r3 + b1;
      const i1 = ar * i2 + ai * r2 - i3;
      const sr = sin2 * cosh2;
      const si = cos2 * sinh2;
      const xi1 = xi - (r1 * sr - i1 * si);
      const eta1 = eta - (r1 * si + i1 * sr);
      const sinXi = Math.sin(xi1);
      const cosXi = Math.cos(xi1);
      const e1 = Math.exp(eta1);
      const sinh1 = (e1 - 1 / e1) / 2;
      const base = Math.sqrt(sinh1 * sinh1 + cosXi * cosXi);
      path[i] = centralMeridian + Math.atan2(sinh1, cosXi) * DEGREES;
      path[i + 1] = latitudeOf(sinXi, base, series) * DEGREES;
    }
  };
}

/** Latitude of the conformal latitude χ, given by its sine and cosine up to a factor: χ + Σ δ sin 2jχ. */
function latitudeOf(sine: number, cosine: number, d: number[]): number {
  const length = sine * sine + cosine * cosine;
  const a = (2 * (cosine * cosine - sine * sine)) / length;
  const t5 = a * d[5] + d[4];
  const t4 = a * t5 - d[5] + d[3];
  const t3 = a * t4 - t5 + d[2];
  const t2 = a * t3 - t4 + d[1];
  const t1 = a * t2 - t3 + d[0];
  return Math.atan2(sine, cosine) + (t1 * 2 * sine * cosine) / length;
}

function ellipsoidOf({ ellipsoid, scale }: TransverseMercator): { n: number; rectifyingRadius: number } {
  const f = 1 / INVERSE_FLATTENING[ellipsoid];
  const n = f / (2 - f);
  const series = 1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256;
  return { n, rectifyingRadius: ((scale * SEMI_MAJOR) / (1 + n)) * series };
}

function betas(n: number): number[] {
  return [
    n / 2 - (2 * n ** 2) / 3 + (37 * n ** 3) / 96 - n ** 4 / 360 - (81 * n ** 5) / 512 + (96199 * n ** 6) / 604800,
    n ** 2 / 48 + n ** 3 / 15 - (437 * n ** 4) / 1440 + (46 * n ** 5) / 105 - (1118711 * n ** 6) / 3870720,
    (17 * n ** 3) / 480 - (37 * n ** 4) / 840 - (209 * n ** 5) / 4480 + (5569 * n ** 6) / 90720,
    (4397 * n ** 4) / 161280 - (11 * n ** 5) / 504 - (830251 * n ** 6) / 7257600,
    (4583 * n ** 5) / 161280 - (108847 * n ** 6) / 3991680,
    (20648693 * n ** 6) / 638668800,
  ];
}

function deltas(n: number): number[] {
  return [
    2 * n - (2 * n ** 2) / 3 - 2 * n ** 3 + (116 * n ** 4) / 45 + (26 * n ** 5) / 45 - (2854 * n ** 6) / 675,
    (7 * n ** 2) / 3 - (8 * n ** 3) / 5 - (227 * n ** 4) / 45 + (2704 * n ** 5) / 315 + (2323 * n ** 6) / 945,
    (56 * n ** 3) / 15 - (136 * n ** 4) / 35 - (1262 * n ** 5) / 105 + (73814 * n ** 6) / 2835,
    (4279 * n ** 4) / 630 - (332 * n ** 5) / 35 - (399572 * n ** 6) / 14175,
    (4174 * n ** 5) / 315 - (144838 * n ** 6) / 6237,
    (601676 * n ** 6) / 22275,
  ];
}
