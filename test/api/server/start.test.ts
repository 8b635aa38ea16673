import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { addUser } from '../../../services/access/users.ts';
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

  it('gives out no key where people have accounts, and the first administrator’s link only where nobody has', async () => {
    await writeMeta(store.db, 'simulated', '0');
    const links: string[] = [];
    const tell = { onConsoleLink: (url: string) => links.push(url), onAdminLink: (url: string) => links.push(url) };
    const again = async () => {
      links.length = 0;
      const configuration = { host: '127.0.0.1', port: 0 };
      servers.push(await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now, ...tell }));
      return links.map((link) => link.replace(/^.*:\d+/, '').replace(/[\w-]{43}$/, 'SECRET'));
    };
    expect(await again()).toEqual(['/#key=SECRET', '/#first=SECRET']);
    const cost = { log2N: 8, r: 8, p: 1 };
    const user = { name: 'chief', password: 'a good long password', role: 'admin', district: '', cost } as const;
    await addUser(store, { ...user, mustChange: false }, now);
    expect(await again()).toEqual(['/console/']);
    expect(await store.db.selectFrom('api_keys').selectAll().execute()).toHaveLength(1);
  });

  it('speaks https with a certificate, and names one that is none', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'tuban-tls-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const files = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ];
    const made = await promisify(execFile)('openssl', [...request, ...files]).catch(() => null);
    if (made === null) return context.skip('openssl is not installed');
    const tls = { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    await rm(folder, { recursive: true });
    const configuration = { host: '127.0.0.1', port: 0 };
    const begin = (files: typeof tls) =>
      startServer({ store, configuration, log: silent, chips: greyChips, now: () => now, tls: files });
    await expect(begin({ ...tls, cert: 'nothing' })).rejects.toThrow('must be PEM files that belong together');
    const server = await begin(tls);
    servers.push(server);
    expect(server.url).toMatch(/^https:/);
    const cost = { log2N: 8, r: 8, p: 1 };
    const user = { name: 'wang', password: 'a good long password', role: 'viewer', district: '', cost } as const;
    await addUser(store, { ...user, mustChange: false }, now);
    const cookie = await new Promise<string>((resolve, reject) => {
      const options = {
        method: 'POST',
        ca: tls.cert,
        headers: { 'Content-Type': 'application/json' },
        agent: false,
      } as const;
      const sent = httpsRequest(`${server.url}/session`, options, (answer) => {
        answer.resume().on('end', () => resolve(String(answer.headers['set-cookie'])));
      });
      sent.on('error', reject).end(JSON.stringify({ name: 'wang', password: 'a good long password' }));
    });
    expect(cookie).toMatch(/^__Host-tuban_session=.*; Secure/);
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
