import { Hono } from 'hono';
import { consoleFile } from '../console-files.ts';
import type { ApiEnv } from '../context.ts';
import { FIELD_SCOPE, FIELD_WORKER, fieldWorker } from '../field-files.ts';

/**
 * The console's files. They hold no data and need no key: what they show they ask of the API.
 * Also sends a browser that opens the bare address to the console; other clients get the landing page.
 */
export function consoleRoutes(): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/', async (c, next) => {
    if (!wantsPage(c.req.header('accept'), c.req.query('f'))) return next();
    return c.body(null, 302, { Location: 'console/', Vary: 'Accept' });
  });
  routes.get('/console/:name{.*}?', (c, next) => {
    // The page's own addresses are relative to /console/.
    if (new URL(c.req.url).pathname === '/console') return c.redirect('console/');
    const isWorker = c.req.param('name') === FIELD_WORKER;
    const file = isWorker ? fieldWorker() : consoleFile(c.req.param('name') ?? '');
    if (file === null) return next();
    const headers = { 'Content-Type': file.type, ETag: file.etag, 'Cache-Control': 'no-cache' };
    if (isWorker) c.header('Service-Worker-Allowed', FIELD_SCOPE);
    const known = c.req.header('if-none-match')?.replace(/^W\//, '');
    return known === file.etag ? c.body(null, 304, headers) : c.body(file.body, 200, headers);
  });
  return routes;
}

/** True for browsers, which name text/html; clients of the API name JSON or anything. */
function wantsPage(accept: string | undefined, format: string | undefined): boolean {
  if (format !== undefined) return format === 'html';
  return accept?.includes('text/html') ?? false;
}
