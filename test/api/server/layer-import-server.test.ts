import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { listLayers } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { listZones } from '../../../services/store/zones.ts';
import { ownTemporaryFolder, parcels, type UploadBody, uploadPath } from './layer-uploads.ts';
import { greyChips, now, silent } from './service.ts';

const folder = ownTemporaryFolder();
let store: Store;
let server: RunningServer;
let headers: { Authorization: string };

const start = () => {
  const configuration = { host: '127.0.0.1', port: 0 };
  return startServer({ store, configuration, log: silent, chips: greyChips, now: () => now });
};

beforeEach(async () => {
  store = await openStore({ sqlite: ':memory:' });
  const grant = { name: 'office', role: 'admin', district: '', expiresAt: null } as const;
  headers = { Authorization: `Bearer ${(await mintKey(store, grant, now)).key}` };
  server = await start();
});
afterEach(async () => {
  await server.close();
  await store.close();
});

const send = async (body: string): Promise<UploadBody> => {
  const answer = await fetch(`${server.url}${uploadPath()}`, { method: 'POST', headers, body });
  expect(answer.status).toBe(202);
  return (await answer.json()) as UploadBody;
};

const progressOf = async ({ id }: UploadBody): Promise<UploadBody> =>
  (await (await fetch(`${server.url}/layers/uploads/${id}`, { headers })).json()) as UploadBody;

const idsNow = async () => (await listZones(store.db, { date: '2025-06-01' })).map(({ externalId }) => externalId);

describe('an upload over the network', () => {
  it('whose sender goes away in the middle leaves nothing', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const head = [`POST ${uploadPath()} HTTP/1.1`, 'Host: x', `Authorization: ${headers.Authorization}`];
    socket.write(`${head.join('\r\n')}\r\nContent-Length: 1000000\r\n\r\n${parcels(3)}`);
    await vi.waitFor(() => expect(folder.left()).toHaveLength(1), { timeout: 10_000 });
    socket.destroy();
    await vi.waitFor(() => expect(folder.left()).toEqual([]), { timeout: 10_000 });
    expect(await listLayers(store.db)).toEqual([]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('that is not allowed is answered though it goes on', async () => {
    const key = (await mintKey(store, { name: 'v', role: 'viewer', district: '', expiresAt: null }, now)).key;
    const sending = request(`${server.url}${uploadPath()}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
    });
    sending.on('error', () => {});
    const writing = setInterval(() => sending.write(Buffer.alloc(100_000)), 1);
    const [answer] = await once(sending, 'response').finally(() => clearInterval(writing));
    expect(answer.statusCode).toBe(403);
    sending.destroy();
    expect(folder.left()).toEqual([]);
  });
});

describe('a server that is stopped', () => {
  it('while it imports leaves what it has, seen by nobody; the same file again makes it whole', async () => {
    const text = parcels(24_000);
    const before = await send(text);
    await vi.waitFor(async () => expect((await progressOf(before)).done).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 1,
    });
    await server.close();
    const [version] = await listLayers(store.db);
    expect(version).toMatchObject({ state: 'importing', path: 'parcels.geojson' });
    expect(version.readTo).toBeGreaterThan(0);
    expect(version.readTo).toBeLessThan(24_000);
    expect(await idsNow()).toEqual([]);
    expect(folder.left()).toEqual([]);
    expect(await store.db.selectFrom('locks').selectAll().execute()).toEqual([]);

    server = await start();
    const again = await send(text);
    await vi.waitFor(async () => expect(await progressOf(again)).toMatchObject({ state: 'done' }), { timeout: 20_000 });
    const { result } = await progressOf(again);
    expect(result).toMatchObject({ layerId: version.id, features: 24_000, resumedFrom: version.readTo });
    const whole = Array.from({ length: 24_000 }, (_, i) => `P${i}`).sort();
    expect((await idsNow()).join() === whole.join()).toBe(true);
  });

  it('with an upload on its way ends it, and leaves nothing of it', async () => {
    const sending = request(`${server.url}${uploadPath()}`, { method: 'POST', headers });
    sending.on('error', () => {});
    sending.write(parcels(3).slice(0, 50));
    await vi.waitFor(() => expect(folder.left()).toHaveLength(1), { timeout: 10_000 });
    await server.close();
    expect(folder.left()).toEqual([]);
    expect(await listLayers(store.db)).toEqual([]);
  });
});
