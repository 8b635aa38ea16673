import { readSync } from 'node:fs';
import { ImageryError } from '../error.ts';
import { openRegularFile } from '../local-file.ts';
import { isRemotePath, shownAddress } from '../remote/location.ts';
import type { RemoteVersion } from '../remote/remote-file.ts';
import { describeContent, isTiff } from './signature.ts';

/** No directory value is longer; a longer request comes from a damaged count. */
const LARGEST_VALUE_BYTES = 512 * 2 ** 20;

/** Where bytes are read from: an open file of this machine, or one of another. */
interface ByteHandle {
  /** What the system knows a file of this machine by. */
  readonly fd?: number;
  read(target: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  /** Has ranges fetched together that are read in a moment; where that costs nothing there is no need to say. */
  expect?(ranges: readonly { offset: number; length: number }[]): void;
  close(): Promise<void>;
}

/**
 * A TIFF file's bytes. Has the shape of geotiff.js's BaseSource (fetch, fetchSlice, fileSize, close), whose own
 * file source fills whatever lies beyond the end of the file with zeros without a word.
 */
export class TiffFile {
  readonly path: string;
  readonly fileSize: number;
  private readonly handle: ByteHandle;

  constructor(path: string, handle: ByteHandle, fileSize: number) {
    this.path = path;
    this.handle = handle;
    this.fileSize = fileSize;
  }

  /** Exactly `length` bytes from `offset`. @throws ImageryError tiff-damaged where the file is shorter */
  async read(offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) throw this.endsTooEarly(offset + length);
      filled += bytesRead;
    }
    return bytes;
  }

  /** Whether readNow() can be called. */
  get isLocal(): boolean {
    return this.handle.fd !== undefined;
  }

  /** Fills `target` from `offset` on without a pause. @throws ImageryError tiff-damaged where the file is shorter */
  readNow(offset: number, target: Uint8Array): void {
    for (let filled = 0; filled < target.length; ) {
      const bytesRead = readSync(this.handle.fd!, target, filled, target.length - filled, offset + filled);
      if (bytesRead === 0) throw this.endsTooEarly(offset + target.length);
      filled += bytesRead;
    }
  }

  /** Says what is read in a moment; `ranges` is only called where that is of use. */
  expect(ranges: () => { offset: number; length: number }[]): void {
    if (this.handle.expect) this.handle.expect(ranges());
  }

  async fetch(slices: { offset: number; length: number }[]): Promise<ArrayBuffer[]> {
    const fetched = await Promise.all(slices.map((slice) => this.fetchSlice(slice)));
    return fetched.map(({ data }) => data);
  }

  /** geotiff.js asks for more than it needs; a slice may stop at the end of the file but not begin beyond it. */
  async fetchSlice({ offset, length }: { offset: number; length: number }) {
    if (!(offset < this.fileSize)) throw this.endsTooEarly(offset + length);
    const available = Math.min(length, this.fileSize - offset);
    if (available > LARGEST_VALUE_BYTES)
      throw new ImageryError('tiff-damaged', `${this.path}: is damaged: a directory value claims ${length} bytes.`);
    const bytes = await this.read(offset, available);
    return { data: bytes.buffer, offset, length: available };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private endsTooEarly(wanted: number): ImageryError {
    return new ImageryError(
      'tiff-damaged',
      `${this.path}: is truncated: wanted at least ${wanted} bytes, got ${this.fileSize}.`,
    );
  }
}

/**
 * Opens a file that begins as a TIFF: a path, or an http://, https:// or s3:// address.
 * @param pinned the only state of a remote file that is wanted
 * @throws ImageryError file-missing, not-a-file, not-a-tiff, remote-refused, remote-failed, remote-changed
 */
export async function openTiffFile(path: string, pinned?: RemoteVersion): Promise<TiffFile> {
  if (isRemotePath(path)) {
    const { openRemoteFile } = await import('../remote/remote-file.ts');
    const remote = await openRemoteFile(path, pinned && { pinned });
    return beginningAsTiff(shownAddress(path), remote, remote.version.byteLength);
  }
  const { handle, byteLength } = await openRegularFile(path, 'a TIFF');
  try {
    return await beginningAsTiff(path, handle, byteLength);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function beginningAsTiff(path: string, handle: ByteHandle, byteLength: number): Promise<TiffFile> {
  if (byteLength === 0) throw new ImageryError('not-a-tiff', `${path}: wanted a TIFF, got an empty file (0 bytes).`);
  const file = new TiffFile(path, handle, byteLength);
  const head = await file.read(0, Math.min(byteLength, 512));
  if (!isTiff(head) || head.length < 8)
    throw new ImageryError('not-a-tiff', `${path}: wanted a TIFF, got ${describeContent(head)}.`);
  return file;
}
