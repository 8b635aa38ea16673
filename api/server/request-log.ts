import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { callerOf } from './caller.ts';
import type { ApiEnv, Services } from './context.ts';

type Asked = Parameters<MiddlewareHandler<ApiEnv>>[0];

/**
 * One line for every request, when its answer has been sent: id, who, what, how long, how much. Neither headers nor
 * what stands behind a '?' are told: they may hold a key or a code.
 */
export function requestLog({ log, metrics, proxies }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const socket = c.env?.incoming?.socket;
    const sentBefore = socket?.bytesWritten ?? 0;
    metrics?.begun();
    await next();
    const { method, path } = c.req;
    const [route, status, rows] = [routeOf(c), c.res.status, c.get('rowsRead') ?? null];
    const answered = () => {
      const took = performance.now() - startedAt;
      const bytes = socket?.bytesWritten === undefined ? null : socket.bytesWritten - sentBefore;
      const actor = c.get('access')?.actor ?? null;
      const who = { id: c.get('requestId'), actor, from: callerOf(c, proxies).address };
      log.info({ ...who, method, path, route, status, ms: Math.round(took), bytes, rows }, 'request');
      metrics?.ended({ method, route, status, seconds: took / 1000, bytes, rows });
    };
    const outgoing = c.env?.outgoing;
    if (outgoing === undefined || outgoing.closed) answered();
    else outgoing.once('close', answered);
  };
}

/** The template of the address that was asked for, as /openapi.json writes it; 'unknown' where there is none. */
function routeOf(c: Asked): string {
  const route = matchedRoutes(c).find(({ method }) => method !== 'ALL');
  return route === undefined ? 'unknown' : route.path.replaceAll(/:(\w+)(\{[^}]*\})?\??/g, '{$1}');
}
