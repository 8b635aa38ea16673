import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TubanProcess } from '../support/tuban-process.ts';

interface Line {
  msg: string;
  path?: string;
  status?: number;
}

describe('a server that is told to stop', () => {
  let home: string;
  let server: TubanProcess;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-stop-'));
  });
  afterEach(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(home, { recursive: true, force: true });
  });

  const start = async (environment: Record<string, string>) => {
    const unset = { TUBAN_DATABASE: '', TUBAN_SMTP: '', TUBAN_LOG: 'info', HOST: '127.0.0.1', PORT: '0' };
    server = new TubanProcess(['serve', '--home', home], { ...unset, ...environment });
    const [, url, key] = await server.printed(/Console: (http:\S+)\/#key=(\S+)/);
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 10_000);
    return { url, headers: { Authorization: `Bearer ${key}` } };
  };
  const ready = async (url: string) => (await fetch(`${url}/readyz`)).json() as Promise<{ checks: object }>;

  it('is not ready at once, serves on while that is noticed, ends what runs and lets go what waits, and exits with 0', async () => {
    const { url, headers } = await start({ TUBAN_DRAIN: '2' });
    const slow = request(`${url}/stac/search`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': '11' },
    });
    const answered = once(slow, 'response') as Promise<[IncomingMessage]>;
    slow.write('{"limit"');
    const waiting = fetch(`${url}/changes?wait=30`, { headers });
    await sleep(300);
    const stoppedAt = performance.now();
    server.child.kill('SIGTERM');
    await vi.waitFor(
      async () => expect(await ready(url)).toMatchObject({ checks: { process: 'stopping', database: 'ok' } }),
      1500,
    );
    expect(performance.now() - stoppedAt).toBeLessThan(1500);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/months`, { headers })).status).toBe(200);
    expect(await (await waiting).json()).toMatchObject({ changes: [] });
    expect(performance.now() - stoppedAt).toBeGreaterThan(1900);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    slow.end(':5}');
    const [response] = await answered;
    expect([response.statusCode, JSON.parse(await text(response))]).toEqual([
      200,
      expect.objectContaining({ features: [] }),
    ]);
    expect(await server.ended).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(8000);
    const lines = server.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const ended = lines.filter(({ msg, status }) => msg === 'request' && status === 200).map(({ path }) => path);
    expect(ended).toEqual(expect.arrayContaining(['/stac/search', '/changes', '/months']));
  });

  it('ends within seconds though somebody never sends the rest of a request', async () => {
    const { url, headers } = await start({});
    const stuck = request(`${url}/stac/search`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': '11' },
    });
    stuck.on('error', () => {});
    stuck.write('{');
    await sleep(300);
    const stoppedAt = performance.now();
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(8000);
  });
});
