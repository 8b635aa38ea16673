import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { createApp } from '../../../../api/server/app.ts';
import { type DescribedRequest, type Description, type Parameter, requestsIn } from '../fuzz/description.ts';
import { plantQueue, startService, type TestService } from '../service.ts';

/** Where an example asks for what is not planted here: images, a log-in, a second parameter. It is refused as described. */
const elsewhere: [address: RegExp, status: number][] = [
  [/^\/run-desk\/plan/, 422],
  [/^\/session$/, 401],
  [/^\/patches\/\d+\/(strip|curve|chips)/, 404],
  [/^\/tiles\/months\//, 404],
  [/^\/zones\?layer=farmland$/, 400],
  [/^\/patches\/export\?crs=/, 400],
];

describe('The examples of the description', () => {
  let service: TestService;
  let home: string;
  let requests: DescribedRequest[];
  let schemas: Map<string, ZodType>;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-examples-'));
    service = await startService({ home });
    await plantQueue(service.store);
    const headers = await service.bearer({ role: 'admin' });
    const description = (await (await service.ask('/openapi.json', { headers })).json()) as Description;
    requests = requestsIn(description).filter(({ method }) => method === 'GET');
    schemas = schemasOf(service);
  });
  afterAll(async () => {
    await service.store.close();
    await rm(home, { recursive: true });
  });

  it('are asked for one by one: each is answered, as its schema says', async () => {
    const headers = await service.bearer({ role: 'admin' });
    const wrong: string[] = [];
    let asked = 0;
    for (const address of requests.flatMap(addressesOf)) {
      const response = await service.ask(address.path, { headers });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      const expected = elsewhere.find(([pattern]) => pattern.test(address.path))?.[1] ?? 200;
      if (response.status !== expected) wrong.push(`${address.path}: ${response.status} ${text.slice(0, 200)}`);
      else if (expected === 200 && /json/.test(type)) {
        const checked = schemas
          .get(`${address.described} ${type.replace(/; ?charset=utf-8$/, '')}`)
          ?.safeParse(JSON.parse(text));
        if (checked === undefined) wrong.push(`${address.path} answers ${type}, which is not described`);
        else if (!checked.success) wrong.push(`${address.path}: ${checked.error.message.slice(0, 300)}`);
      }
      asked++;
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });
});

/** The answer of each address by media type, as its route declares it. */
function schemasOf({ store, uploads }: TestService): Map<string, ZodType> {
  const app = createApp({ store, uploads } as unknown as Parameters<typeof createApp>[0]);
  return new Map(
    app.openAPIRegistry.definitions.flatMap((one) => {
      if (one.type !== 'route' || one.route.method !== 'get') return [];
      const answer = one.route.responses[200] as { content?: Record<string, { schema: ZodType }> } | undefined;
      return Object.entries(answer?.content ?? {}).map(
        ([type, { schema }]) => [`${one.route.path} ${type}`, schema] as [string, ZodType],
      );
    }),
  );
}

/** The address with what it needs, and with each example of what may be left out; none where something has no example. */
function addressesOf({ path, parameters }: DescribedRequest): { described: string; path: string }[] {
  const needed = parameters.filter((one) => one.required === true || one.in === 'path');
  if (needed.some((one) => exampleOf(one) === undefined)) return [];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    return encodeURIComponent(exampleOf(needed.find((one) => one.name === name)!)!);
  });
  const fixed = needed.filter((one) => one.in === 'query');
  const optional = parameters.filter(
    (one) => one.in === 'query' && one.required !== true && exampleOf(one) !== undefined,
  );
  const asked = (some: Parameter[]) => {
    const query = new URLSearchParams(some.map((one) => [one.name, exampleOf(one)!]));
    return { described: path, path: some.length === 0 ? filled : `${filled}?${query}` };
  };
  return [asked(fixed), ...optional.map((one) => asked([...fixed, one]))];
}

/** An example, or the first of the values that it may have. */
function exampleOf({ example, schema }: Parameter): string | undefined {
  const value = example ?? schema?.example ?? schema?.examples?.[0] ?? schema?.enum?.[0];
  return value === undefined ? undefined : String(value);
}
