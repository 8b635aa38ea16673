import { findClouds } from '../../imagery/cloud.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Raster } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';

/** Bands without which clouds cannot be told. */
const needed: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/** Context round a window that cloud finding wants, metres and at most this many pixels. */
const contextM = 64;
const mostContextPx = 64;

/** True when the scene's numbers and bands let clouds be told. */
export function cloudsCanBeTold(scene: Scene, roles: readonly BandRole[]): boolean {
  return scene.reflectance !== null && needed.every((role) => roles.includes(role));
}

export function cloudMarginPx(pixelSizeM: number): number {
  return Math.min(mostContextPx, Math.ceil(contextM / pixelSizeM));
}

/**
 * Marks cloud and shadow in both rasters of a pair as unobserved, each judged against the other.
 * Returns how many pixels were marked, per raster. Rasters hold the scenes' raw numbers in `roles` order.
 */
export function maskPairClouds(
  before: Raster<Float32Array>,
  after: Raster<Float32Array>,
  scenes: { before: Scene; after: Scene },
  roles: readonly BandRole[],
): void {
  if (!cloudsCanBeTold(scenes.before, roles) || !cloudsCanBeTold(scenes.after, roles)) return;
  const size = groundPixelSizeM(before.grid);
  if (size === null) return;
  const pixelSizeM = Math.sqrt(size.x * size.y);
  const a = inReflectance(before, scenes.before);
  const b = inReflectance(after, scenes.after);
  const cloudsBefore = findClouds(a, [...roles], pixelSizeM, b);
  const cloudsAfter = findClouds(b, [...roles], pixelSizeM, a);
  for (let i = 0; i < before.mask.length; i++) {
    if (cloudsBefore[i] !== 0) before.mask[i] = 0;
    if (cloudsAfter[i] !== 0) after.mask[i] = 0;
  }
}

function inReflectance(raster: Raster<Float32Array>, scene: Scene): Raster<Float32Array> {
  const { scale, offset } = scene.reflectance ?? { scale: 1, offset: 0 };
  const bands = raster.bands.map((band) => {
    const reflectance = new Float32Array(band.length);
    for (let i = 0; i < band.length; i++) reflectance[i] = band[i] * scale + offset;
    return reflectance;
  });
  return { grid: raster.grid, bands, mask: Uint8Array.from(raster.mask) };
}
