import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../context.ts';
import { introduction } from './introduction.ts';
import { type Operation, operationIdOf, operationsIn, type Parameter, type Paths, type Placed } from './operations.ts';
import { problemName, problemResponses, problemSchema, problemStatuses, takesIdempotencyKey } from './problems.ts';
import { tagsOf } from './tags.ts';

export type OpenApiVersion = '3.1' | '3.0';

interface Description {
  paths?: Paths;
  components?: Record<string, object>;
}

const info = {
  title: '图斑 Tuban API',
  version: '0.1.0',
  description: introduction,
  license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
};

const security = [{ key: [] }, { session: [] }];

const key = {
  type: 'http',
  scheme: 'bearer',
  description: '访问密钥 An access key: `Authorization: Bearer KEY` (tuban keys, or what follows #key= at start).',
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Up to 200 visible ASCII characters: a write that is sent twice under the same key is done once.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
};

/**
 * The API as its own routes describe it, with what holds for all of them: names, groups, refusals. `origin`: where the
 * client called us.
 */
export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: OpenApiVersion, origin: string): object {
  const about = { info, servers: [{ url: origin }], security };
  const generated =
    version === '3.1'
      ? app.getOpenAPI31Document({ openapi: '3.1.0', ...about })
      : app.getOpenAPIDocument({ openapi: '3.0.3', ...about });
  const document = generated as unknown as Description;
  const operations = operationsIn(document.paths ?? {});
  for (const placed of operations) Object.assign(placed.operation, completed(placed));
  const { components } = document;
  return {
    ...document,
    tags: tagsOf(new Set(operations.flatMap(({ operation }) => operation.tags ?? []))),
    components: {
      ...components,
      parameters: { ...components?.['parameters'], IdempotencyKey: idempotencyKey },
      responses: { ...components?.['responses'], ...problemResponses() },
      schemas: { ...components?.['schemas'], Problem: problemSchema },
      securitySchemes: { ...components?.['securitySchemes'], key },
    },
  };
}

function completed(placed: Placed): Partial<Operation> {
  const { method, path, operation } = placed;
  const refusals = problemStatuses(placed).map((status) => [status, refusal(problemName(status))]);
  const parameters = (operation.parameters ?? []).map((one) => withExample(path, one));
  if (takesIdempotencyKey(placed)) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  return {
    operationId: operation.operationId ?? operationIdOf(method, path),
    ...(parameters.length > 0 && { parameters }),
    responses: { ...Object.fromEntries(refusals), ...operation.responses, default: refusal('Problem') },
  };
}

/** An id is called alike everywhere; what it is an id of, its address tells. */
function withExample(path: string, parameter: Parameter): Parameter {
  const isPatch = /^\/(patches|collections\/patches\/items)\/\{id\}/.test(path);
  return isPatch && parameter.name === 'id' ? { ...parameter, example: '4304212025060001' } : parameter;
}

function refusal(name: string) {
  return { $ref: `#/components/responses/${name}` };
}
