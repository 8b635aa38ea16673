import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ImageryError } from './error.ts';

/** The bytes of an open file of this machine. */
export class LocalFile {
  readonly path: string;
  readonly byteLength: number;
  private readonly handle: FileHandle;

  constructor(path: string, handle: FileHandle, byteLength: number) {
    this.path = path;
    this.handle = handle;
    this.byteLength = byteLength;
  }

  /** Exactly `length` bytes from `offset`. @throws ImageryError image-damaged where the file is shorter */
  async read(offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0)
        throw new ImageryError(
          'image-damaged',
          `${this.path}: is truncated: wanted at least ${offset + length} bytes, got ${this.byteLength}.`,
        );
      filled += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Opens a file that is to be an image. @throws ImageryError file-missing, not-a-file */
export async function openLocalFile(path: string): Promise<LocalFile> {
  const { handle, byteLength } = await openRegularFile(path, 'an image');
  return new LocalFile(path, handle, byteLength);
}

/** @param wanted what it should be, for the message. @throws ImageryError file-missing, not-a-file */
export async function openRegularFile(path: string, wanted: string) {
  // Opening a pipe would wait for a writer otherwise, for ever where none comes.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
        throw new ImageryError('file-missing', `${path}: wanted ${wanted}, but there is no such file.`, error);
      throw new ImageryError(
        'not-a-file',
        `${path}: wanted ${wanted}, but it cannot be opened (${error.code}).`,
        error,
      );
    },
  );
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new ImageryError('not-a-file', `${path}: wanted ${wanted}, got a folder.`);
    if (!stat.isFile()) throw new ImageryError('not-a-file', `${path}: wanted ${wanted}, got a device or pipe.`);
    return { handle, byteLength: stat.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
