import { type KeyObject, sign } from 'node:crypto';
import { ZipWriter } from '../../archive/zip-writer.ts';
import { sha256Of } from '../../sha256.ts';
import { MANIFEST, type Manifest, SIGNATURE } from './manifest.ts';

export interface PackFile {
  name: string;
  bytes: Uint8Array;
}

export interface Sealing {
  kind: Manifest['kind'];
  /** Ed25519 private key, and the id of the public one. */
  key: KeyObject;
  signedBy: string;
  at: Date;
}

/**
 * Writes a package: the files, the manifest with the sha256 of each, and the signature over the manifest's bytes.
 * @returns the sha256 of the manifest, which is the package's id
 */
export async function writePack(
  path: string,
  files: AsyncIterable<PackFile> | Iterable<PackFile>,
  { kind, key, signedBy, at }: Sealing,
): Promise<string> {
  const zip = await ZipWriter.create(path);
  try {
    const listed: Manifest['files'] = [];
    for await (const { name, bytes } of files) {
      await zip.add(name, bytes);
      listed.push({ name, bytes: bytes.byteLength, sha256: sha256Of(bytes) });
    }
    const manifest: Manifest = { format: 'tuban-pack-1', kind, signedBy, at: at.toISOString(), files: listed };
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await zip.add(MANIFEST, text);
    await zip.add(SIGNATURE, Buffer.from(sign(null, text, key).toString('base64')));
    await zip.finish();
    return sha256Of(text);
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}
