/** What can be wrong with a request before any rule of the work is asked. */
export type ApiErrorCode =
  | 'bad-request'
  | 'unknown-address'
  | 'method-not-allowed'
  | 'precondition-failed'
  | 'key-reused'
  | 'key-in-use'
  | 'answer-lost'
  | 'too-large'
  | 'unsupported-media-type'
  | 'port-in-use'
  | 'internal';

/** One field of a request that was not as wanted. */
export interface FieldError {
  in: 'query' | 'path' | 'header' | 'body';
  field: string;
  wanted: string;
  got: string;
}

/** One-line, complete sentence: the thing, what was wanted and what was got. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly fields: readonly FieldError[];

  constructor(code: ApiErrorCode, message: string, fields: readonly FieldError[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ApiError';
    this.code = code;
    this.fields = fields;
  }
}
