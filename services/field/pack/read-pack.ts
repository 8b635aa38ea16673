import { type KeyObject, verify } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ServiceError } from '../../error.ts';
import { MOST_PHOTO_BYTES, sha256Of } from '../originals.ts';
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
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch((error) => {
    throw new ServiceError('bad-input', `${path}: wanted a package; it cannot be opened as one: ${reasonOf(error)}.`);
  });
  try {
    const entries = await entriesOf(zip, path);
    const text = await bytesOf(zip, entries.get(MANIFEST), MANIFEST, path, MOST_MANIFEST_BYTES);
    const signature = await bytesOf(zip, entries.get(SIGNATURE), SIGNATURE, path, MOST_SIGNATURE_BYTES);
    const manifest = parseManifest(text, path);
    const key = await keyOf(manifest);
    if (!verify(null, text, key, Buffer.from(signature.toString('latin1'), 'base64'))) {
      throw new ServiceError(
        'bad-input',
        `${path}: its manifest is not what ${manifest.signedBy} signed: it was changed.`,
      );
    }
    checkListed(manifest, entries, path);
    const listed = new Map(manifest.files.map((file) => [file.name, file]));
    const read = async (name: string): Promise<Buffer> => {
      const bytes = await bytesOf(zip, listed.has(name) ? entries.get(name) : undefined, name, path, MOST_PHOTO_BYTES);
      if (sha256Of(bytes) === listed.get(name)!.sha256) return bytes;
      throw new ServiceError('bad-input', `${path}: ${name} is not what the manifest says: it was changed.`);
    };
    return { id: sha256Of(text), manifest, read, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function entriesOf(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) refuse(path, `holds ${zip.entryCount} files; wanted at most ${MOST_ENTRIES}`);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) refuse(path, `holds ${JSON.stringify(entry.fileName)} twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    refuse(path, `is a damaged package: ${reasonOf(error)}`);
  }
  return entries;
}

function checkListed({ files }: Manifest, entries: ReadonlyMap<string, Entry>, path: string): void {
  for (const { name, bytes } of files) {
    const size = entries.get(name)?.uncompressedSize;
    if (size !== bytes) refuse(path, `lists ${name} with ${bytes} bytes, but holds ${size ?? 'none'}`);
  }
  const listed = new Set([MANIFEST, SIGNATURE, ...files.map(({ name }) => name)]);
  for (const name of entries.keys()) {
    if (!listed.has(name)) refuse(path, `holds ${JSON.stringify(name).slice(0, 80)}, which its manifest does not list`);
  }
}

/** Never more than the entry says, nor than it may have. */
async function bytesOf(
  zip: ZipFile,
  entry: Entry | undefined,
  name: string,
  path: string,
  most: number,
): Promise<Buffer> {
  if (entry === undefined) return refuse(path, `lacks ${name}`);
  if (entry.uncompressedSize > most)
    refuse(path, `holds ${name} of ${entry.uncompressedSize} bytes; wanted at most ${most}`);
  try {
    const stream: Readable = await zip.openReadStreamPromise(entry);
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  } catch (error) {
    return refuse(path, `holds ${name}, which cannot be unpacked: ${reasonOf(error)}`);
  }
}

function refuse(path: string, what: string): never {
  throw new ServiceError('bad-input', `${path}: ${what}.`);
}

function reasonOf(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.slice(0, 200);
}
