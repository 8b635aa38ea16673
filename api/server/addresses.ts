import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

/** The absolute address of `path` on this server, by the name the client called it. */
export function address(c: Context, path: string): string {
  return new URL(path, new URL(c.req.url).origin).href;
}

/** Every OGC page may be asked for as f=json, which it is anyway. */
export const format = z.enum(['json'], { error: 'json' }).optional();
