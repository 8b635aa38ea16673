import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listLayers } from '../../../services/store/layers.ts';
import { openStore } from '../../../services/store/open.ts';
import { listZones } from '../../../services/store/zones.ts';
import { parcels, type UploadBody, uploadPath } from '../../api/server/layer-uploads.ts';
import { tubanJson } from '../../support/command-line.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const COUNT = 60_000;
let home: string;
let headers: { Authorization: string };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-upload-home-'));
  const { key } = await tubanJson('keys', 'add', '--name', 'office', '--role', 'admin', '--home', home);
  headers = { Authorization: `Bearer ${key}` };
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function serving<T>(use: (server: TubanProcess, url: string) => Promise<T>): Promise<T> {
  const environment = { PORT: '0', HOST: '127.0.0.1', TUBAN_SCHEDULE: 'off', TMPDIR: home };
  const server = new TubanProcess(['serve', '--home', home], environment);
  try {
    return await use(server, (await server.printed(/^API: +(\S+)/m))[1]);
  } finally {
    await server.stop('SIGTERM');
  }
}

/** Sends the file and waits until so many features are read, or it is done. */
async function sendUntil(url: string, enough: number): Promise<UploadBody> {
  const sent = await fetch(`${url}${uploadPath()}`, { method: 'POST', headers, body: parcels(COUNT) });
  expect(sent.status).toBe(202);
  const { id } = (await sent.json()) as UploadBody;
  const wait = { timeout: 50_000, interval: 2 };
  return vi.waitFor(async () => {
    const upload = (await (await fetch(`${url}/layers/uploads/${id}`, { headers })).json()) as UploadBody;
    expect(upload.done >= enough && (enough < COUNT || upload.state !== 'importing')).toBe(true);
    return upload;
  }, wait);
}

async function stored() {
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const [layer] = await listLayers(store.db);
  const zones = await listZones(store.db, { date: '2025-06-01' });
  await store.close();
  return { layer, ids: zones.map(({ externalId }) => externalId) };
}

describe('a server that is killed while it imports an upload', () => {
  it('leaves what it has written, seen by nobody; stopped and sent again it ends up whole', async () => {
    await serving(async (server, url) => {
      await sendUntil(url, 24_000);
      await server.stop('SIGKILL');
    });
    const killed = await stored();
    expect(killed).toMatchObject({ layer: { state: 'importing' }, ids: [] });
    expect(killed.layer.readTo % 20_000).toBe(0);
    expect(killed.layer.readTo).toBeGreaterThan(0);

    await serving(async (server, url) => {
      await sendUntil(url, killed.layer.readTo + 2000);
      expect(await server.stop('SIGTERM')).toBe(0);
    });
    const stopped = await stored();
    expect(stopped).toMatchObject({ layer: { state: 'importing', id: killed.layer.id }, ids: [] });
    expect(stopped.layer.readTo).toBeGreaterThan(killed.layer.readTo);

    const upload = await serving(async (_, url) => sendUntil(url, COUNT));
    expect(upload).toMatchObject({ state: 'done', result: { features: COUNT, resumedFrom: stopped.layer.readTo } });
    const { ids } = await stored();
    expect([ids.length, new Set(ids).size]).toEqual([COUNT, COUNT]);
  });
});
