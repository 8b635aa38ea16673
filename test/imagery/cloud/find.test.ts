import { describe, expect, it } from 'vitest';
import { CLOUD, findClouds, SHADOW } from '../../../imagery/cloud/find.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import type { Raster } from '../../../imagery/raster.ts';
import type { BandRole } from '../../../imagery/scene.ts';
import { FieldMosaic } from '../../support/field-mosaic.ts';
import { plantSky, underSky } from '../../support/planted-sky.ts';

const roles: BandRole[] = ['B', 'G', 'R', 'N'];
const size = 256;
const mosaic = new FieldMosaic(21, size);
const before = ground(1);
const after = ground(2);

/** Fields at 10 m pixels, one in five sown anew between dates, as dark in the visible as fields are. */
function ground(date: number): Raster<Float32Array> {
  const bands = mosaic.look({ date, shiftTenths: { dx: 0, dy: 0 }, changedShare: 0.2, noise: 0.005 });
  const shares = [0.5, 0.6, 0.6, 1.6];
  return {
    grid: pixelGrid(size, size),
    bands: bands.map((band, b) => band.map((value) => value * shares[b])),
    mask: new Uint8Array(size * size).fill(1),
  };
}

function share(marks: Uint8Array, mark: number, where: (k: number) => boolean): number {
  let wanted = 0;
  let found = 0;
  for (let k = 0; k < marks.length; k++) {
    if (!where(k)) continue;
    wanted++;
    if (marks[k] === mark) found++;
  }
  return found / wanted;
}

/** The raster with a turned rectangle of one surface on it, blurred at its edge as a sensor blurs it. */
function withSurface(raster: Raster<Float32Array>, sides: [number, number], reflectance: number[]) {
  const inside = new Uint8Array(size * size);
  const bands = raster.bands.map((band, b) =>
    band.map((value, k) => {
      const x = (k % size) - 120;
      const y = Math.floor(k / size) - 130;
      const along = Math.abs(x * Math.cos(0.4) + y * Math.sin(0.4)) - sides[0] / 2;
      const across = Math.abs(y * Math.cos(0.4) - x * Math.sin(0.4)) - sides[1] / 2;
      const covered = Math.min(1, Math.max(0, 0.5 - Math.max(along, across) / 1.5));
      inside[k] = covered > 0.5 ? 1 : 0;
      return value + covered * (reflectance[b] - value);
    }),
  );
  return { raster: { ...raster, bands }, inside: (k: number) => inside[k] === 1 };
}

const clouds = { seed: 4, cover: 0.25, thickness: 1, lumpPx: 80, shadow: { dx: -25, dy: -30 } };

describe('findClouds against another date', () => {
  it('finds nothing under a clear sky, though fields changed', () => {
    expect(findClouds(after, roles, 10, before).every((mark) => mark === 0)).toBe(true);
  });

  it('finds planted clouds, leaves the clear ground, and finds most of their shadows', () => {
    const sky = plantSky(size, size, clouds);
    const marks = findClouds(underSky(after, sky), roles, 10, before);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.5)).toBeGreaterThan(0.97);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] === 0)).toBeLessThan(0.1);
    expect(share(marks, SHADOW, (k) => sky.shade[k] > 0.5 && sky.alpha[k] < 0.05)).toBeGreaterThan(0.7);
    expect(share(marks, SHADOW, (k) => sky.shade[k] === 0 && sky.alpha[k] === 0)).toBeLessThan(0.02);
  });

  it('finds haze that hides a third of the ground', () => {
    const sky = plantSky(size, size, { ...clouds, cover: 0.1, thickness: 0.35 });
    const marks = findClouds(underSky(after, sky), roles, 10, before);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.25)).toBeGreaterThan(0.95);
  });

  it('does not take the clear ground for shadow where the other date has cloud', () => {
    const marks = findClouds(after, roles, 10, underSky(before, plantSky(size, size, { ...clouds, cover: 0.15 })));
    expect(share(marks, CLOUD, () => true)).toBe(0);
    expect(share(marks, SHADOW, () => true)).toBeLessThan(0.02);
  });

  it('finds cloud that hangs over the same ground on both dates', () => {
    const sky = plantSky(size, size, { ...clouds, lumpPx: 120 });
    const marks = findClouds(underSky(after, sky), roles, 10, underSky(before, sky));
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.7)).toBeGreaterThan(0.9);
  });

  it('finds clouds at 1 m, where a window is a square kilometre or less', () => {
    const sky = plantSky(size, size, { ...clouds, cover: 0.3, lumpPx: 200, shadow: { dx: -90, dy: -60 } });
    const marks = findClouds(underSky(after, sky), roles, 1, before);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.6)).toBeGreaterThan(0.9);
  });

  it('keeps unobserved pixels out of the account', () => {
    const sky = plantSky(size, size, clouds);
    const cloudy = underSky(after, sky);
    const holed = {
      ...cloudy,
      bands: cloudy.bands.map((band) => band.map((value, k) => (k % size < 60 ? Number.NaN : value))),
      mask: cloudy.mask.map((_, k) => (k % size < 60 ? 0 : 1)),
    };
    const marks = findClouds(holed, roles, 10, before);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.5 && k % size >= 62)).toBeGreaterThan(0.97);
  });
});

describe('findClouds on what this service looks for', () => {
  it.each<[string, number[]]>([
    ['white roof', [0.35, 0.37, 0.38, 0.42]],
    ['brightest roof', [0.6, 0.62, 0.63, 0.65]],
    ['greenhouse', [0.26, 0.27, 0.27, 0.4]],
    ['blue steel roof', [0.25, 0.2, 0.14, 0.2]],
    ['concrete', [0.22, 0.24, 0.26, 0.3]],
    ['bare soil', [0.16, 0.2, 0.25, 0.32]],
    ['pond', [0.05, 0.06, 0.05, 0.03]],
  ])('leaves a new %s unmasked, on 10 m and 1 m pixels', (_name, reflectance) => {
    const looks: [pixelSizeM: number, sides: [number, number]][] = [
      [10, [5, 5]],
      [10, [12, 10]],
      [10, [20, 15]],
      [10, [50, 30]],
      [1, [60, 50]],
      [1, [120, 100]],
      [1, [180, 120]],
    ];
    for (const [pixelSizeM, sides] of looks) {
      const { raster, inside } = withSurface(after, sides, reflectance);
      const marks = findClouds(raster, roles, pixelSizeM, before);
      expect(share(marks, 0, inside), `${sides} pixels of ${pixelSizeM} m`).toBe(1);
    }
  });
});

describe('findClouds without a reference', () => {
  it('finds bright soft clouds and leaves bright roofs', () => {
    const sky = plantSky(size, size, { ...clouds, lumpPx: 120 });
    const marks = findClouds(underSky(after, sky), roles, 10);
    expect(share(marks, CLOUD, (k) => sky.alpha[k] > 0.7)).toBeGreaterThan(0.9);
    const { raster } = withSurface(after, [50, 30], [0.6, 0.62, 0.63, 0.65]);
    expect(findClouds(raster, roles, 10).every((mark) => mark === 0)).toBe(true);
  });

  it('says which bands it needs', () => {
    expect(() => findClouds(after, ['B', 'G', 'R', 'X'], 10)).toThrow(
      'Clouds are told from bands B, G, R and N; got B, G, R, X.',
    );
  });
});
