import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DossierBody } from '../../../api/server/dossier-schemas.ts';
import { addPhotos } from '../../../services/field/add-photos.ts';
import { addDuties } from '../../../services/people/add-duty.ts';
import { photo } from '../../support/photos.ts';
import { plantedSquare } from '../../support/planted-square.ts';
import { now, problemIn, startService, type TestService } from './service.ts';

const west = { lon: 112.5, lat: 26.9 };
/** From north to south through the middle of the patch's square. */
const middle = {
  type: 'LineString',
  coordinates: [
    [west.lon + 0.0005, west.lat - 0.001],
    [west.lon + 0.0005, west.lat + 0.002],
  ],
};

describe('the dossier of a patch', () => {
  let service: TestService;
  let home: string;
  let id: string;
  let key: { Authorization: string };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-dossier-'));
    service = await startService({ home });
    id = await plantedSquare(service.store, { ...west, key: '0' });
    key = await service.bearer({ name: 'city desk' });
  });
  afterAll(async () => {
    await service.store.close();
    await rm(home, { recursive: true });
  });

  const post = (path: string, body: unknown) =>
    service.ask(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...key },
      body: JSON.stringify(body),
    });
  const dossier = async (patch = id) => (await (await service.ask(`/patches/${patch}/dossier`)).json()) as DossierBody;

  it('says who answers for it, and that nobody knows of a patrol', async () => {
    await addDuties(
      service.store,
      [{ person: '王田长', duty: 'field-chief', district: '430421', from: '2025-01-01' }],
      {
        actor: 'li',
        at: now,
      },
    );
    const { responsible, patrol, photos, papers, watch } = await dossier();
    expect(responsible.fieldChief).toMatchObject({ person: '王田长', by: 'register' });
    expect(patrol).toMatchObject({ answer: 'not-known', label: { zh: '不明（无巡查记录）' } });
    expect({ photos, papers, watch }).toEqual({ photos: [], papers: [], watch: [] });
  });

  it('shows its photos with their tests, and each as a picture', async () => {
    const at = { lon: west.lon + 0.0005, lat: west.lat - 0.0005, azimuth: 0 };
    const files = [{ name: 'a.jpg', bytes: await photo(1, at) }];
    const [added] = await addPhotos(service.store, home, id, files, { takenBy: '李', readings: [], now });
    const { photos } = await dossier();
    expect(photos).toMatchObject([{ id: added.id, takenBy: '李', azimuth: 0 }]);
    expect(photos[0].tests.find(({ check }) => check === 'distance')).toMatchObject({ outcome: 'passed' });
    const answer = await service.ask(`/patches/${id}/photos/${added.id}/preview.jpg`);
    const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect({ type: answer.headers.get('content-type'), format, width }).toEqual({
      ...{ type: 'image/jpeg', format: 'jpeg', width: 480 },
    });
    const unknown = await service.ask(`/patches/${id}/photos/0000/preview.jpg`);
    expect((await problemIn(unknown)).status).toBe(404);
  });

  it('shows its pieces once it was cut, and itself again once that is taken back', async () => {
    const cut = await post(`/patches/${id}/split`, { lines: middle, reason: '两个权利人' });
    expect(cut.status).toBe(201);
    const { pieces } = (await cut.json()) as { pieces: { number: string; areaM2: number }[] };
    expect(pieces).toHaveLength(2);
    const { family } = await dossier();
    expect(family[0]).toMatchObject({ state: 'split' });
    const sum = pieces.reduce((m2, { areaM2 }) => m2 + Math.round(areaM2 * 100), 0);
    expect(sum).toBe(Math.round(family[0].areaM2 * 100));
    expect((await post(`/patches/${pieces[0].number}/lineage/undo`, { reason: '划错' })).status).toBe(200);
    expect((await dossier()).family[0].state).toBe('found');
  });

  it('is refused a drawing that is none, and a cut that leaves it whole', async () => {
    const point = { type: 'Point', coordinates: [west.lon, west.lat] };
    for (const body of [
      { lines: point, reason: 'x' },
      { reason: 'x' },
      { lines: middle, parts: middle, reason: 'x' },
    ]) {
      expect((await problemIn(await post(`/patches/${id}/split`, body))).status).toBe(400);
    }
    const beside = { type: 'LineString', coordinates: middle.coordinates.map(([lon, lat]) => [lon + 0.01, lat]) };
    expect((await problemIn(await post(`/patches/${id}/split`, { lines: beside, reason: 'x' }))).status).toBe(400);
  });

  it('of another district does not exist for a key', async () => {
    const headers = await service.bearer({ district: '430422' });
    for (const path of ['dossier', 'photos/x/preview.jpg', 'evidence']) {
      expect((await service.ask(`/patches/${id}/${path}`, { headers })).status).toBe(404);
    }
  });
});
