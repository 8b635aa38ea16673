import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type ApiEnv, createRouter } from '../context.ts';
import { type OpenApiVersion, openApiDocument } from '../openapi/document.ts';

/** As OGC API - Features names it, and GDAL looks for it. */
export const openApi30 = 'application/vnd.oai.openapi+json;version=3.0';

const about = { method: 'get' as const, tags: ['Operation'], request: { query: z.strictObject({}) } };
const document = z.record(z.string(), z.unknown());

const newest = createRoute({
  ...about,
  path: '/openapi.json',
  summary: 'This API, as OpenAPI 3.1',
  responses: { 200: { description: 'The document', content: { 'application/json': { schema: document } } } },
});

const older = createRoute({
  ...about,
  path: '/openapi-3.0.json',
  summary: 'This API, as OpenAPI 3.0, which clients of OGC API - Features read',
  responses: { 200: { description: 'The document', content: { [openApi30]: { schema: document } } } },
});

/** Served by the console's own routes, which know nothing of descriptions. */
const consoleFile = {
  ...about,
  path: '/console/{file}',
  security: [],
  summary: 'The review console: its pages and what they are made of',
  operationId: 'getConsoleFile',
  request: { params: z.object({ file: z.string().openapi({ example: 'index.html' }) }) },
  responses: {
    200: { description: 'A page, script, style sheet or picture', content: { 'text/html': { schema: z.string() } } },
    304: { description: 'As it was' },
  },
};

/** The API described from its own routes. They are all known by the time somebody asks. */
export function descriptionRoutes(app: OpenAPIHono<ApiEnv>) {
  const routes = createRouter();
  routes.openAPIRegistry.registerPath(consoleFile);
  const texts = new Map<string, string>();
  const answer = (c: Context<ApiEnv>, version: OpenApiVersion, type: string) => {
    const origin = c.get('origin');
    let text = texts.get(version);
    if (text === undefined) {
      text = JSON.stringify(openApiDocument(app, version, serverMark));
      texts.set(version, text);
    }
    return c.body(
      text.replace(serverMark, () => JSON.stringify(origin).slice(1, -1)),
      200,
      { 'Content-Type': type },
    );
  };
  routes.openapi(newest, (c) => answer(c, '3.1', 'application/json') as never);
  routes.openapi(older, (c) => answer(c, '3.0', openApi30) as never);
  return routes;
}

/** Stands for the origin in the text that is kept: it is the one thing that differs from client to client. */
const serverMark = 'https://origin.invalid';
