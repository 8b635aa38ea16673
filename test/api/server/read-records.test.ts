import { afterEach, describe, expect, it } from 'vitest';
import { startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import type { Read } from '../../../services/audit/read-log.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { listReads } from '../../../services/store/reads.ts';
import { greyChips, now, plantQueue, silent, startService } from './service.ts';

const noted: Read[] = [];
afterEach(() => noted.splice(0));

async function asked(...paths: string[]): Promise<string[]> {
  const service = await startService({ simulated: false, reads: { record: (read) => noted.push(read) } });
  const ids = await plantQueue(service.store);
  const headers = await service.bearer({ name: 'desk' });
  for (const path of paths) await service.ask(path.replace('ID', ids[0]), { headers });
  await service.ask('/patches');
  await service.store.close();
  return noted.map(({ actor, what, patch, rows }) => `${actor} ${what} ${patch?.replace(ids[0], 'ID') ?? '-'} ${rows}`);
}

describe('what is read of a workspace over the API', () => {
  it('is noted: who, what, of which patch, how many rows', async () => {
    expect(
      await asked('/patches?month=2025-06&limit=2', '/patches/ID', '/patches/ID/before.png', '/patches/ID/chip.json/'),
    ).toEqual(['desk patches - 2', 'desk patch ID 1', 'desk picture ID 1', 'desk picture ID 1']);
    expect(noted[0]).toMatchObject({ filter: '/patches?month=2025-06&limit=2', at: now.toISOString() });
  });

  it('is noted of features, zones and scenes', async () => {
    const box = '/zones?layer=farmland&bbox=112.4,26.8,112.6,27';
    expect(await asked('/collections/patches/items', '/collections/patches/items/ID', box, '/stac/search')).toEqual([
      'desk features - 3',
      'desk feature ID 1',
      'desk zones - 1',
      'desk stac - 0',
    ]);
  });

  it('is not where nothing was given, or only what describes the service', async () => {
    const open = [
      '/healthz',
      '/',
      '/conformance',
      '/collections',
      '/openapi-3.0.json',
      '/openapi.json',
      '/lifecycle',
      '/change-types',
      '/stac',
    ];
    expect(await asked(...open, '/patches/nowhere', '/patches?month=bad')).toEqual([]);
  });
});

describe('a server', () => {
  const readsOver = async (store: Store, configuration: { readLog?: boolean }) => {
    const server = await startServer({
      ...{ store, log: silent, chips: greyChips, now: () => now },
      configuration: { host: '127.0.0.1', port: 0, ...configuration },
    });
    const grant = { name: 'desk', role: 'viewer', district: '', expiresAt: null } as const;
    const { key } = await mintKey(store, grant, now);
    const answer = await fetch(`${server.url}/patches`, { headers: { Authorization: `Bearer ${key}` } });
    await answer.text();
    await server.close();
    return (await listReads(store.db, {}, 10)).length;
  };

  it('has noted all that was read when it is stopped, unless it is told not to', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    expect(await readsOver(store, { readLog: false })).toBe(0);
    expect(await readsOver(store, {})).toBe(1);
    await store.close();
  });
});
