import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiError } from '../error.ts';
import { problemResponse } from './problem.ts';

const maxBodyBytes = 1_000_000;

/** Layer files and photos may be larger; they are counted as they arrive. */
export const LARGE_BODIES = /^\/(layers|patches\/[^/]+\/photos)\/?$/;

export function smallBodies(): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError: refuseSize });
  return (c, next) => {
    // Nobody reads what comes with a question; to look at it costs more than many an answer.
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    return c.req.method === 'POST' && LARGE_BODIES.test(c.req.path) ? next() : limit(c, next);
  };
}

function refuseSize(c: Context): Response {
  return problemResponse(c, new ApiError('too-large', `A request body has at most ${maxBodyBytes} bytes.`));
}

/** Nothing that is sent is unpacked: a thousand bytes could become a thousand million. */
export function plainBodies(): MiddlewareHandler {
  return async (c, next) => {
    const coding = c.req.header('content-encoding');
    if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
      const text = `A request body must be sent as it is, without Content-Encoding; got '${coding.slice(0, 40)}'.`;
      throw new ApiError('unsupported-media-type', text);
    }
    await next();
  };
}
