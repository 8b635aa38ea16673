/** What can be wrong with imagery. Each code is placed in the API's problem table. */
export type ImageryErrorCode =
  | 'file-missing'
  | 'not-a-file'
  | 'not-a-tiff'
  | 'tiff-damaged'
  | 'tiff-unsupported'
  | 'not-an-image'
  | 'image-damaged'
  | 'image-unsupported'
  | 'crs-unknown'
  | 'crs-missing'
  | 'no-overlap'
  | 'bands-differ'
  | 'sample-type-differs'
  | 'nothing-observed'
  | 'misregistered'
  | 'picture-failed'
  | 'remote-refused'
  | 'remote-failed'
  | 'remote-changed';

/** One-line, complete sentence: the thing, what was wanted and what was got. */
export class ImageryError extends Error {
  readonly code: ImageryErrorCode;

  constructor(code: ImageryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ImageryError';
    this.code = code;
  }
}
