import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

interface Page {
  changes: { subjectId: string; number: string; state: string; version: number; action: string; district: string }[];
  next: string;
  more: boolean;
}

describe('GET /changes', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
  });
  afterAll(() => service.store.close());
  const page = async (query: string, headers = {}) =>
    (await (await service.ask(`/changes?${query}`, { headers })).json()) as Page;

  it('tells what happened in order, page by page, with number, state and version', async () => {
    const first = await page('limit=2');
    expect(first.changes.map(({ subjectId }) => subjectId)).toEqual(ids.slice(0, 2));
    expect(first.changes[0]).toMatchObject({ number: '4304212025060001', action: 'find', state: 'found', version: 1 });
    expect(first.more).toBe(true);
    const second = await page(`since=${first.next}`);
    expect(second.changes.map(({ subjectId }) => subjectId)).toEqual(ids.slice(2));
    expect(second.more).toBe(false);
    const headers = await service.bearer();
    await service.ask(`/patches/${ids[0]}/transitions`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ action: 'dismiss', reason: 'season' }),
    });
    const third = await page(`since=${second.next}`);
    expect(third.changes).toHaveLength(1);
    expect(third.changes[0]).toMatchObject({ subjectId: ids[0], action: 'dismiss', version: 2 });
    expect(await page(`since=${third.next}`)).toEqual({ changes: [], next: third.next, more: false });
  });

  it('tells a key of its own district alone, and refuses it another', async () => {
    const headers = await service.bearer({ district: '430422' });
    const { changes } = await page('', headers);
    expect(new Set(changes.map(({ district }) => district))).toEqual(new Set(['430422']));
    expect((await service.ask('/changes?district=430421', { headers })).status).toBe(404);
  });

  it.each(['since=x', 'since=-1', 'limit=0', 'limit=10001', 'wait=31', 'since=99999', 'what=1'])(
    'refuses %s',
    async (query) => {
      expect((await problemIn(await service.ask(`/changes?${query}`))).status).toBe(400);
    },
  );
});
