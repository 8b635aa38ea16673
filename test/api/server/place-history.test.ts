import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlaceCurve, PlaceStrip } from '../../../api/server/strip-schemas.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { plantedDays, plantSeries } from '../../support/planted-series.ts';
import { problemIn, startService, type TestService } from './service.ts';

let home: string;
let service: TestService;
let patch: PatchRow;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-place-'));
  service = await startService({ home });
  patch = await plantSeries(service.store, home);
});
afterAll(async () => {
  await service.store.close();
  await rm(home, { recursive: true });
});

const at = (rest: string) => `/patches/${patch.number}/${rest}`;

it('the strip names each date with how it was seen, in words of both languages, and the page beside it', async () => {
  const strip = (await (await service.ask(at('strip?limit=3'))).json()) as PlaceStrip;
  expect(strip.dates.map(({ date, said }) => [date, said.en])).toEqual([
    ['2025-05-10', 'observed'],
    ['2025-06-12', 'observed'],
    ['2025-07-10', 'no image: not observed'],
  ]);
  expect(strip).toMatchObject({ total: 7, bands: ['natural', 'false-color'], unseenMonths: ['2025-04'] });
  const next = (await (await service.ask(at(`strip?limit=3&from=${strip.next}`))).json()) as PlaceStrip;
  expect(next.dates.map(({ date }) => date)).toEqual(['2025-08-10']);
});

it('the curve has a value for every clear date and none for the others', async () => {
  const curve = (await (await service.ask(at('curve'))).json()) as PlaceCurve;
  expect(curve.indices).toEqual(['ndvi', 'ndwi']);
  expect(curve.points.map(({ values }) => values.ndvi?.mean.toFixed(3) ?? null)).toEqual(
    plantedDays.map(({ ndvi, hidden }) => (hidden ? null : ndvi.toFixed(3))),
  );
});

it('a picture is fetched once: the same tag is answered with 304', async () => {
  const first = await service.ask(at('chips/2025-06-12.png?size=64'));
  expect(first.headers.get('content-type')).toBe('image/png');
  expect(await sharp(Buffer.from(await first.arrayBuffer())).metadata()).toMatchObject({ width: 64, height: 64 });
  const tag = first.headers.get('etag')!;
  const again = await service.ask(at('chips/2025-06-12.png?size=64'), { headers: { 'If-None-Match': tag } });
  expect(again.status).toBe(304);
  const red = await service.ask(at('chips/2025-06-12.png?size=64&bands=false-color'));
  expect(red.headers.get('etag')).not.toBe(tag);
});

it('none of it is there for another county, nor what no image shows', async () => {
  const headers = await service.bearer({ district: '430422' });
  for (const path of ['strip', 'curve', 'chips/2025-06-12.png']) {
    expect(await problemIn(await service.ask(at(path), { headers }))).toMatchObject({ status: 404 });
  }
  expect(await problemIn(await service.ask(at('chips/2024-01-01.png')))).toMatchObject({ status: 404 });
  expect(await problemIn(await service.ask(at('chips/x.png?bands=infrared')))).toMatchObject({ status: 400 });
  expect(await problemIn(await service.ask(at('strip?limit=61')))).toMatchObject({ status: 400 });
});
