import { createHash, type KeyObject, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { openZip } from '../../services/archive/zip-reader.ts';

/** What a bundle holds, by name, in its order. */
export type Unpacked = Map<string, Buffer>;

export async function unpacked(path: string): Promise<Unpacked> {
  const zip = await openZip(path, 'a bundle');
  try {
    const files: Unpacked = new Map();
    for (const name of zip.sizes.keys()) files.set(name, await zip.read(name, 2 ** 31));
    return files;
  } finally {
    zip.close();
  }
}

/** As BundleWriter packs, but not waiting for the disk. */
export async function packed(path: string, files: Unpacked): Promise<void> {
  const entries = [...files].map(([name, bytes]) => ({
    name,
    bytes,
    size: bytes.byteLength,
    crc: crc32(bytes),
    method: 0,
  }));
  await writeFile(path, zipOf(entries));
}

/** A zip that unpacks to `size` zeros, packed a thousandfold. */
export function bombNamed(name: string, size: number): Buffer {
  return zipOf([{ name, bytes: deflateRawSync(Buffer.alloc(size)), size, crc: 0, method: 8 }]);
}

interface Entry {
  name: string;
  bytes: Buffer;
  /** Unpacked. */
  size: number;
  crc: number;
  /** 0 stored, 8 deflated. */
  method: number;
}

function zipOf(entries: readonly Entry[]): Buffer {
  const [parts, central]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, bytes, size, crc, method } of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    central.push(Buffer.from('504b01021400', 'hex'), common, offset, Buffer.from(name));
    const local = [Buffer.from('504b0304', 'hex'), common, Buffer.from(name), bytes];
    parts.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...central, end]);
}

/** As somebody would who has the key: what was changed is listed with its new size and hash, and signed anew. */
export function resigned(files: Unpacked, key: KeyObject): Unpacked {
  const manifest = JSON.parse(files.get('manifest.json')!.toString());
  for (const file of manifest.files) {
    const bytes = files.get(file.name)!;
    file.bytes = bytes.byteLength;
    file.sha256 = createHash('sha256').update(bytes).digest('hex');
  }
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const signed = new Map(files);
  signed.set('manifest.json', text);
  signed.set('manifest.sig', Buffer.from(`${sign(null, text, key).toString('base64')}\n`));
  return signed;
}

/** The same file with its JSON changed in place. */
// biome-ignore lint/suspicious/noExplicitAny: a bundle's JSON, changed as a forger would
export function withJson(files: Unpacked, name: string, change: (value: any) => void): Unpacked {
  const value = JSON.parse(files.get(name)!.toString());
  change(value);
  return new Map(files).set(name, Buffer.from(`${JSON.stringify(value, null, 1)}\n`));
}

export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
