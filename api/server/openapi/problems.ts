import { STATUS_CODES } from 'node:http';
import { problems } from '../problem.ts';
import type { Placed } from './operations.ts';

/** Writes that are done once by an Idempotency-Key (idempotency.ts says which are not). */
const withoutKey = /^\/(layers|session|users|keys)(\/|$)/;

export function takesIdempotencyKey({ method, path }: Placed): boolean {
  return method !== 'get' && path !== '/stac/search' && !withoutKey.test(path);
}

/** The refusals that an operation may answer with, each a problem. */
export function problemStatuses(placed: Placed): number[] {
  const { method, path, operation } = placed;
  const named = (where: string) => operation.parameters?.some((one) => one.in === where) ?? false;
  const open = operation.security?.length === 0;
  const writes = method !== 'get' && path !== '/stac/search';
  const body = operation.requestBody !== undefined;
  return [
    400,
    ...(open && !/^\/(session|console)/.test(path) ? [] : [401, 403]),
    ...(named('path') || named('query') || body ? [404] : []),
    ...(writes ? [409, 412] : []),
    ...(method === 'get' ? [] : [413]),
    ...(writes || body || named('path') || named('query') ? [422] : []),
    ...[415, 429, 503],
  ];
}

export function problemName(status: number): string {
  return `Problem${status}`;
}

const text = { type: 'string' };

export const problemSchema = {
  type: 'object',
  description: 'RFC 9457: what was wrong, in one line.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { ...text, example: 'urn:tuban:problem:bad-request' },
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { ...text, description: 'One line that names the thing, what was wanted and what was got.' },
    instance: { ...text, description: 'The path that was asked for.' },
    code: { ...text, enum: Object.keys(problems) },
    requestId: { ...text, description: 'As X-Request-Id and the log call the request.' },
    errors: {
      type: 'array',
      description: 'Each field of a bad request.',
      items: {
        type: 'object',
        required: ['in', 'field', 'wanted', 'got'],
        properties: {
          in: { ...text, enum: ['query', 'path', 'header', 'body'] },
          field: text,
          wanted: text,
          got: text,
        },
      },
    },
  },
};

/** A response for every status that a problem can have, to be referred to. */
export function problemResponses(): Record<string, object> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const statuses = [...new Set(Object.values(problems).map(([status]) => status))].sort();
  const each = statuses.map((status) => {
    const codes = Object.entries(problems).filter(([, [one]]) => one === status);
    const description = `${STATUS_CODES[status]}: ${codes.map(([code]) => `\`${code}\``).join(', ')}`;
    return [problemName(status), { description, ...headersOf(status), content }] as const;
  });
  return { ...Object.fromEntries(each), Problem: { description: 'What was wrong', content } };
}

function headersOf(status: number): object {
  const header = (description: string, type = 'string') => ({ description, schema: { type } });
  if (status === 401) return { headers: { 'WWW-Authenticate': header('Bearer realm="tuban"') } };
  if (status === 429 || status === 503) return { headers: { 'Retry-After': header('Seconds to wait', 'integer') } };
  return {};
}
