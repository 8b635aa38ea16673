import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../../api/server/app.ts';
import { operationIdOf, operationsIn, type Paths } from '../../../../api/server/openapi/operations.ts';
import { silent, startService, type TestService } from '../service.ts';

interface Document {
  openapi: string;
  info: { description: string };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Paths;
  components: { securitySchemes: Record<string, object>; responses: Record<string, { content: object }> };
}

describe.each([
  ['/openapi.json', '3.1.0', 'application/json'],
  ['/openapi-3.0.json', '3.0.3', 'application/vnd.oai.openapi+json;version=3.0'],
])('%s', (path, version, type) => {
  let service: TestService;
  let document: Document;
  beforeAll(async () => {
    service = await startService();
    const response = await service.ask(path);
    expect(response.headers.get('content-type')).toBe(type);
    document = (await response.json()) as Document;
  });
  afterAll(() => service.store.close());

  it('is valid, as the schema of its version says', async () => {
    expect(document.openapi).toBe(version);
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it('has every route of the program, and no other', async () => {
    const app = createApp({
      ...{ store: service.store, uploads: service.uploads, name: 'x', simulated: true, mostLayerBytes: 1, log: silent },
      ...{ chips: { picture: () => Promise.reject(), frame: () => Promise.reject() }, now: () => new Date(0) },
    } as unknown as Parameters<typeof createApp>[0]);
    const described = app.openAPIRegistry.definitions.flatMap((one) =>
      one.type === 'route' ? [`${one.route.method.toUpperCase()} ${one.route.path}`] : [],
    );
    const routes = app.routes.filter(({ method }) => method !== 'ALL');
    const missing = routes.map(({ method, path }) => `${method} ${describedPath(path)}`);
    expect(missing.filter((one) => !described.includes(one))).toEqual([]);
    const named = operationsIn(document.paths).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...named].sort()).toEqual([...new Set(described)].sort());
  });

  it('names each operation once, with what it is for, and the same as long as its address is', () => {
    const operations = operationsIn(document.paths);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/);
    for (const { path, operation } of operations) {
      expect([path, (operation as { summary?: string }).summary]).toEqual([path, expect.stringMatching(/.{4}/)]);
      expect([path, operation.tags]).toEqual([path, [expect.any(String)]]);
    }
    expect(ids).toEqual(expect.arrayContaining(['getPatchesById', 'postPatchesByIdTransitions', 'getFeatures']));
  });

  it('tells what each group is for, Chinese first', () => {
    expect(document.tags.length).toBeGreaterThan(10);
    for (const { name, description } of document.tags) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^\p{Script=Han}.* · [A-Z]/u)]);
    }
    expect(document.info.description).toMatch(/^\*\*图斑/);
  });

  it('tells every parameter of an address, and refusals as problems, by status', () => {
    for (const { method, path, operation } of operationsIn(document.paths)) {
      const inPath = (operation.parameters ?? []).flatMap((one) => (one.in === 'path' ? [one.name] : []));
      expect([path, inPath.sort()]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()]);
      const statuses = Object.keys(operation.responses ?? {});
      expect([method, path, statuses]).toEqual([method, path, expect.arrayContaining(['429', '503', 'default'])]);
      expect([path, statuses.some((status) => /^[23]/.test(status))]).toEqual([path, true]);
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        if (/^[45]/.test(status)) expect(response).toEqual({ $ref: `#/components/responses/Problem${status}` });
      }
    }
    for (const response of Object.values(document.components.responses)) {
      expect(Object.keys(response.content)).toEqual(['application/problem+json']);
    }
  });

  it('tells of keys and sessions, and of which operations need neither', () => {
    expect(document.components.securitySchemes).toMatchObject({
      key: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie' },
    });
    const open = operationsIn(document.paths).filter(({ operation }) => operation.security?.length === 0);
    const paths = open.map((one) => one.path);
    expect(paths).toEqual(expect.arrayContaining(['/healthz', '/session', '/docs']));
    expect(paths.filter((one) => /^\/(patches|cases|users|keys|collections|runs)/.test(one))).toEqual([]);
  });

  it('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]));
    expect(referred.size).toBeGreaterThan(20);
    for (const reference of referred) {
      const found = reference
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document);
      expect([reference, found === undefined]).toEqual([reference, false]);
    }
  });

  it('names the server as the client called it, also the next client', async () => {
    expect(document.servers).toEqual([{ url: 'http://127.0.0.1:8787' }]);
    const other = (await (await service.ask(path, {}, { host: 'localhost:9' })).json()) as Document;
    expect(other.servers).toEqual([{ url: 'http://localhost:9' }]);
  });
});

it('an operation without a name of its own is called by its address', () => {
  expect(operationIdOf('get', '/patches/{id}/before.png')).toBe('getPatchesByIdBeforePng');
  expect(operationIdOf('post', '/session')).toBe('postSession');
});

/** '/patches/:id' and '/tiles/:y{[^/]+\\.png}' as OpenAPI has them: '/patches/{id}', '/tiles/{y}.png'. */
function describedPath(path: string): string {
  if (path === '/console/:name{.*}?') return '/console/{file}';
  return path.replaceAll(/:(\w+)(\{\[\^\/\]\+\\(\.\w+)\})?/g, (_, name, _1, ending) => `{${name}}${ending ?? ''}`);
}
