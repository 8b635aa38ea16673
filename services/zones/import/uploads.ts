import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ServiceError } from '../../error.ts';
import type { Store } from '../../store/open.ts';
import { importLayer, type LayerImport } from './import-layer.ts';
import type { ImportRequest } from './request.ts';

/** Most bytes of an uploaded file. */
export const MOST_BYTES = 8 * 2 ** 30;

/** How many ended uploads are remembered. */
const REMEMBERED = 100;

/** An upload and what became of it. */
export interface Upload {
  id: string;
  layer: string;
  file: string;
  state: 'importing' | 'done' | 'failed';
  /** Features read, of how many where the file says. */
  done: number;
  total: number | null;
  result: LayerImport | null;
  error: ServiceError | null;
}

/** Layer files sent to the service: kept in a temporary folder until they are imported, one after the other. */
export class LayerUploads {
  readonly #store: Store;
  readonly #now: () => Date;
  readonly #uploads = new Map<string, Upload>();
  #last: Promise<void> = Promise.resolve();

  constructor(store: Store, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  find(id: string): Upload | null {
    return this.#uploads.get(id) ?? null;
  }

  /** Takes a file in and begins its import; resolves when the file is here whole. @throws ServiceError layer-invalid */
  async take(
    name: string,
    body: ReadableStream<Uint8Array>,
    request: Omit<ImportRequest, 'path' | 'now'>,
  ): Promise<Upload> {
    const folder = await mkdtemp(join(tmpdir(), 'tuban-upload-'));
    // Only the end of the name is taken over: it tells formats apart and stands in messages.
    const path = join(folder, basename(name).replace(/[^\p{L}\p{N}._-]/gu, '_') || 'layer');
    try {
      await pipeline(Readable.fromWeb(body), limited(name), createWriteStream(path));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    const upload: Upload = {
      id: randomUUID(),
      layer: request.layer,
      file: name,
      state: 'importing',
      done: 0,
      total: null,
      result: null,
      error: null,
    };
    this.#remember(upload);
    this.#last = this.#last.then(() => this.#import(upload, { ...request, path, now: this.#now() }, folder));
    return upload;
  }

  /** Resolves when nothing is being imported. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #import(upload: Upload, request: ImportRequest, folder: string): Promise<void> {
    try {
      upload.result = await importLayer(this.#store, {
        ...request,
        onProgress: (done, total) => Object.assign(upload, { done, total }),
      });
      upload.state = 'done';
    } catch (error) {
      const line = error instanceof Error ? error.message : String(error);
      const message = line.replaceAll(join(folder, '/'), '');
      upload.error = new ServiceError(error instanceof ServiceError ? error.code : 'job-failed', message, {}, error);
      upload.state = 'failed';
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #remember(upload: Upload): void {
    this.#uploads.set(upload.id, upload);
    const ended = [...this.#uploads.values()].filter(({ state }) => state !== 'importing');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) this.#uploads.delete(id);
  }
}

function limited(name: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, pass) {
      bytes += chunk.byteLength;
      const tooBig = bytes > MOST_BYTES;
      pass(
        tooBig ? new ServiceError('layer-invalid', `${name}: has more than ${MOST_BYTES / 2 ** 30} GiB.`) : null,
        chunk,
      );
    },
  });
}
