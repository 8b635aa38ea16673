import { describe, expect, it } from 'vitest';
import { readAligned } from '../../imagery/aligned.ts';
import { CLOUD, findClouds, SHADOW } from '../../imagery/cloud/find.ts';
import type { Raster } from '../../imagery/raster.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';
import { plantSky, underSky } from '../support/planted-sky.ts';
import { registeredShift } from '../support/registered-shift.ts';
import { sharedData } from '../support/shared-data.ts';

const folder = sharedData('s2_oscd');
const roles: BandRole[] = ['B', 'G', 'R', 'N'];
const files: Record<string, [before: string, after: string]> = {
  rennes: ['before_20150821.tif', 'after_20170621.tif'],
  pisa: ['before_20150704.tif', 'after_20180211.tif'],
  hongkong: ['before_20160927.tif', 'after_20180323.tif'],
  chongqing: ['before_20170414.tif', 'after_20180402.tif'],
};

async function openPair(name: string) {
  const [before, after] = files[name].map((file) => openTiff(`${folder}${name}/${file}`));
  return { before: await before, after: await after };
}

async function shiftOf(name: string) {
  const { before, after } = await openPair(name);
  const { width, height } = before.info.grid;
  const whole = { column: 0, row: 0, width, height };
  const bands = [0, 1, 2, 3];
  const shift = await registeredShift({ source: before, bands }, { source: after, bands }, before.info.grid, whole);
  await Promise.all([before.close(), after.close()]);
  return shift!;
}

/** Both dates on the before grid, in reflectance. */
async function readPair(name: string) {
  const { before, after } = await openPair(name);
  const read = async (source: typeof before): Promise<Raster<Float32Array>> => {
    const raster = await readAligned(source, before.info.grid, [0, 1, 2, 3]);
    return { ...raster, bands: raster.bands.map((band) => band.map((value) => value / 10_000)) };
  };
  const pair = { before: await read(before), after: await read(after) };
  await Promise.all([before.close(), after.close()]);
  return pair;
}

const maskedShare = (marks: Uint8Array) =>
  marks.filter((mark) => mark === CLOUD || mark === SHADOW).length / marks.length;

describe.skipIf(folder === null)('the shift of real Sentinel-2 pairs', () => {
  it('is about one pixel up at Pisa, the pair known to be misregistered', async () => {
    const shift = await shiftOf('pisa');
    expect(shift.dy).toBeGreaterThan(-1.05);
    expect(shift.dy).toBeLessThan(-0.85);
    expect(Math.abs(shift.dx)).toBeLessThan(0.3);
    expect(shift.residualPx).toBeLessThan(0.3);
  });

  it.each(['rennes', 'chongqing', 'hongkong'])('is less than 0.45 px at %s, with ties that agree', async (name) => {
    const shift = await shiftOf(name);
    expect(Math.hypot(shift.dx, shift.dy)).toBeLessThan(0.45);
    expect(shift.residualPx).toBeLessThan(0.4);
    expect(shift.usedCount).toBeGreaterThanOrEqual(6);
  });
});

describe.skipIf(folder === null)('clouds on real Sentinel-2 pairs', () => {
  it.each(Object.keys(files))(
    'mask less than a hundredth of %s on either date, with and without the other',
    async (name) => {
      const { before, after } = await readPair(name);
      for (const [raster, reference] of [
        [before, after],
        [after, before],
      ]) {
        expect(maskedShare(findClouds(raster, roles, 10, reference))).toBeLessThan(0.01);
        expect(maskedShare(findClouds(raster, roles, 10))).toBeLessThan(0.01);
      }
    },
  );

  it('include the wisp over Hong Kong in 2016 and nothing on the clear date', async () => {
    const { before, after } = await readPair('hongkong');
    const marks = findClouds(before, roles, 10, after);
    expect(marks[345 * before.grid.width + 420]).toBe(CLOUD);
    expect(maskedShare(findClouds(after, roles, 10, before))).toBe(0);
  });

  it.each(['rennes', 'chongqing'])(
    'planted over three tenths of %s are found, nine tenths and more of their thick part',
    async (name) => {
      const { before, after } = await readPair(name);
      const { width, height } = after.grid;
      for (const [thickness, lumpPx] of [
        [1, 120],
        [0.6, 120],
        [1, 60],
      ]) {
        const sky = plantSky(width, height, { seed: 7, cover: 0.3, thickness, lumpPx, shadow: { dx: -30, dy: -40 } });
        const marks = findClouds(underSky(after, sky), roles, 10, before);
        const thick = marks.filter((_, k) => sky.alpha[k] > 0.5);
        expect(thick.length / marks.length).toBeGreaterThan(0.28);
        expect(maskedShare(thick)).toBeGreaterThan(0.9);
        expect(maskedShare(marks.filter((_, k) => sky.alpha[k] === 0 && sky.shade[k] === 0))).toBeLessThan(0.12);
      }
    },
  );
});
