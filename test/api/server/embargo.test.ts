import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyGrant } from '../../../services/access/keys.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { now, plantQueue, startService, type TestService } from './service.ts';

type Document = { paths: Record<string, Record<string, unknown>> };
const until = '2025-07-20T00:00:00Z';

describe('Under an embargo', () => {
  let service: TestService;
  let home: string;
  /** Of June, which is under embargo, and of May. */
  let june: { id: string; number: string };
  let may: { id: string; number: string };
  let caseId: string;
  let routes: [method: string, path: string][];
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-embargo-'));
    service = await startService({ simulated: false, home });
    await plantQueue(service.store);
    const { db } = service.store;
    await plantPatch(service.store, { month: '2025-05', district: '430421' });
    const of = (month: string) =>
      db
        .selectFrom('patches')
        .select(['id', 'number'])
        .where('month', '=', month)
        .orderBy('number')
        .executeTakeFirstOrThrow();
    [june, may] = [await of('2025-06'), await of('2025-05')];
    await takeSteps(service.store, june.id, 'warn');
    const given = { title: '密案', district: '430421', patchIds: [june.id], actor: 'desk', at: now };
    caseId = (await openCase(service.store, given)).id;
    const document = (await (
      await service.ask('/openapi.json', { headers: await service.bearer() })
    ).json()) as Document;
    routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method): [string, string] => [method.toUpperCase(), path]),
    );
  });
  afterAll(async () => {
    await service.store.close();
    await rm(home, { recursive: true });
  });

  const ask = async (grant: Partial<KeyGrant>, method: string, path: string, body?: object) => {
    const headers = { ...(await service.bearer(grant)), 'Content-Type': 'application/json' };
    return service.ask(
      path,
      body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) },
    );
  };
  const text = async (grant: Partial<KeyGrant>, path: string) => (await ask(grant, 'GET', path)).text();
  const viewer: Partial<KeyGrant> = { role: 'viewer', district: '' };
  /** The description tells of examples, not of the workspace. */
  const lists = () =>
    routes.filter(([method, path]) => method === 'GET' && !path.includes('{') && !path.startsWith('/openapi'));
  const questions = ['', '?month=2025-06', '?text=430421', `?since=0`, '?year=2025', '?by=month,district', '?f=csv'];
  const told = (body: string) => [june.id, june.number, caseId, '密案'].filter((word) => body.includes(word));

  it('a patch and its case are told to everybody before it is set, so that there is something to hide', async () => {
    const addresses = [
      `/patches/${june.id}`,
      `/cases/${caseId}`,
      '/patches',
      '/changes?since=0',
      '/patches/export?f=csv',
    ];
    for (const path of addresses) expect(told(await text(viewer, path)).length, path).toBeGreaterThan(0);
  });

  it('is set by an administrator of the prefecture or above alone, with an end, a reason and a place', async () => {
    const body = { month: '2025-06', until, reason: '专项行动前不公开' };
    expect((await ask({ role: 'reviewer', district: '' }, 'POST', '/embargoes', body)).status).toBe(403);
    expect((await ask({ role: 'admin', district: '430421' }, 'POST', '/embargoes', body)).status).toBe(403);
    const prefecture: Partial<KeyGrant> = { role: 'admin', district: '4304' };
    expect((await ask(prefecture, 'POST', '/embargoes', { ...body, district: '4305' })).status).toBe(403);
    expect((await ask(prefecture, 'POST', '/embargoes', { ...body, until: '2025-07-01T00:00:00Z' })).status).toBe(400);
    expect((await ask(prefecture, 'POST', '/embargoes', { ...body, reason: ' ' })).status).toBe(400);
    const set = await ask(prefecture, 'POST', '/embargoes', body);
    expect(set.status).toBe(201);
    expect(await set.json()).toMatchObject({ month: '2025-06', district: '4304', actor: 'desk', lifted: null });
    const listed = await (await ask(prefecture, 'GET', '/embargoes')).json();
    expect(listed).toMatchObject({ embargoes: [{ month: '2025-06' }] });
    expect((await ask({ role: 'viewer' }, 'GET', '/embargoes')).status).toBe(403);
  });

  it('every address with an id answers as to one that nobody ever had, by id and number, whatever the method', async () => {
    const wrong: string[] = [];
    let answered404 = 0;
    const bodies: Record<string, object> = {
      transitions: { action: 'warn', note: 'x', expectedVersion: 1 },
      split: {
        reason: 'two',
        lines: {
          type: 'LineString',
          coordinates: [
            [112.4, 26.9],
            [112.6, 26.9],
          ],
        },
      },
      undo: { reason: 'a mistake' },
    };
    const withId = routes.filter(([, path]) => /^\/(patches|cases|collections\/patches\/items)\/\{id\}/.test(path));
    expect(withId.length).toBeGreaterThan(8);
    for (const [method, path] of withId) {
      for (const id of path.startsWith('/cases') ? [caseId] : [june.id, june.number]) {
        const at = path
          .replace('{id}', id)
          .replace('{date}', '2025-06-18')
          .replace(/\{\w+\}/g, 'x1');
        const body = method === 'GET' ? undefined : bodies[path.split('/').at(-1)!];
        for (const grant of [viewer, { role: 'reviewer', district: '430421' } as const]) {
          const said = async (name: string) => {
            const response = await ask(grant, method, at.replace(id, name), body);
            const text = (await response.text()).replaceAll(name, 'ID').replace(/"requestId":"[^"]+"/, '');
            return `${response.status} ${text}`;
          };
          const answer = await said(id);
          if (answer !== (await said('nobody-knows-it'))) wrong.push(`${grant.role} ${method} ${path}: ${answer}`);
          if (method === 'GET' && answer.startsWith('404')) answered404++;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(answered404).toBeGreaterThan(20);
  });

  it('no list, table, figure, feed or file tells of them', async () => {
    expect(lists().length).toBeGreaterThan(12);
    const leaking: string[] = [];
    for (const [, path] of lists()) {
      for (const question of questions) {
        const response = await ask(viewer, 'GET', path + question);
        const body = await response.text();
        if (response.status >= 500 || told(body).length > 0)
          leaking.push(`${path}${question}: ${response.status} ${told(body)}`);
      }
    }
    for (const path of ['/collections/cases/items', '/collections/patches/items', '/cases', '/stac/search']) {
      if (told(await text(viewer, path)).length > 0) leaking.push(path);
    }
    expect(leaking).toEqual([]);
  });

  it('figures are those of the patches that are left', async () => {
    const statistics = await (await ask(viewer, 'GET', '/patches/statistics?by=month')).json();
    expect(statistics).toMatchObject({
      total: { patches: 1 },
      groups: [{ values: [{ value: '2025-05', patches: 1 }] }],
    });
    const list = await (await ask(viewer, 'GET', '/patches')).json();
    expect(list).toMatchObject({ total: 1, patches: [{ number: may.number }] });
    const table = (await (await ask(viewer, 'GET', '/months/2025-06')).json()) as { total: { found: number } };
    expect(table.total.found).toBe(0);
    const items = await (await ask(viewer, 'GET', '/collections/patches/items')).json();
    expect(items).toMatchObject({ numberMatched: 1 });
  });

  it('who judges above sees everything', async () => {
    for (const path of [
      `/patches/${june.id}`,
      `/cases/${caseId}`,
      '/patches',
      '/changes?since=0',
      '/patches/export?f=csv',
    ]) {
      expect(told(await text({ role: 'reviewer', district: '4304' }, path)).length, path).toBeGreaterThan(0);
    }
  });

  it('a follower is told what it missed once the embargo is lifted, once, and everything else meanwhile', async () => {
    const page = async (since: string) =>
      (await (await ask(viewer, 'GET', `/changes?since=${since}`)).json()) as {
        changes: { id: string; subjectId: string }[];
        next: string;
      };
    const during = await page('0');
    expect(during.changes.map(({ subjectId }) => subjectId)).toEqual([may.id]);
    expect((await page(during.next)).changes).toEqual([]);
    const admin: Partial<KeyGrant> = { role: 'admin', district: '4304' };
    const { embargoes } = (await (await ask(admin, 'GET', '/embargoes')).json()) as { embargoes: { id: string }[] };
    const lift = `/embargoes/${embargoes[0].id}/lift`;
    expect((await ask({ role: 'reviewer', district: '430421' }, 'POST', lift, { reason: 'x' })).status).toBe(404);
    expect((await ask(admin, 'POST', lift, { reason: '行动结束' })).status).toBe(200);
    expect((await ask(admin, 'POST', lift, { reason: '行动结束' })).status).toBe(409);
    const after = await page(during.next);
    const all = (await page('0')).changes;
    expect([...during.changes, ...after.changes].map(({ id }) => id).toSorted()).toEqual(
      all.map(({ id }) => id).toSorted(),
    );
    expect((await page(after.next)).changes).toEqual([]);
    expect((await ask(viewer, 'GET', `/patches/${june.number}`)).status).toBe(200);
  });
});
