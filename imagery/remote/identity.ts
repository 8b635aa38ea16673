import { createHash } from 'node:crypto';
import { ImageryError } from '../error.ts';
import { shownAddress } from './location.ts';
import { openRemoteFile, type RemoteFile, type RemoteVersion } from './remote-file.ts';

/** Which bytes a remote scene is, told without fetching all of them. */
export interface RemoteIdentity {
  /** 64 hex digits. */
  sha256: string;
  /**
   * What was hashed. 'bytes': all bytes of the file, as for a local one. 'version': address, length, ETag (else time
   * of modification) and the first 64 KiB; this vouches for the rest only as far as the server's ETag does.
   */
  of: 'bytes' | 'version';
  version: RemoteVersion;
}

/**
 * The identity of a file behind an http://, https:// or s3:// address. The first 64 KiB of a COG hold the place and
 * length of its tiles, so that hardly any new content leaves them as they were. What follows '?' in an address is left
 * out: signed addresses change while the file does not.
 * @throws ImageryError remote-refused when the server tells neither ETag nor time: a change would pass unnoticed
 */
export async function remoteIdentity(path: string): Promise<RemoteIdentity> {
  const file = await openRemoteFile(path);
  try {
    return identityOf(path, file);
  } finally {
    await file.close();
  }
}

export async function remoteHash(path: string): Promise<string> {
  return hashOf(await remoteIdentity(path));
}

/**
 * What stands where the sha256 of a local scene's bytes would: 64 hex digits where it is that of all bytes,
 * 'version:' and 64 hex digits where it is not, so that nobody takes the one for the other.
 */
export function hashOf({ sha256, of }: RemoteIdentity): string {
  return of === 'bytes' ? sha256 : `version:${sha256}`;
}

function identityOf(path: string, { version, head }: RemoteFile): RemoteIdentity {
  if (head.length === version.byteLength) return { sha256: sha256(head), of: 'bytes', version };
  const state = version.etag ?? version.lastModified;
  if (state === null) {
    const wanted = 'wanted an ETag or Last-Modified to tell when it is changed, got neither; download it first';
    throw new ImageryError('remote-refused', `${shownAddress(path)}: cannot be evidence: ${wanted}.`);
  }
  const facts = ['tuban remote scene 1', shownAddress(path), version.byteLength, state, sha256(head)];
  return { sha256: sha256(JSON.stringify(facts)), of: 'version', version };
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
