import type { MiddlewareHandler } from 'hono';
import type { ApiEnv, Services } from '../context.ts';
import { pageOf } from './page.ts';

/**
 * Gives what the routes behind it answer in JSON as a page, to people who open it in a browser or ask for f=html. The
 * page has no script; it is made of the answer alone, so that both say the same.
 */
export function asPages({ simulated }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    c.header('Vary', 'Accept', { append: true });
    const json = /^application\/([\w.-]+\+)?json\b/.test(c.res.headers.get('Content-Type') ?? '');
    if (!json || !wantsPage(c.req.header('accept'), c.req.query('f'))) return;
    const { status, headers } = c.res;
    if (status !== 200 || c.req.method === 'HEAD') return;
    const asked = new URL(c.req.url);
    const page = pageOf(await c.res.json(), { path: asked.pathname, search: asked.search, simulated });
    const kept = new Headers(headers);
    kept.set('Content-Type', 'text/html; charset=utf-8');
    kept.delete('Content-Length');
    c.res = new Response(page, { status, headers: kept });
  };
}

/** Browsers name text/html before anything else; programs that read features name JSON or anything. */
function wantsPage(accept: string | undefined, format: string | undefined): boolean {
  if (format !== undefined) return format === 'html';
  return /^\s*text\/html\b/.test(accept ?? '') && !/\bjson\b/.test(accept ?? '');
}
