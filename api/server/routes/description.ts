import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../context.ts';
import { createRouter } from '../context.ts';

const info = {
  title: 'Tuban',
  version: '0.1.0',
  description:
    'Monthly change patches (图斑) and their find / warn / resolve queue. Errors are problem+json (RFC 9457). ' +
    'Send an access key as `Authorization: Bearer KEY`.',
  license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
};
const security = [{ key: [] }, { session: [] }];

/**
 * The API described from its own routes. In 3.1 at /openapi.json; in 3.0 at /api, since that is what
 * clients of OGC API - Features read (GDAL 3.6 takes no other).
 */
export function descriptionRoutes(app: OpenAPIHono<ApiEnv>) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  const routes = createRouter();
  const servers = (url: string) => [{ url }];
  routes.get('/openapi.json', (c) => {
    const document = app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: servers(c.get('origin')), security });
    return c.json(withProblems(document));
  });
  routes.get('/api', (c) => {
    const document = app.getOpenAPIDocument({ openapi: '3.0.3', info, servers: servers(c.get('origin')), security });
    return c.body(JSON.stringify(withProblems(document)), 200, {
      'Content-Type': 'application/vnd.oai.openapi+json;version=3.0',
    });
  });
  return routes;
}

interface Described {
  paths?: Record<string, Record<string, { responses?: object }>>;
  components?: { schemas?: object; responses?: object };
}

/** Every operation may answer with a problem; said once for all of them. */
function withProblems<Document extends object>(document: Document): Document {
  const { paths = {}, components } = document as Described;
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const operation of operations) {
    operation.responses = { ...operation.responses, default: { $ref: '#/components/responses/Problem' } };
  }
  const schema = { $ref: '#/components/schemas/Problem' };
  const response = { description: 'What was wrong', content: { 'application/problem+json': { schema } } };
  const schemas = { ...components?.schemas, Problem: problemSchema };
  return { ...document, components: { ...components, schemas, responses: { Problem: response } } };
}

const text = { type: 'string' };
const field = { type: 'object', properties: { in: text, field: text, wanted: text, got: text } };
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    ...{ type: text, title: text, status: { type: 'integer' }, detail: text, instance: text, code: text },
    errors: { type: 'array', items: field },
  },
};
