import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImageryError } from '../../../imagery/error.ts';
import { ServiceError } from '../../error.ts';
import type { Store } from '../../store/open.ts';
import { importLayer, type LayerImport } from './import-layer.ts';
import { checkRequest, type ImportRequest } from './request.ts';

/** How many ended uploads are remembered. */
const REMEMBERED = 100;
/** Letters of a file's name that are kept: as bytes they fit any file system. */
const NAME_LENGTH = 80;

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
  /** One line, with nothing in it of where the server keeps its files. */
  error: string | null;
}

export interface LayerUploadsOptions {
  now: () => Date;
  /** Told of a failure that is no fault of the file. */
  onFailure: (error: unknown) => void;
}

/** What is asked of an uploaded file, which comes by itself. */
export type UploadRequest = Omit<ImportRequest, 'path' | 'shownAs' | 'now' | 'signal' | 'onProgress'>;

/** Layer files sent to the service: kept in a temporary folder until they are imported, one after the other. */
export class LayerUploads {
  readonly #store: Store;
  readonly #options: LayerUploadsOptions;
  readonly #uploads = new Map<string, Upload>();
  readonly #arriving = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(store: Store, options: LayerUploadsOptions) {
    this.#store = store;
    this.#options = options;
  }

  find(id: string): Upload | null {
    return this.#uploads.get(id) ?? null;
  }

  /**
   * Takes a file in and begins its import; resolves when the file is here whole. Nothing stays of one that breaks off.
   * @throws ServiceError bad-input, busy; and whatever the body ends with
   */
  async take(name: string, body: AsyncIterable<Uint8Array>, request: UploadRequest): Promise<Upload> {
    checkRequest(request);
    const arrival = this.#receive(name, body);
    this.#arriving.add(arrival);
    try {
      const { folder, path } = await arrival;
      return this.#begin(name, folder, { ...request, path, shownAs: name });
    } finally {
      this.#arriving.delete(arrival);
    }
  }

  /** Resolves when nothing is being imported. */
  async idle(): Promise<void> {
    await this.#last;
  }

  /** Breaks off what is being imported, so that it goes on when the same file is sent again; takes nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort(stopped());
    await Promise.allSettled(this.#arriving);
    await this.#last;
  }

  async #receive(name: string, body: AsyncIterable<Uint8Array>): Promise<{ folder: string; path: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'tuban-upload-'));
    const path = join(folder, fileName(name));
    try {
      await pipeline(body, createWriteStream(path));
      this.#stopping.signal.throwIfAborted();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return { folder, path };
  }

  #begin(file: string, folder: string, request: Omit<ImportRequest, 'now'>): Upload {
    const [id, layer] = [randomUUID(), request.layer];
    const upload: Upload = { id, layer, file, state: 'importing', done: 0, total: null, result: null, error: null };
    this.#remember(upload);
    this.#last = this.#last.then(() => this.#import(upload, request, folder));
    return upload;
  }

  async #import(upload: Upload, request: Omit<ImportRequest, 'now'>, folder: string): Promise<void> {
    try {
      upload.result = await importLayer(this.#store, {
        ...request,
        now: this.#options.now(),
        signal: this.#stopping.signal,
        onProgress: (done, total) => Object.assign(upload, { done, total }),
      });
      upload.state = 'done';
    } catch (error) {
      upload.error = this.#told(error, folder);
      upload.state = 'failed';
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What the sender is told: of the file as he named it, and of nothing inside the server. */
  #told(error: unknown, folder: string): string {
    if (!(error instanceof ServiceError || error instanceof ImageryError)) {
      this.#options.onFailure(error);
      return 'The import failed; the log of the server has the details.';
    }
    const unpacked = join(tmpdir(), 'tuban-layer-');
    return error.message
      .replaceAll(join(folder, '/'), '')
      .split(unpacked)
      .map((part, i) => (i === 0 ? part : part.replace(/^\w+[\\/]?/, '')))
      .join('')
      .replace(/\s+/g, ' ');
  }

  #remember(upload: Upload): void {
    this.#uploads.set(upload.id, upload);
    const ended = [...this.#uploads.values()].filter(({ state }) => state !== 'importing');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) this.#uploads.delete(id);
  }
}

/** Only the end of the name is taken over: it tells parts of a shapefile apart and stands in messages. */
function fileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1)!;
  const plain = last.replace(/[^\p{L}\p{N}._-]/gu, '_').slice(-NAME_LENGTH);
  return /[\p{L}\p{N}]/u.test(plain) ? plain : 'layer';
}

function stopped(): ServiceError {
  return new ServiceError('busy', 'The server is being stopped: send the same file again, and its import goes on.');
}
