import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { ImageryError, type ImageryErrorCode } from '../../imagery/error.ts';
import { ServiceError, type ServiceErrorCode } from '../../services/error.ts';
import { ApiError, type ApiErrorCode, type FieldError } from '../error.ts';

type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503;
export type ProblemCode = ImageryErrorCode | ServiceErrorCode | ApiErrorCode;

/** Every error code of the program and how HTTP says it. A new code does not compile until it stands here. */
export const problems: Readonly<Record<ProblemCode, readonly [ProblemStatus, string]>> = {
  'file-missing': [404, 'File not found'],
  'not-a-file': [422, 'Not a file'],
  'not-a-tiff': [422, 'Not a TIFF image'],
  'tiff-damaged': [422, 'Damaged TIFF image'],
  'tiff-unsupported': [422, 'Unsupported TIFF image'],
  'not-an-image': [422, 'Not an image'],
  'image-damaged': [422, 'Damaged image'],
  'image-unsupported': [422, 'Unsupported image'],
  'crs-unknown': [422, 'Unknown coordinate system'],
  'crs-missing': [422, 'Coordinate system missing'],
  'no-overlap': [422, 'Images do not overlap'],
  'bands-differ': [422, 'Bands differ'],
  'sample-type-differs': [422, 'Sample types differ'],
  'nothing-observed': [422, 'Nothing observed'],
  misregistered: [422, 'Images could not be aligned'],
  'picture-failed': [500, 'Picture could not be made'],
  'remote-refused': [403, 'Remote address not allowed'],
  'remote-failed': [503, 'Remote file cannot be read'],
  'remote-changed': [409, 'Remote file changed'],
  'not-found': [404, 'Not found'],
  'bad-input': [400, 'Bad input'],
  'layer-invalid': [422, 'Invalid layer'],
  'scene-invalid': [422, 'Invalid scene'],
  'stac-invalid': [422, 'Invalid STAC document'],
  'month-empty': [422, 'No images for this month'],
  'illegal-transition': [409, 'Step not possible from this state'],
  'version-conflict': [409, 'Changed by somebody else'],
  busy: [503, 'Busy'],
  'job-failed': [500, 'Job failed'],
  unauthenticated: [401, 'Key required'],
  forbidden: [403, 'Not allowed'],
  'too-many-requests': [429, 'Too many requests'],
  'store-unusable': [503, 'Store not usable'],
  'bad-request': [400, 'Bad request'],
  'unknown-address': [404, 'No such address'],
  'method-not-allowed': [405, 'Method not allowed'],
  'precondition-failed': [412, 'Changed since it was read'],
  'key-reused': [422, 'Idempotency key used for another request'],
  'key-in-use': [409, 'The first request of this key is still running'],
  'answer-lost': [409, 'Carried out, but its answer was lost'],
  'too-large': [413, 'Request body too large'],
  'unsupported-media-type': [415, 'Unsupported media type'],
  'port-in-use': [500, 'Port in use'],
  internal: [500, 'Internal error'],
};

/** RFC 9457. `code` repeats the last part of `type`; `errors` names each field of a bad request. */
export interface Problem {
  type: string;
  title: string;
  status: ProblemStatus;
  detail: string;
  instance: string;
  code: ProblemCode;
  errors?: readonly FieldError[];
  [detail: string]: unknown;
}

/** The problem that tells `error` to the caller of `path`. What is not ours is told without its message. */
export function problemOf(error: unknown, path: string): Problem {
  if (error instanceof ServiceError) return problem(error.code, error.message, path, error.details);
  if (error instanceof ImageryError) return problem(error.code, error.message, path);
  if (error instanceof ApiError) {
    return problem(error.code, error.message, path, error.fields.length > 0 ? { errors: error.fields } : undefined);
  }
  if (error instanceof HTTPException && error.status === 415) {
    return problem('unsupported-media-type', 'The body must be sent as Content-Type application/json.', path);
  }
  if (error instanceof HTTPException && error.status < 500) {
    return problem('bad-request', `${error.message}.`, path);
  }
  return problem('internal', 'The server failed; its log has the details.', path);
}

function problem(code: ProblemCode, detail: string, instance: string, more?: Readonly<Record<string, unknown>>) {
  const [status, title] = problems[code];
  return { ...more, type: `urn:tuban:problem:${code}`, title, status, detail: oneLine(detail), instance, code };
}

export function problemResponse(c: Context, error: unknown): Response {
  const body: Problem = { ...problemOf(error, c.req.path), requestId: c.get('requestId') };
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  if (body.status === 401) headers['WWW-Authenticate'] = 'Bearer realm="tuban"';
  if (body.status === 503) headers['Retry-After'] = '5';
  if (body.status === 429) headers['Retry-After'] = String(body['retryAfter'] ?? 1);
  return c.body(JSON.stringify(body), body.status, headers);
}

/** What the request validators call with their verdict: a refusal names each field, wanted and got. */
export function refuseInvalid(result: { target: string; success: boolean; error?: ZodError; data?: unknown }): void {
  if (result.success || !result.error) return;
  const place = places[result.target] ?? 'body';
  const fields = result.error.issues.flatMap((issue) => fieldErrors(issue, place, result.data));
  const first = fields[0];
  throw new ApiError('bad-request', `${sentenceStart(first)} must be ${first.wanted}; got ${first.got}.`, fields);
}

const places: Record<string, FieldError['in']> = { query: 'query', param: 'path', header: 'header', json: 'body' };

function sentenceStart(field: FieldError): string {
  const names = { query: 'Query parameter', path: 'Path segment', header: 'Header', body: 'Body field' };
  return `${names[field.in]} '${field.field}'`;
}

function fieldErrors(issue: ZodError['issues'][number], place: FieldError['in'], data: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const wanted = 'one that is known here';
    return issue.keys.map((key) => {
      return { in: place, field: oneLine([...issue.path, key].join('.'), 80), wanted, got: shown(key) };
    });
  }
  const got = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], data);
  return [{ in: place, field: issue.path.join('.') || '(whole)', wanted: issue.message, got: shown(got) }];
}

/** A value as a message may repeat it: short, and on one line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? `'${value}'` : asJson(value);
  return oneLine(text, 80);
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'something nested too deep to be shown';
  }
}

/** What was sent may hold line ends, or marks that turn the rest of a line around: a message repeats neither. */
function oneLine(text: string, most = 1000): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').toWellFormed();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
