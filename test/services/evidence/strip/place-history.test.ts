import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlaceHistory, type Strip } from '../../../../services/evidence/strip/place-history.ts';
import { openStore, type Store } from '../../../../services/store/open.ts';
import type { PatchRow } from '../../../../services/store/patches.ts';
import { plantedAround, plantedDays, plantedNdwi, plantSeries } from '../../../support/planted-series.ts';

let home: string;
let store: Store;
let patch: PatchRow;
let places: PlaceHistory;
let strip: Strip;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-strip-'));
  store = await openStore({ sqlite: ':memory:' });
  patch = await plantSeries(store, home);
  places = new PlaceHistory(store);
  strip = await places.strip(patch, { limit: 24 });
});
afterAll(async () => {
  await places.close();
  await store.close();
  await rm(home, { recursive: true });
});

const clear = plantedDays.filter(({ hidden }) => hidden === undefined);
const dateOf = (date: string) => strip.dates.find(({ group }) => group.date === date)!;
const levels = async (date: string, bands: 'natural' | 'false-color' = 'natural') => {
  const png = await places.picture(patch, date, 100, bands);
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray(3 * (y * 100 + x), 3 * (y * 100 + x) + 3)];
  return { inside: at(50, 50), outside: at(8, 50) };
};

describe('a place on all its dates', () => {
  it('is told in order of time, and what was not seen is never called observed', () => {
    expect(strip.dates.map(({ group, sight }) => [group.date, sight])).toEqual(
      plantedDays.map(({ date, hidden }) => [
        date,
        hidden === 'cloud' ? 'cloudy' : hidden === 'nodata' ? 'no-image' : 'observed',
      ]),
    );
    expect(strip.unseenMonths).toEqual(['2025-04']);
    expect(strip.onset).toEqual({ lastUnchanged: '2025-05-10', firstChanged: '2025-06-12' });
    expect(dateOf('2025-05-10').roles).toEqual(['before']);
    expect(dateOf('2025-06-12').roles).toEqual(['after']);
  });

  it('gives the planted index back to a thousandth on every clear day, and none on the others', () => {
    for (const { date, ndvi, hidden } of plantedDays) {
      const { indices } = dateOf(date);
      if (hidden !== undefined) expect(indices).toEqual({});
      else {
        expect(Math.abs(indices.ndvi!.mean - ndvi)).toBeLessThan(1e-3);
        expect(Math.abs(indices.ndwi!.mean - plantedNdwi)).toBeLessThan(1e-3);
        expect(Math.abs(indices.ndvi!.around!.low - plantedAround.low)).toBeLessThan(1e-3);
        expect(Math.abs(indices.ndvi!.around!.high - plantedAround.high)).toBeLessThan(1e-3);
      }
    }
    expect(clear).toHaveLength(5);
  });

  it('is shown under one stretch: what did not change is as bright on every day, what was built is not', async () => {
    const before = await levels('2025-01-10');
    for (const { date } of clear) {
      const now = await levels(date);
      for (let k = 0; k < 3; k++) expect(Math.abs(now.outside[k] - before.outside[k])).toBeLessThan(3);
    }
    expect((await levels('2025-08-10')).inside[0]).toBeGreaterThan(before.inside[0] + 40);
    // Where it grows, false colour is red; where nothing was taken the picture is hatched grey.
    const [red, green] = (await levels('2025-01-10', 'false-color')).outside;
    expect(red).toBeGreaterThan(green + 60);
    const [a, b, c] = (await levels('2025-07-10')).inside;
    expect([a, b]).toEqual([b, c]);
  });

  it('comes a page at a time, that with the change first', async () => {
    const page = await places.strip(patch, { limit: 3 });
    expect(page.dates.map(({ group }) => group.date)).toEqual(['2025-05-10', '2025-06-12', '2025-07-10']);
    const next = await places.strip(patch, { limit: 3, from: page.next! });
    expect(next.dates.map(({ group }) => group.date)).toEqual(['2025-08-10']);
    expect(next.next).toBeNull();
    const earlier = await places.strip(patch, { limit: 3, from: page.previous! });
    expect(earlier.dates.map(({ group }) => group.date)).toEqual(['2025-01-10', '2025-02-10', '2025-03-10']);
    expect(earlier.previous).toBeNull();
  });

  it('names a picture by what it shows, and says which it has not', async () => {
    const tag = await places.pictureTag(patch, '2025-06-12', 64, 'natural');
    expect(await places.pictureTag(patch, dateOf('2025-06-12').group.id, 64, 'natural')).toBe(tag);
    expect(await places.pictureTag(patch, '2025-06-12', 64, 'false-color')).not.toBe(tag);
    await expect(places.picture(patch, '2024-01-01', 64, 'natural')).rejects.toThrow("No image '2024-01-01' shows");
  });

  it('tells a day whose file is gone as one without an image', async () => {
    await rm(join(home, '2025-02-10.tif'));
    const fresh = new PlaceHistory(store);
    const { dates } = await fresh.strip(patch, { limit: 24 });
    expect(dates.find(({ group }) => group.date === '2025-02-10')).toMatchObject({
      sight: 'no-image',
      unreadable: true,
    });
    await expect(fresh.picture(patch, '2025-02-10', 64, 'natural')).rejects.toThrow('2025-02-10 can no longer be read');
    await fresh.close();
  });
});
