import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../error.ts';
import type { ApiEnv } from './context.ts';

/** A MultiPolygon in a collection in a body of ours lies 8 deep. */
const deepest = 64;

/**
 * Refuses what no store can hold and no question means: JSON that is nested deeper than anything that is asked for here,
 * whose reader would run out of stack, and texts with a NUL, which PostgreSQL does not take, or half a letter (a
 * surrogate alone), which comes back as another.
 *
 * @param large paths of bodies that may be as large as a disk: they are left to their own readers
 * @throws ApiError bad-request
 */
export function plainRequests(large: RegExp): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (/%00/.test(c.req.url)) throw refusal('query', 'without NUL', 'an address with %00');
    const isJson = /^application\/([\w.-]+\+)?json\b/i.test(c.req.header('content-type') ?? '');
    if (isJson && c.req.method !== 'GET' && !large.test(c.req.path)) {
      const text = await c.req.text();
      if (depthOf(text) > deepest) throw refusal('body', `nested at most ${deepest} deep`, 'more');
      if (/\\u(0000|d[89a-f])/i.test(text) && !isPlain(text)) {
        throw refusal('body', 'of whole letters, without NUL', 'a NUL or half a letter');
      }
    }
    await next();
  };
}

function refusal(place: 'query' | 'body', wanted: string, got: string): ApiError {
  const what = place === 'body' ? 'The body' : 'The address';
  return new ApiError('bad-request', `${what} must be ${wanted}; got ${got}.`, [
    { in: place, field: '(whole)', wanted, got },
  ]);
}

/** Whether no text and no name in it has a NUL or half a letter. What is no JSON is refused by whoever reads it. */
function isPlain(text: string): boolean {
  let plain = true;
  const look = (value: unknown) => {
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) plain = false;
  };
  try {
    JSON.parse(text, (name, value) => {
      look(name);
      look(value);
      return value;
    });
  } catch {
    return true;
  }
  return plain;
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
