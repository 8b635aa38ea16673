import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SentPhoto, TakenPhoto } from '../../../api/server/field-schemas.ts';
import { originalPath } from '../../../services/field/originals.ts';
import { sha256Of } from '../../../services/sha256.ts';
import { heic, photo, picture } from '../../support/photos.ts';
import { takeSteps } from '../../support/steps.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

/** Just south of the planted patch, looking north, on the morning on which the tests ask. */
const seen = {
  ...({ lon: 112.5006, lat: 26.8992, accuracyM: 5, azimuth: 0, north: 'T', focal35mm: 26 } as const),
  ...{ taken: '2025:07:02 09:50:00', offset: '+08:00', make: 'HUAWEI', software: 'P60 1.0' },
};
const said = 'lon=112.5006&lat=26.8992&accuracyM=6&azimuth=3&azimuthBy=compass&takenAt=2025-07-02T01:50:10Z';

describe('photos sent over the network', () => {
  let home: string;
  let service: TestService;
  let id: string;
  let headers: { Authorization: string };
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-photos-'));
    service = await startService({ home, simulated: false });
    [id] = await plantQueue(service.store);
    await takeSteps(service.store, id, 'warn acknowledge', { at: new Date('2025-07-01T23:00:00Z') });
    headers = await service.bearer({ name: 'li', role: 'field', district: '430421' });
  });
  afterEach(async () => {
    await service.store.close();
    await rm(home, { recursive: true });
  });

  const send = (body: BodyInit, question = '', given: Record<string, string> = {}) =>
    service.ask(`/patches/${id}/photos?${question}`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'image/jpeg', ...given },
      body,
    });
  const listed = async () => {
    const { photos } = (await (await service.ask(`/patches/${id}/photos`, { headers })).json()) as {
      photos: SentPhoto[];
    };
    return photos;
  };
  const files = async () =>
    (await readdir(join(home, 'photos'), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  it('are kept whole with position, direction and both times, and tested as those brought in by hand', async () => {
    const bytes = await photo(1, seen);
    const answer = await send(new Uint8Array(bytes), said);
    expect(answer.status).toBe(201);
    const taken = (await answer.json()) as TakenPhoto;
    expect(taken).toMatchObject({ isNew: true, sha256: sha256Of(bytes), takenBy: 'li', accuracyM: 6, azimuth: 3 });
    expect(taken.takenAt).toEqual({
      file: '2025-07-02T01:50:00.000Z',
      phone: '2025-07-02T01:50:10.000Z',
      counted: '2025-07-02T01:50:10.000Z',
    });
    expect(new Set(taken.tests.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    expect(await readFile(originalPath(home, taken.sha256, 'jpeg'))).toEqual(bytes);
    expect(await listed()).toMatchObject([{ id: taken.id, position: { lon: 112.5006, lat: 26.8992 } }]);
  });

  it('are one photo however often they are sent, and what was said first stands', async () => {
    const bytes = new Uint8Array(await photo(2, seen));
    const answers = [await send(bytes, said), await send(bytes, 'lon=112.6&lat=26.9'), await send(bytes)];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200]);
    expect(await listed()).toMatchObject([{ position: { lon: 112.5006, lat: 26.8992 } }]);
    expect(await files()).toEqual([`${sha256Of(bytes)}.jpg`]);
    const both = await Promise.all([1, 2, 3].map(async () => send(new Uint8Array(await photo(3)))));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  });

  it('may come as a form, and as HEIC', async () => {
    const form = new FormData();
    form.set('photo', new Blob([new Uint8Array(await photo(4))], { type: 'image/jpeg' }), 'a.jpg');
    for (const [name, value] of new URLSearchParams(said)) form.set(name, value);
    const answer = await service.ask(`/patches/${id}/photos`, { method: 'POST', headers, body: form });
    expect(await answer.json()).toMatchObject({ isNew: true, position: { lon: 112.5006, lat: 26.8992 } });
    const other = await send(new Uint8Array(await heic(seen)), '', { 'Content-Type': 'image/heic' });
    expect(await other.json()).toMatchObject({ format: 'heic', azimuth: 0 });
  });

  it('whose EXIF lies are taken, and the difference is noted', async () => {
    const far = { ...seen, lon: 112.9, taken: '2024:01:02 03:04:05' };
    const { tests, position } = (await (await send(new Uint8Array(await photo(5, far)), said)).json()) as TakenPhoto;
    expect(position).toEqual({ lon: 112.5006, lat: 26.8992 });
    expect(tests.find(({ check }) => check === 'agreement')).toMatchObject({ outcome: 'failed' });
  });

  it('of a phone whose clock is wrong are put in time by when it sent them', async () => {
    const wrong = 'lon=112.5006&lat=26.8992&takenAt=2025-07-05T01:50:00Z&sentAt=2025-07-05T02:00:00Z';
    const { takenAt } = (await (await send(new Uint8Array(await photo(6)), wrong)).json()) as TakenPhoto;
    expect(takenAt).toMatchObject({ phone: '2025-07-05T01:50:00.000Z', counted: '2025-07-02T01:50:00.000Z' });
  });

  it('are refused, and nothing is kept, where they are no whole photo of a camera’s size', async () => {
    const whole = await photo(7);
    const bomb = Buffer.from(whole);
    const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]));
    bomb.writeUInt16BE(65_000, frame + 5);
    bomb.writeUInt16BE(65_000, frame + 7);
    const png = await (await picture(7)).png().toBuffer();
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    // The head of a JPEG before a page: what a careless server would hand on as either.
    const polyglot = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('<html><script>1</script>')]);
    for (const bytes of [bomb, png, script, polyglot, whole.subarray(0, whole.length / 2), Buffer.alloc(0)]) {
      const { status, detail } = await problemIn(await send(new Uint8Array(bytes)));
      expect([status, detail]).toEqual([400, expect.stringMatching(/wanted a (whole JPEG|photo)|must be a photo/)]);
    }
    expect(await listed()).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('are refused beyond 20 MB, said or not, under another type, and with figures that are none', async () => {
    const large = new Uint8Array(20_000_001).fill(0xff);
    expect((await send(large)).status).toBe(413);
    expect((await send('x', '', { 'Content-Length': '30000000' })).status).toBe(413);
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)),
    });
    const endless = await service.ask(`/patches/${id}/photos`, {
      ...{ method: 'POST', headers: { ...headers, 'Content-Type': 'image/jpeg' }, body: stream },
      ...({ duplex: 'half' } as object),
    });
    expect(endless.status).toBe(413);
    expect((await send('x', '', { 'Content-Type': 'text/html' })).status).toBe(415);
    for (const bad of ['lon=181&lat=1', 'lon=1', 'azimuth=north', 'takenAt=today', 'accuracyM=-1', 'who=me']) {
      expect((await problemIn(await send(new Uint8Array(await photo(8)), bad))).status).toBe(400);
    }
    expect(await files()).toEqual([]);
  });

  it('that break off on the way leave nothing behind', async () => {
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([0xff, 0xd8, 0xff])),
      pull: (controller) => controller.error(new Error('no signal')),
    });
    const init = { method: 'POST', headers: { ...headers, 'Content-Type': 'image/jpeg' }, body: stream };
    const answer = await service.ask(`/patches/${id}/photos`, { ...init, ...({ duplex: 'half' } as object) });
    expect((await problemIn(answer)).status).toBe(400);
    expect(await files()).toEqual([]);
  });

  it('are for who works in the field of that district', async () => {
    const bytes = new Uint8Array(await photo(9));
    const as = async (grant: object) => {
      headers = await service.bearer(grant);
      return (await send(bytes)).status;
    };
    expect(await as({ name: 'x', role: 'viewer', district: '430421' })).toBe(403);
    expect(await as({ name: 'y', role: 'field', district: '430422' })).toBe(404);
    expect(await as({ name: 'z', role: 'handler', district: '4304' })).toBe(201);
  });
});
