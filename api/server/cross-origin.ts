import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/**
 * Lets pages of the named origins ask with a key and read the answer. Cookies are not let through: sessions are for our
 * own pages. A preflight carries no key, so it is answered before one is asked for.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id'],
    exposeHeaders: [
      ...['ETag', 'Link', 'Location', 'Retry-After', 'Allow', 'Content-Crs', 'Content-Disposition'],
      ...['X-Request-Id', 'Idempotency-Replayed'],
    ],
    maxAge: 600,
  });
  return (c, next) => {
    const preflight = c.req.header('access-control-request-method') !== undefined;
    return c.req.method === 'OPTIONS' && !preflight ? next() : allow(c, next);
  };
}
