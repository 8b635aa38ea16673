import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { now, plantQueue, startService, type TestService } from './service.ts';

interface Document {
  paths: Record<string, Record<string, { parameters?: { in: string; name: string; required?: boolean }[] }>>;
}

/** Addresses whose id names nothing that belongs to a district, and why. */
const open: Record<string, string> = {
  '/stac/collections/{collection}': 'a collection',
  '/stac/collections/{collection}/items': 'a collection',
  '/receivers/{id}/{act}': 'for administrators of everything alone',
  '/receivers/{id}/deliveries': 'for administrators of everything alone',
  '/users/{name}': 'for administrators alone',
  '/keys/{id}': 'for administrators alone',
  '/layers/uploads/{id}': 'for administrators of everything alone',
  '/layers/{id}/notes': 'for administrators of everything alone',
};

const methods = ['get', 'post', 'put', 'patch', 'delete'];
/** Bodies that are right in themselves, so that the district is what is refused. */
const bodies: Record<string, object> = {
  transitions: { action: 'warn', note: 'x', expectedVersion: 1 },
  split: {
    reason: 'two owners',
    lines: {
      type: 'LineString',
      coordinates: [
        [112.4, 26.9],
        [112.6, 26.9],
      ],
    },
  },
  undo: { reason: 'a mistake' },
  lift: { reason: 'told' },
  forms: { seen: ['building'], filledAt: '2025-07-01T00:00:00Z' },
};

describe('a key of one county', () => {
  let service: TestService;
  let patch: { id: string; number: string };
  let caseId: string;
  let home: string;
  let routes: [method: string, path: string][];
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-districts-'));
    service = await startService({ simulated: false, home });
    await plantQueue(service.store);
    patch = await service.store.db
      .selectFrom('patches')
      .select(['id', 'number'])
      .where('district', '=', '430421')
      .executeTakeFirstOrThrow();
    const given = { title: '案', district: '430421', patchIds: [patch.id], actor: 'desk', at: now };
    caseId = (await openCase(service.store, given)).id;
    const headers = await service.bearer();
    const document = (await (await service.ask('/openapi.json', { headers })).json()) as Document;
    routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      methods.filter((method) => method in operations).map((method): [string, string] => [method.toUpperCase(), path]),
    );
  });
  afterAll(async () => {
    await service.store.close();
    await rm(home, { recursive: true });
  });

  /** What would answer if it were the county's own. */
  const idsOf = (path: string) => (path.startsWith('/cases') ? [caseId] : [patch.id, patch.number]);
  const withId = () =>
    routes.filter(([, path]) => /\{(id|number)\}/.test(path) && !(path in open) && !/runs|stac|scenes/.test(path));

  const ask = async (grant: Parameters<TestService['bearer']>[0], method: string, path: string, body?: object) => {
    const headers = { ...(await service.bearer(grant)), 'Content-Type': 'application/json' };
    return service.ask(
      path,
      body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) },
    );
  };

  it('finds patch and case of another nowhere: every address with an id that the API describes answers 404', async () => {
    expect(withId().length).toBeGreaterThan(8);
    const wrong: string[] = [];
    for (const [method, path] of withId()) {
      for (const id of idsOf(path)) {
        const at = path.replace(/\{(id|number)\}/, id).replace(/\{\w+\}/g, 'x1');
        const body = method === 'GET' ? undefined : bodies[path.split('/').at(-1)!];
        const response = await ask({ district: '430422' }, method, at, body);
        const said = await response.text();
        if (response.status !== 404) wrong.push(`${method} ${path} (${id}): ${response.status} ${said.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('reads its own at the same addresses, so that 404 is not all there is', async () => {
    const answers = await Promise.all(
      withId()
        .filter(([method, path]) => method === 'GET' && /^\/(patches|cases)\/\{id\}$/.test(path))
        .map(
          async ([, path]) => (await ask({ district: '430421' }, 'GET', path.replace('{id}', idsOf(path)[0]))).status,
        ),
    );
    expect(answers).toEqual([200, 200]);
  });

  it('is refused alike for what is another’s and for what does not exist', async () => {
    const message = async (id: string) => {
      const text = await (await ask({ district: '430422' }, 'GET', `/patches/${id}`)).text();
      return text.replaceAll(id, 'ID').replace(/"requestId":"[^"]+"/, '');
    };
    expect(await message(patch.number)).toBe(await message('4304210000000000'));
  });

  it('moves nothing of another by naming it in a body', async () => {
    const body = { title: '案', district: '430422', patches: [patch.id] };
    const response = await ask({ district: '430422' }, 'POST', '/cases', body);
    expect(response.status).toBe(404);
    const wider = await ask({ district: '430422' }, 'POST', '/cases', { ...body, district: '430421' });
    expect([403, 404]).toContain(wider.status);
  });

  it('widens nothing by what it asks for: no row of another in any list', async () => {
    const lists = routes.filter(([method, path]) => method === 'GET' && !path.includes('{'));
    expect(lists.length).toBeGreaterThan(10);
    const leaking: string[] = [];
    for (const [, path] of lists) {
      for (const question of ['', '?district=430421', '?district=4304', '?bbox=112,26,113,27', '?layer=districts']) {
        const response = await ask({ district: '430422', role: 'viewer' }, 'GET', path + question);
        const text = await response.text();
        if (response.status >= 500) leaking.push(`${path}${question}: ${response.status}`);
        if (
          response.status === 200 &&
          (text.includes(patch.number) || text.includes(patch.id) || text.includes(caseId))
        ) {
          leaking.push(`${path}${question}: ${text.slice(0, 200)}`);
        }
      }
    }
    expect(leaking).toEqual([]);
  });

  it.each([
    '/patches/..%2f..%2fpackage.json',
    '/patches/%00',
    '/patches/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/patches/..%5c..%5cwindows',
    '/console/..%2f..%2fpackage.json',
    '/console/%00index.html',
    '/console/%2e%2e/server/app.ts',
    '/console/vendor/..%2fapp.ts',
    '/patches/%E0%A4%A',
    `/patches/${'9'.repeat(5000)}`,
  ])('gets nothing by tricks in the path: %s', async (path) => {
    const response = await ask({ district: '430422' }, 'GET', path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });

  it('is told 405 for methods that an address does not take, and none fails', async () => {
    const paths = [...new Set(routes.map(([, path]) => path))];
    const wrong: string[] = [];
    for (const path of paths) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
        if (routes.some(([known, at]) => known === method && at === path)) continue;
        const { status } = await ask({ role: 'admin' }, method, path.replace(/\{\w+\}/g, 'x'));
        if (status !== 405 && status !== 404) wrong.push(`${method} ${path}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['nothing after Bearer', 'Bearer '],
    ['a key cut short', 'Bearer AAAA'],
    ['a token of another kind', 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.'],
    ['quotes of SQL', "Bearer ' OR 1=1 --"],
    ['two keys', 'Bearer a, Bearer b'],
    ['100 kB', `Bearer ${'A'.repeat(100_000)}`],
  ])('is none with %s', async (_what, Authorization) => {
    expect((await service.ask('/patches', { headers: { Authorization } })).status).toBe(401);
  });
});
