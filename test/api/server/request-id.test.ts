import { describe, expect, it, vi } from 'vitest';
import { startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { openStore } from '../../../services/store/open.ts';
import { problemIn, silent, startService } from './service.ts';

describe('The id of a request', () => {
  it('is the one it came with, or a new one, also of a refusal', async () => {
    const service = await startService();
    const named = await service.ask('/nothing', { headers: { 'X-Request-Id': 'abc-1' } });
    expect(named.headers.get('x-request-id')).toBe('abc-1');
    expect((await problemIn(named)).status).toBe(404);
    const ids: (string | null)[] = [];
    for (const headers of [{}, { 'X-Request-Id': 'two words' }, { 'X-Request-Id': 'x'.repeat(101) }]) {
      ids.push((await service.ask('/healthz', { headers })).headers.get('x-request-id'));
    }
    for (const id of ids) expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(ids).size).toBe(3);
    await service.store.close();
  });

  it('stands in the log', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const logged: object[] = [];
    const log = { ...silent, info: (fields: object) => void logged.push(fields) };
    const server = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log });
    await fetch(`${server.url}/healthz`, { headers: { 'X-Request-Id': 'abc-2' } });
    // When all has been sent, which the server knows a moment after us.
    await vi.waitFor(() => {
      expect(logged).toContainEqual(expect.objectContaining({ id: 'abc-2', path: '/healthz', status: 200 }));
    });
    await server.close();
    await store.close();
  });
});

describe('A server that stops', () => {
  it('answers at once whoever waits for a change', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const server = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent });
    const grant = { name: 'copy', role: 'viewer', district: '', expiresAt: null } as const;
    const { key } = await mintKey(store, grant, new Date());
    const headers = { Authorization: `Bearer ${key}` };
    const waiting = fetch(`${server.url}/changes?wait=30`, { headers });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startedAt = performance.now();
    await server.close();
    expect(await (await waiting).json()).toEqual({ changes: [], next: '0', more: false });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await store.close();
  });
});
