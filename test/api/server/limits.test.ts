import { describe, expect, it } from 'vitest';
import { trustedProxies } from '../../../api/server/proxies.ts';
import { RateLimits } from '../../../api/server/rate-limits.ts';
import { problemIn, startService } from './service.ts';

describe('rate limits', () => {
  it('let a burst through, then as many as come back with time, each caller for itself', () => {
    let ms = 0;
    const limits = new RateLimits({ perSecond: 10, burst: 3 }, () => ms);
    const taken = (caller: string) => {
      try {
        limits.take(caller);
        return true;
      } catch {
        return false;
      }
    };
    expect(Array.from({ length: 5 }, () => taken('a'))).toEqual([true, true, true, false, false]);
    expect(taken('b')).toBe(true);
    ms = 200;
    expect(Array.from({ length: 3 }, () => taken('a'))).toEqual([true, true, false]);
    ms = 60_000;
    expect(Array.from({ length: 4 }, () => taken('a'))).toEqual([true, true, true, false]);
  });

  it('answer 429 with Retry-After, by key; health and the console are not counted', async () => {
    const limits = new RateLimits({ perSecond: 0.1, burst: 3 }, () => 0);
    const service = await startService({ simulated: false, limits });
    const [one, other] = [await service.bearer({ name: 'same' }), await service.bearer({ name: 'same' })];
    for (let n = 0; n < 3; n++) expect((await service.ask('/months', { headers: one })).status).toBe(200);
    const refused = await service.ask('/months', { headers: one });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await problemIn(refused)).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect((await service.ask('/months', { headers: other })).status).toBe(200);
    for (let n = 0; n < 9; n++) {
      expect((await service.ask('/healthz')).status).toBe(200);
      expect((await service.ask('/console/')).status).toBe(200);
    }
    await service.store.close();
  });

  it('count guesses of keys and requests without one by address, other addresses not', async () => {
    const limits = new RateLimits({ perSecond: 1, burst: 4 }, () => 0);
    const service = await startService({ simulated: false, limits });
    const guess = async (n: number, address = '203.0.113.9') => {
      const headers = { Authorization: `Bearer ${String(n).padStart(43, 'A')}` };
      return (await service.ask('/months', { headers }, { address })).status;
    };
    expect([await guess(1), await guess(2), await guess(3), await guess(4), await guess(5)]).toEqual([
      ...[401, 401, 401, 401, 429],
    ]);
    expect(await guess(6, '203.0.113.8')).toBe(401);
    await service.store.close();
  });
});

describe('trusted proxies', () => {
  it('are addresses and networks of both kinds', () => {
    const proxies = trustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
    for (const address of ['127.0.0.1', '10.255.0.1', 'fd12::1']) expect(proxies.trusts(address)).toBe(true);
    for (const address of ['127.0.0.2', '11.0.0.1', 'fe80::1', '', 'localhost', '10.0.0.1.evil']) {
      expect(proxies.trusts(address)).toBe(false);
    }
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '1.2.3', '::1/129'])('are not %s', (entry) => {
    expect(() => trustedProxies([entry])).toThrow(`got '${entry}'`);
  });
});
