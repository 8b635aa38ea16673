import { CLOUD, findClouds } from '../../imagery/cloud/find.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { openSceneFile } from '../../imagery/scene-file.ts';

/** Windows of this side, this many along each side of the image, are looked at. */
const lookPx = 256;
const looksAlong = 4;
const needed: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/**
 * The share of a scene's observed ground that lies under cloud, 0-1, told from windows spread over it, each
 * by itself: for choosing scenes, not for judging pixels. Null where clouds cannot be told in it, or nothing was observed.
 * @throws ImageryError of the reader
 */
export async function cloudShareOf(scene: Scene): Promise<number | null> {
  const { reflectance, grid } = scene;
  const size = grid.crs === null ? null : groundPixelSizeM(grid);
  if (reflectance === null || size === null || needed.some((role) => !scene.bands.includes(role))) return null;
  const source = await openSceneFile({ ...scene, mask: null, saturation: null }, () => {});
  let observed = 0;
  let cloudy = 0;
  try {
    for (const window of windowsOf(grid)) {
      const { bands, mask, grid: place } = await source.read(window);
      const scaled = needed.map((role) => {
        const band = bands[scene.bands.indexOf(role)];
        const values = new Float32Array(band.length);
        for (let i = 0; i < values.length; i++) values[i] = band[i] * reflectance.scale + reflectance.offset;
        return values;
      });
      const found = findClouds({ grid: place, bands: scaled, mask }, needed, Math.sqrt(size.x * size.y));
      for (let i = 0; i < mask.length; i++) {
        observed += mask[i];
        if (mask[i] && found[i] === CLOUD) cloudy++;
      }
    }
  } finally {
    await source.close();
  }
  return observed === 0 ? null : cloudy / observed;
}

function windowsOf({ width, height }: Grid): Window[] {
  const along = (length: number) => Math.max(1, Math.min(looksAlong, Math.floor(length / lookPx)));
  const [across, down] = [along(width), along(height)];
  return Array.from({ length: across * down }, (_, k) => {
    const [column, columns] = part(k % across, across, width);
    const [row, rows] = part(Math.floor(k / across), down, height);
    return { column, row, width: columns, height: rows };
  });
}

/** About the middle of the i-th of `count` equal parts of a length, on whole tiles where it can be. */
function part(i: number, count: number, length: number): [first: number, size: number] {
  const size = Math.min(lookPx, length);
  const middle = ((i + 0.5) * length) / count - size / 2;
  return [Math.max(0, Math.min(length - size, Math.round(middle / lookPx) * lookPx)), size];
}
