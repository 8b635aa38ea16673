import { boxSum } from '../../detectors/smoothing.ts';
import { findClouds } from '../../imagery/cloud/find.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Raster } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';

/** Bands without which clouds cannot be told. */
const needed: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/** Context round a window that cloud finding wants, metres and at most this many pixels. */
const contextM = 256;
const mostContextPx = 256;

/** Cloud thins out beyond where it is recognised; this much round it is not trusted either. */
const bufferM = 40;
/** So far from a cloud, dark ground may lie in its shadow. */
const shadowReachM = 300;
/** Nearness to clouds is worked out on squares of this side. */
const coarseM = 8;

/** True when the scene's numbers and bands let clouds be told. */
export function cloudsCanBeTold(scene: Scene, roles: readonly BandRole[]): boolean {
  return scene.reflectance !== null && needed.every((role) => roles.includes(role));
}

export function cloudMarginPx(pixelSizeM: number): number {
  return Math.min(mostContextPx, Math.ceil(contextM / pixelSizeM));
}

/**
 * Marks cloud and shadow in both rasters of a pair as unobserved, each judged against the other; what lies
 * close to a cloud too. Rasters hold the scenes' raw numbers in `roles` order.
 * Returns 1 where a shadow may lie in the after image, null where none can.
 */
export function maskPairClouds(
  before: Raster<Float32Array>,
  after: Raster<Float32Array>,
  scenes: { before: Scene; after: Scene },
  roles: readonly BandRole[],
): Uint8Array | null {
  if (!cloudsCanBeTold(scenes.before, roles) || !cloudsCanBeTold(scenes.after, roles)) return null;
  const size = groundPixelSizeM(before.grid);
  if (size === null) return null;
  const pixelSizeM = Math.sqrt(size.x * size.y);
  const a = inReflectance(before, scenes.before);
  const b = inReflectance(after, scenes.after);
  const { width } = before.grid;
  const cloudsAfter = findClouds(b, [...roles], pixelSizeM, a);
  const hiddenBefore = doubtful(findClouds(a, [...roles], pixelSizeM, b), width, pixelSizeM);
  const hiddenAfter = doubtful(cloudsAfter, width, pixelSizeM);
  for (let i = 0; i < before.mask.length; i++) {
    if (hiddenBefore[i]) before.mask[i] = 0;
    if (hiddenAfter[i]) after.mask[i] = 0;
  }
  if (!cloudsAfter.includes(1)) return null;
  return nearCloud(cloudsAfter, width, pixelSizeM, shadowReachM);
}

/** 1 where cloud or shadow was found, and close to cloud. */
function doubtful(found: Uint8Array, width: number, pixelSizeM: number): Uint8Array {
  if (!found.includes(1)) return found;
  const close = nearCloud(found, width, pixelSizeM, bufferM);
  for (let i = 0; i < close.length; i++) if (found[i] !== 0) close[i] = 1;
  return close;
}

/** 1 where a pixel lies within `reachM` of cloud, to a coarse square. */
function nearCloud(found: Uint8Array, width: number, pixelSizeM: number, reachM: number): Uint8Array {
  const side = Math.max(1, Math.round(coarseM / pixelSizeM));
  const columns = Math.ceil(width / side);
  const rows = Math.ceil(found.length / width / side);
  const cloud = new Float32Array(columns * rows);
  for (let y = 0, i = 0; i < found.length; y++) {
    const line = Math.floor(y / side) * columns;
    for (let x = 0; x < width; x++, i++) if (found[i] === 1) cloud[line + Math.floor(x / side)] = 1;
  }
  const sums = boxSum(cloud, columns, rows, Math.max(1, Math.round(reachM / (side * pixelSizeM))));
  const near = new Uint8Array(found.length);
  for (let y = 0, i = 0; i < near.length; y++) {
    const line = Math.floor(y / side) * columns;
    for (let x = 0; x < width; x++, i++) if (sums[line + Math.floor(x / side)] > 0) near[i] = 1;
  }
  return near;
}

function inReflectance(raster: Raster<Float32Array>, scene: Scene): Raster<Float32Array> {
  const { scale, offset } = scene.reflectance ?? { scale: 1, offset: 0 };
  const bands = raster.bands.map((band) => {
    const reflectance = new Float32Array(band.length);
    for (let i = 0; i < band.length; i++) reflectance[i] = band[i] * scale + offset;
    return reflectance;
  });
  return { grid: raster.grid, bands, mask: raster.mask.slice() };
}
