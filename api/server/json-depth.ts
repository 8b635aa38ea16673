import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../error.ts';
import type { ApiEnv } from './context.ts';

/** A MultiPolygon in a collection in a body of ours lies 8 deep. */
const deepest = 64;

/**
 * Refuses JSON that is nested deeper than anything that is asked for here: whatever walks through it would run out of
 * stack.
 *
 * @param large paths of bodies that may be as large as a disk: they are left to their own readers
 * @throws ApiError bad-request
 */
export function shallowBodies(large: RegExp): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const isJson = /^application\/([\w.-]+\+)?json\b/i.test(c.req.header('content-type') ?? '');
    if (isJson && c.req.method !== 'GET' && !large.test(c.req.path)) {
      const depth = depthOf(await c.req.text());
      if (depth > deepest) {
        const wanted = `nested at most ${deepest} deep`;
        const field = { in: 'body', field: '(whole)', wanted, got: `${depth} or more` } as const;
        throw new ApiError('bad-request', `The body must be ${wanted}; got ${field.got}.`, [field]);
      }
    }
    await next();
  };
}

/** How deep brackets of a JSON text lie in one another, counted until one is too deep. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let i = 0; i < text.length && most <= deepest; i++) {
    const letter = text.charCodeAt(i);
    if (inString) {
      if (letter === BACKSLASH) i++;
      else if (letter === QUOTE) inString = false;
    } else if (letter === QUOTE) inString = true;
    else if (letter === SQUARE || letter === CURLY) most = Math.max(most, ++depth);
    else if (letter === SQUARE + 2 || letter === CURLY + 2) depth--;
  }
  return most;
}

const [QUOTE, BACKSLASH, SQUARE, CURLY] = [0x22, 0x5c, 0x5b, 0x7b];
