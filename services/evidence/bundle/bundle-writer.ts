import { createHash, type KeyObject, sign } from 'node:crypto';
import { ZipWriter } from '../../archive/zip-writer.ts';
import type { Label } from '../../lifecycle/label.ts';
import { EDITION, MANIFEST, type Manifest, SIGNATURE } from './manifest.ts';

export type ManifestHead = Pick<Manifest, 'kind' | 'subject' | 'at' | 'askedBy' | 'versions' | 'notes' | 'missing'>;

/** A bundle in the making: each file is listed with its size and sha256; sealed last. */
export class BundleWriter {
  readonly #zip: ZipWriter;
  readonly #files: Manifest['files'] = [];

  private constructor(zip: ZipWriter) {
    this.#zip = zip;
  }

  /** @throws ServiceError bad-input where it cannot be written there */
  static async create(path: string): Promise<BundleWriter> {
    return new BundleWriter(await ZipWriter.create(path));
  }

  /** Those written so far, in their order. */
  get files(): readonly Manifest['files'][number][] {
    return this.#files;
  }

  async add(name: string, content: Uint8Array | string, what: Label): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await this.#zip.add(name, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#files.push({ name, bytes: bytes.byteLength, sha256, what });
  }

  async addJson(name: string, value: unknown, what: Label): Promise<void> {
    await this.add(name, jsonText(value), what);
  }

  async addFile(name: string, path: string, what: Label): Promise<void> {
    this.#files.push({ name, ...(await this.#zip.addFile(name, path)), what });
  }

  /** Signs what was added and gives the file its name. @returns the sha256 of the manifest, which is the bundle's id */
  async seal(head: ManifestHead, key: { id: string; key: KeyObject; publicKey: string }): Promise<string> {
    const manifest: Manifest = {
      format: EDITION,
      ...head,
      key: { id: key.id, publicKey: key.publicKey },
      files: this.#files,
    };
    const text = Buffer.from(jsonText(manifest));
    await this.#zip.add(MANIFEST, text);
    await this.#zip.add(SIGNATURE, Buffer.from(`${sign(null, text, key.key).toString('base64')}\n`));
    await this.#zip.finish();
    return createHash('sha256').update(text).digest('hex');
  }

  /** Leaves nothing behind. */
  abandon(): Promise<void> {
    return this.#zip.abandon();
  }
}

/** Indented, as a person opens it. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
