import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiEnv } from './context.ts';

/** The absolute address of `path` on this server, by the name the client called it (caller.ts: proxies of ours vouch). */
export function address(c: Context<ApiEnv>, path: string): string {
  return new URL(path, c.get('origin')).href;
}

/** What was asked for, path and query, by the name the client called it. */
export function askedAddress(c: Context<ApiEnv>): URL {
  const { pathname, search } = new URL(c.req.url);
  // A path that begins with two slashes would be read as another host's.
  return Object.assign(new URL(c.get('origin')), { pathname, search });
}

/** Every OGC page may be asked for as JSON, which it is unless a browser asks, and as a page for people. */
export const format = z.enum(['json', 'html'], { error: 'json or html' }).optional();
