/** What can go wrong in the services. Each code is placed in the API's problem table. */
export type ServiceErrorCode =
  | 'not-found'
  | 'bad-input'
  | 'layer-invalid'
  | 'scene-invalid'
  | 'stac-invalid'
  | 'month-empty'
  | 'illegal-transition'
  | 'version-conflict'
  | 'busy'
  | 'job-failed'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-many-requests'
  | 'store-unusable';

/** One-line, complete sentence: the thing, what was wanted and what was got. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  /** What a caller may do instead, for the API to pass on (e.g. the transitions that are possible). */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ServiceErrorCode, message: string, details?: Record<string, unknown>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ServiceError';
    this.code = code;
    this.details = details;
  }
}
