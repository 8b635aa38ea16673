import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { callerOf } from './caller.ts';
import type { ApiEnv, Services } from './context.ts';
import type { Metrics } from './metrics.ts';

/** Requests count for their address until they have shown who asks: those that never do use it up. */
export function limitAddresses({ limits, proxies, metrics }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (limits === undefined) return next();
    const caller = `address ${callerOf(c, proxies).address}`;
    counted(metrics, 'address', () => limits.take(caller));
    await next();
    if (c.get('access') !== undefined) limits.giveBack(caller);
  };
}

/** Requests with a key or session count for it, wherever they come from. */
export function limitCallers({ limits, proxies, metrics }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    counted(metrics, 'caller', () => limits?.take(nameOf(c) ?? `reader ${callerOf(c, proxies).address}`));
    await next();
  };
}

function counted(metrics: Metrics | undefined, by: 'address' | 'caller', take: () => void): void {
  try {
    take();
  } catch (refused) {
    metrics?.limited(by);
    throw refused;
  }
}

function nameOf(c: Context<ApiEnv>): string | null {
  const key = c.req.header('authorization');
  if (key !== undefined) return `key ${createHash('sha256').update(key).digest('base64url')}`;
  const { actor } = c.get('access');
  return actor === 'local' ? null : `user ${actor}`;
}
