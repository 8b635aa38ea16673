import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './context.ts';

/**
 * Gives every request an id: the X-Request-Id it came with, where that is one, or a new one. It stands in the answer's
 * header and in the log, so that what somebody saw can be found there.
 */
export function requestId(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const sent = c.req.header('x-request-id');
    const id = sent !== undefined && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID();
    c.set('requestId', id);
    await next();
    // Not by c.header: that would make a light answer a whole one.
    c.res.headers.set('X-Request-Id', id);
  };
}
