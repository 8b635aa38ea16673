import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeSteps } from '../../support/steps.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

interface Statistics {
  snapshot: string;
  total: { patches: number; areaM2: number; overdue: number };
  groups: { by: string; values: { value: string | null; patches: number; areaM2: number; overdue: number }[] }[];
}

describe('GET /patches/statistics', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
  });
  afterAll(() => service.store.close());

  const ask = async (query: string, headers: Record<string, string> = {}) =>
    (await (await service.ask(`/patches/statistics?${query}`, { headers })).json()) as Statistics;

  it('counts and sums what the list of the same filter has, told apart as asked', async () => {
    const { total, groups } = await ask('month=2025-06&by=state,district,layer,type');
    expect(total).toEqual({ patches: 3, areaM2: 3150, overdue: 0 });
    expect(groups).toEqual([
      { by: 'state', values: [{ value: 'found', patches: 3, areaM2: 3150, overdue: 0 }] },
      {
        by: 'district',
        values: [
          { value: '430421', patches: 2, areaM2: 2800, overdue: 0 },
          { value: '430422', patches: 1, areaM2: 350, overdue: 0 },
        ],
      },
      {
        by: 'layer',
        values: [
          { value: null, patches: 2, areaM2: 2350, overdue: 0 },
          { value: 'farmland', patches: 1, areaM2: 800, overdue: 0 },
        ],
      },
      {
        by: 'type',
        values: ['20', 'DT', 'TD'].map((value, i) => ({ value, patches: 1, areaM2: [2000, 350, 800][i], overdue: 0 })),
      },
    ]);
  });

  it('names the snapshot that list, features and export of the moment name, and another after a step', async () => {
    const snapshotOf = async (path: string) => (await service.ask(path)).headers.get('tuban-snapshot');
    const paths = ['/patches', '/patches/statistics', '/collections/patches/items', '/patches/export?f=csv'];
    const before = new Set(await Promise.all(paths.map(snapshotOf)));
    expect([...before]).toEqual([(await ask('')).snapshot]);
    await takeSteps(service.store, ids[0], 'dismiss');
    const after = new Set(await Promise.all(paths.map(snapshotOf)));
    expect(after.size).toBe(1);
    expect([...after]).not.toEqual([...before]);
  });

  it('sees no more than its bearer', async () => {
    const { total } = await ask('by=district', await service.bearer({ district: '430422', role: 'viewer' }));
    expect(total.patches).toBe(1);
  });

  it('refuses what it cannot tell apart by', async () => {
    const problem = await problemIn(await service.ask('/patches/statistics?by=colour'));
    expect(problem.status).toBe(400);
    expect(JSON.stringify(problem)).toContain('state, type, district, month, layer, theme');
  });
});
