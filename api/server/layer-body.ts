import type { ReadableStream } from 'node:stream/web';
import { ServiceError } from '../../services/error.ts';
import { ApiError } from '../error.ts';

/** Most bytes of a layer file sent in: a shapefile of 4 GB with its attributes. */
export const MOST_LAYER_BYTES = 8 * 2 ** 30;

/**
 * The body of a request as it arrives, ended as soon as it has more bytes than it may; one that the sender breaks off
 * ends with a refusal, not as a failure of ours.
 */
export async function* countedBody(
  body: ReadableStream<Uint8Array>,
  most: number,
  what = 'A layer file',
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((error: unknown) => {
      throw new ServiceError('bad-input', `The file broke off after ${bytes} bytes.`, {}, error);
    });
    if (next.done) return;
    bytes += next.value.byteLength;
    if (bytes > most) {
      await chunks.return?.();
      throw tooLarge(most, what);
    }
    yield next.value;
  }
}

/** What the sender says of its length is refused before the first byte of it. */
export function refuseLength(stated: string | undefined, most: number, what = 'A layer file'): void {
  if (stated !== undefined && Number(stated) > most) throw tooLarge(most, what);
}

function tooLarge(most: number, what: string): ApiError {
  return new ApiError('too-large', `${what} has at most ${most} bytes.`);
}
