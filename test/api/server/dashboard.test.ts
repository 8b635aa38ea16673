import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setEmbargo } from '../../../services/access/embargo.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

/** Three patches of June 2025: two in 430421, one in 430422. */
let service: TestService;
let patches: string[];

beforeEach(async () => {
  service = await startService({ simulated: false });
  patches = await plantQueue(service.store);
  await finishRun(service.store.db, 'run-2025-06', '{}', new Date('2025-07-01T00:00:00Z'));
});
afterEach(() => service.store.close());

const read = async (
  path: string,
  grant: Parameters<TestService['bearer']>[0] = {},
  more: Record<string, string> = {},
) => {
  const headers = { ...(await service.bearer({ role: 'viewer', ...grant })), ...more };
  const answer = await service.ask(path, { headers });
  return { answer, body: answer.status === 200 ? await answer.clone().json() : null };
};

describe('GET /dashboard', () => {
  it('is of the latest month with a finished run, if none is named', async () => {
    const { body } = await read('/dashboard');
    expect(body).toMatchObject({ month: '2025-06', district: '', status: 'open', at: now.toISOString() });
    expect(body.trend).toHaveLength(12);
    expect(body.trend[0]).toEqual({ month: '2024-07', status: 'unknown', counts: null, observedFraction: null });
    expect(body.funnel.found).toEqual({ patches: 3, areaM2: 3150, areaMu: 4.725 });
    expect(body.coverage.total).toBeNull();
    expect(body.precision).toMatchObject({ total: { judged: 0, precision: null, interval: null, enough: false } });
    expect((await read('/dashboard?months=2')).body.trend).toHaveLength(2);
  });

  it('names the snapshot that the statistics name', async () => {
    const { body } = await read('/dashboard');
    expect((await read('/patches/statistics?month=2025-06')).body.snapshot).toBe(body.snapshot);
  });

  it('answers 304 until something has changed', async () => {
    const { answer } = await read('/dashboard');
    const known = { 'If-None-Match': answer.headers.get('etag')! };
    expect((await read('/dashboard', {}, known)).answer.status).toBe(304);
    await takeSteps(service.store, patches[0], 'warn');
    const { answer: changed, body } = await read('/dashboard', {}, known);
    expect(changed.status).toBe(200);
    expect(body.funnel.warned).toBe(1);
    // Another's answer is no answer to who may see less.
    expect((await read('/dashboard', { district: '430422' }, known)).answer.status).toBe(200);
  });

  it('tells the key of a county of its county alone', async () => {
    const { answer, body } = await read('/dashboard', { district: '430421' });
    expect(body.district).toBe('430421');
    expect(body.counties.map(({ district, found }: { district: string; found: number }) => [district, found])).toEqual([
      ['430421', 2],
    ]);
    expect(await answer.text()).not.toMatch(/430422|衡南/);
    const { answer: other } = await read('/dashboard?district=430422', { district: '430421' });
    expect(await problemIn(other)).toMatchObject({ status: 404, detail: 'There is no district 430422.' });
  });

  it('adds up nothing of what is under embargo for who asks', async () => {
    await plantPatch(service.store, { month: '2025-05', district: '430421' });
    const admin = { actor: 'admin', role: 'admin', district: '', office: null } as const;
    const grant = { month: '2025-06', district: '430421', until: new Date('2025-08-01T00:00:00Z'), reason: '行动前' };
    await setEmbargo(service.store, admin, grant, now);
    const county = { district: '430421' };
    expect((await read('/dashboard?month=2025-06', county)).body.funnel.found.patches).toBe(0);
    expect((await read('/dashboard?month=2025-06', county)).body.backlog.total.patches).toBe(1);
    expect((await read('/dashboard?month=2025-06', { role: 'reviewer' })).body.funnel.found.patches).toBe(3);
    expect((await read('/dashboard?month=2025-06', county)).body.counties[0]).toMatchObject({ found: 0, base: 0 });
  });

  it.each([
    ['/dashboard?month=2025-13', "Query parameter 'month' must be a month YYYY-MM; got '2025-13'."],
    ['/dashboard?months=0', "Query parameter 'months' must be a whole number from 1 to 36; got '0'."],
    [
      '/dashboard?district=x',
      "Query parameter 'district' must be the first 2 to 12 digits of a district code; got 'x'.",
    ],
  ])('refuses %s', async (path, detail) => {
    expect(await problemIn((await read(path)).answer)).toMatchObject({ status: 400, detail });
  });

  it('wants a key', async () => {
    expect((await service.ask('/dashboard')).status).toBe(401);
  });
});
