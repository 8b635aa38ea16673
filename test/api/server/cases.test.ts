import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseDetailBody } from '../../../api/server/case-schemas.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { problemIn, startService, type TestService } from './service.ts';

describe('cases', () => {
  let service: TestService;
  let ids: string[];
  let county: Record<string, string>;

  beforeAll(async () => {
    service = await startService();
    const seed = { month: '2025-06' };
    ids = [
      await plantPatch(service.store, { ...seed, district: '430402' }),
      await plantPatch(service.store, { ...seed, district: '430405' }),
    ];
    county = await service.bearer({ name: 'county', district: '430402' });
  });
  afterAll(() => service.store.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = county) =>
    service.ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  const opened = async (title: string) =>
    (await (await post('/cases', { title, district: '430402', patches: [ids[0]] })).json()) as CaseDetailBody;

  it('are opened over patches, filed, and tell what is possible next', async () => {
    const response = await post('/cases', { title: '厂房', district: '430402', patches: [ids[0]] });
    expect(response.status).toBe(201);
    const matter = (await response.json()) as CaseDetailBody;
    expect(response.headers.get('location')).toBe(`/cases/${matter.id}`);
    expect(matter).toMatchObject({ state: 'clue', version: 1, patches: [{ id: ids[0] }] });
    const filed = await post(`/cases/${matter.id}/transitions`, { action: 'file', payload: { level: 'county' } });
    const after = (await filed.json()) as CaseDetailBody;
    expect(after).toMatchObject({ state: 'filed', version: 2 });
    expect(after.history.map(({ action, actor }) => [action, actor])).toEqual([
      ['open', 'county'],
      ['file', 'county'],
    ]);
    expect(after.actions.map(({ action }) => action)).toContain('decide');
    // A higher level's step is not the county's.
    expect(after.actions.map(({ action }) => action)).not.toContain('raise-level');
  });

  it('are refused a step above the office that asks, and one that is not possible, with those that are', async () => {
    const { id } = await opened('越级');
    const above = { action: 'file-directly', payload: { level: 'province', note: 'x' } };
    expect(await problemIn(await post(`/cases/${id}/transitions`, above))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('needs at least a city reviewer'),
    });
    const problem = await problemIn(await post(`/cases/${id}/transitions`, { action: 'close' }));
    expect(problem).toMatchObject({ status: 409, allowed: expect.arrayContaining(['file', 'decline']) });
  });

  it('of another district do not exist for a key', async () => {
    const elsewhere = { title: '别处', district: '430405', patches: [ids[1]] };
    expect((await post('/cases', elsewhere)).status).toBe(403);
    expect((await post('/cases', { ...elsewhere, district: '430402' })).status).toBe(404);
    const whole = await service.bearer();
    const other = (await (await post('/cases', elsewhere, whole)).json()) as CaseDetailBody;
    expect((await service.ask(`/cases/${other.id}`, { headers: county })).status).toBe(404);
    const { cases } = (await (await service.ask('/cases', { headers: county })).json()) as { cases: { id: string }[] };
    expect(cases.map(({ id }) => id)).not.toContain(other.id);
  });

  it('are listed page by page, none twice and none left out', async () => {
    const wanted = new Set<string>();
    for (let n = 0; n < 5; n++) wanted.add((await opened(`第${n}案`)).id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await (await service.ask(`/cases?limit=2${cursor}`, { headers: county })).json()) as {
        cases: { id: string; patches: number }[];
        next: string | null;
      };
      expect(page.cases.every(({ patches }) => patches === 1)).toBe(true);
      seen.push(...page.cases.map(({ id }) => id));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect([...wanted].every((id) => seen.includes(id))).toBe(true);
  });

  it('moved by somebody else meanwhile are not moved again', async () => {
    const { id } = await opened('争先');
    const file = { action: 'file', payload: { level: 'county' } };
    expect((await post(`/cases/${id}/transitions`, file, { ...county, 'If-Match': '"1"' })).status).toBe(200);
    const late = await post(`/cases/${id}/transitions`, file, { ...county, 'If-Match': '"1"' });
    expect((await problemIn(late)).status).toBe(412);
    expect((await (await service.ask(`/cases/${id}`, { headers: county })).json()) as object).toMatchObject({
      version: 2,
    });
  });

  it('take a patch in, which then is in a case', async () => {
    const { id } = await opened('入案');
    const walk = 'warn acknowledge verify judge submit approve approve approve';
    const { version } = await takeSteps(service.store, ids[0], walk);
    const put = { action: 'put-in-case', payload: { caseId: id }, expectedVersion: version };
    expect(((await (await post(`/patches/${ids[0]}/transitions`, put)).json()) as { state: string }).state).toBe(
      'in-case',
    );
  });
});
