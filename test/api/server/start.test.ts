import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { greyChips, now, plantQueue, silent } from './service.ts';

describe('the server', () => {
  let store: Store;
  let servers: RunningServer[];
  beforeEach(async () => {
    servers = [];
    store = await openStore({ sqlite: ':memory:' });
    await writeMeta(store.db, 'simulated', '1');
    await writeMeta(store.db, 'name', 'Test county');
    await plantQueue(store);
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    await store.close();
  });

  const start = async (port = 0, onConsoleLink?: (url: string) => void) => {
    const configuration = { host: '127.0.0.1', port };
    const link = onConsoleLink ? { onConsoleLink } : {};
    const server = await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now, ...link });
    servers.push(server);
    return server;
  };

  it('serves the workspace it finds in the store', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/workspace`)).json()).toMatchObject({ name: 'Test county', simulated: true });
  });

  it('gives out a fresh key for the console, good for 24 hours, in the part of the link that is not sent', async () => {
    let link = '';
    const { url } = await start(0, (told) => {
      link = told;
    });
    const [address, key] = link.split('/#key=');
    expect(address).toBe(url);
    const answer = await fetch(`${url}/workspace`, { headers: { Authorization: `Bearer ${key}` } });
    expect(await answer.json()).toMatchObject({ access: { actor: 'console', role: 'reviewer' } });
    const [row] = await store.db.selectFrom('api_keys').selectAll().execute();
    expect(row.expiresAt).toBe('2025-07-03T02:00:00.000Z');
  });

  it('refuses a port in use in one line that names PORT', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(start(port)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use by another program; set PORT to a free one.`,
    );
  });

  it('frees its port when it is closed', async () => {
    const { url, close } = await start();
    await fetch(`${url}/healthz`);
    await close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('is read by GDAL as OGC API - Features', async (context) => {
    const ogrinfo = promisify(execFile);
    const there = await ogrinfo('ogrinfo', ['--version']).catch(() => null);
    if (there === null) return context.skip('ogrinfo is not installed');
    const { url } = await start();
    const { stdout } = await ogrinfo('ogrinfo', ['-ro', '-al', '-oo', 'PAGE_SIZE=2', `OAPIF:${url}`]);
    expect(stdout).toContain('Layer name: patches');
    expect(stdout).toContain('Feature Count: 3');
    expect(stdout.match(/^ {2}number \(String\) = \d{16}$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/areaM2 \(\w+\) = 2000/);
    const box = ['-spat', '112.49', '26.85', '112.55', '26.95'];
    const within = await ogrinfo('ogrinfo', ['-ro', '-al', '-so', ...box, `OAPIF:${url}`, 'patches']);
    expect(within.stdout).toContain('Feature Count: 1');
  });
});
