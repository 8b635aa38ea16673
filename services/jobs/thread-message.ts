import { ImageryError, type ImageryErrorCode } from '../../imagery/error.ts';
import { ServiceError, type ServiceErrorCode } from '../error.ts';

/** What the pool asks of a thread. A thread does one thing at a time, so answers need no number. */
export interface ThreadRequest {
  kind: string;
  payload: unknown;
}

export type ThreadAnswer = { result: unknown } | { error: ErrorMessage };

/** An error as it crosses the boundary: structured clone would lose the class and the code. */
export interface ErrorMessage {
  name: string;
  message: string;
  code?: string;
  details?: unknown;
  stack?: string;
}

export function packError(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(details === undefined ? {} : { details }),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}

/** The error on the pool's side: our own classes again, others an Error with the same name and code. */
export function unpackError(packed: ErrorMessage): Error {
  const { name, message, code, details, stack } = packed;
  let error: Error;
  if (name === 'ImageryError') error = new ImageryError(code as ImageryErrorCode, message);
  else if (name === 'ServiceError') error = new ServiceError(code as ServiceErrorCode, message, details as never);
  else error = Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}
