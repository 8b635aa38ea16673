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
const security = [{ key: [] }];

/**
 * The API described from its own routes. In 3.1 at /openapi.json; in 3.0 at /api, since that is what
 * clients of OGC API - Features read (GDAL 3.6 takes no other).
 */
export function descriptionRoutes(app: OpenAPIHono<ApiEnv>) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  const routes = createRouter();
  const servers = (url: string) => [{ url: new URL(url).origin }];
  routes.get('/openapi.json', (c) => {
    return c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: servers(c.req.url), security }));
  });
  routes.get('/api', (c) => {
    const document = app.getOpenAPIDocument({ openapi: '3.0.3', info, servers: servers(c.req.url), security });
    return c.body(JSON.stringify(document), 200, { 'Content-Type': 'application/vnd.oai.openapi+json;version=3.0' });
  });
  return routes;
}
