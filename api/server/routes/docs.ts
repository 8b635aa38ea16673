import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { type ConsoleFile, consoleFile } from '../console-files.ts';
import { type ApiEnv, createRouter } from '../context.ts';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const about = { method: 'get' as const, tags: ['Operation'], security: [] };

const page = createRoute({
  ...about,
  path: '/docs',
  summary: 'This API, to be read and tried in a browser, without the internet',
  operationId: 'getDocsPage',
  responses: { 200: { description: 'The page', content: { 'text/html': { schema: z.string() } } } },
});

const part = createRoute({
  ...about,
  path: '/docs/{file}',
  summary: 'What the page is made of',
  operationId: 'getDocsFile',
  request: {
    params: z.object({ file: z.enum(['swagger-ui-bundle.js', 'swagger-ui.css'], { error: 'a file of the page' }) }),
  },
  responses: {
    200: {
      description: 'A script or style sheet',
      content: { 'text/javascript': { schema: z.string() }, 'text/css': { schema: z.string() } },
    },
    304: { description: 'As it was' },
  },
});

/** The API pages: Swagger UI from our own disk. They hold no data and need no key; what they show they ask for. */
export function docsRoutes() {
  const routes = createRouter();
  routes.use('/docs', wider());
  routes.openapi(page, (c) => {
    // The page's own addresses are relative to the address above it.
    if (new URL(c.req.url).pathname !== '/docs') return c.redirect('../docs') as never;
    return given(c, consoleFile('docs/index.html')!) as never;
  });
  routes.openapi(part, (c) => given(c, fileOf(c.req.valid('param').file)) as never);
  return routes;
}

/**
 * Swagger UI draws its arrows and locks as data: pictures in its style sheet. Nothing else is wider than anywhere: no
 * inline script or style, nothing from another server.
 */
function wider() {
  return secureHeaders({
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

function given(c: Context<ApiEnv>, { type, body, etag }: ConsoleFile): Response {
  const headers = { 'Content-Type': type, ETag: etag, 'Cache-Control': 'no-cache' };
  const known = c.req.header('if-none-match')?.replace(/^W\//, '');
  return known === etag ? c.body(null, 304, headers) : c.body(body, 200, headers);
}

const kept = new Map<string, ConsoleFile>();

function fileOf(name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): ConsoleFile {
  let file = kept.get(name);
  if (file === undefined) {
    // Its map is not served, so that nothing asks for it.
    const body = readFileSync(join(swaggerUi, name), 'utf8').replace(/(\/\/|\/\*)# sourceMappingURL=.*\s*$/, '');
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    file = { type, body, etag };
    kept.set(name, file);
  }
  return file;
}
