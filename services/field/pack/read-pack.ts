import { type KeyObject, verify } from 'node:crypto';
import { type OpenZip, openZip } from '../../archive/zip-reader.ts';
import { ServiceError } from '../../error.ts';
import { sha256Of } from '../../sha256.ts';
import { MOST_PHOTO_BYTES } from '../originals.ts';
import { MANIFEST, type Manifest, parseManifest, SIGNATURE } from './manifest.ts';

const MOST_MANIFEST_BYTES = 8 * 2 ** 20;
const MOST_SIGNATURE_BYTES = 256;
const MOST_ENTRIES = 20_002;

/** A package whose manifest and signature are sound. */
export interface OpenPack {
  /** sha256 of the manifest. */
  id: string;
  manifest: Manifest;
  /** A listed file's bytes. @throws ServiceError bad-input where they are not what the manifest says */
  read(name: string): Promise<Buffer>;
  close(): void;
}

/**
 * Opens a package and checks it before any file of it is unpacked: it holds what the manifest lists, nothing beside it,
 * nothing larger than listed, and the manifest was signed with the key of whom it names.
 * @param keyOf the public key of who signed, or a refusal
 * @throws ServiceError bad-input
 */
export async function openPack(path: string, keyOf: (manifest: Manifest) => Promise<KeyObject>): Promise<OpenPack> {
  const zip = await openZip(path, 'a package');
  try {
    if (zip.sizes.size > MOST_ENTRIES) refuse(path, `holds ${zip.sizes.size} files; wanted at most ${MOST_ENTRIES}`);
    const text = await zip.read(MANIFEST, MOST_MANIFEST_BYTES);
    const signature = await zip.read(SIGNATURE, MOST_SIGNATURE_BYTES);
    const manifest = parseManifest(text, path);
    const key = await keyOf(manifest);
    if (!verify(null, text, key, Buffer.from(signature.toString('latin1'), 'base64'))) {
      throw new ServiceError(
        'bad-input',
        `${path}: its manifest is not what ${manifest.signedBy} signed: it was changed.`,
      );
    }
    checkListed(manifest, zip.sizes, path);
    const listed = new Map(manifest.files.map((file) => [file.name, file]));
    const read = async (name: string): Promise<Buffer> => {
      const file = listed.get(name) ?? refuse(path, `lacks ${name}`);
      const bytes = await zip.read(name, MOST_PHOTO_BYTES);
      if (sha256Of(bytes) === file.sha256) return bytes;
      throw new ServiceError('bad-input', `${path}: ${name} is not what the manifest says: it was changed.`);
    };
    return { id: sha256Of(text), manifest, read, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function checkListed({ files }: Manifest, sizes: OpenZip['sizes'], path: string): void {
  for (const { name, bytes } of files) {
    const size = sizes.get(name);
    if (size !== bytes) refuse(path, `lists ${name} with ${bytes} bytes, but holds ${size ?? 'none'}`);
  }
  const listed = new Set([MANIFEST, SIGNATURE, ...files.map(({ name }) => name)]);
  for (const name of sizes.keys()) {
    if (!listed.has(name)) refuse(path, `holds ${JSON.stringify(name).slice(0, 80)}, which its manifest does not list`);
  }
}

function refuse(path: string, what: string): never {
  throw new ServiceError('bad-input', `${path}: ${what}.`);
}
