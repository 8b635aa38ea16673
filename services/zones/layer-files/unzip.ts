import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { refuseLayer, shown } from '../layer-refusal.ts';

/** A zip that would unpack to more is refused. */
const MOST_BYTES = 8 * 1024 ** 3;
/** Deflate packs a thousand zeros into a byte; tables full of blanks come to a hundred. */
const MOST_RATIO = 400;
/** Below this a high ratio does no harm. */
const HARMLESS_BYTES = 256 * 1024 ** 2;
const MOST_ENTRIES = 20_000;
const WANTED = /\.(shp|dbf|shx|prj|cpg|fields\.csv|gpkg|geojson|json|geojsonl|geojsons|ndjson|jsonl|fgb)$/i;
const ENCRYPTED = 1;
const UTF8_NAME = 0x800;
const SYMBOLIC_LINK = 0o120000;

/**
 * Unpacks the files of a zip that a layer can be made of into a new temporary folder, whose name it returns.
 * @throws ServiceError layer-invalid: broken, encrypted, names that lead elsewhere, or more than a layer can be
 */
export async function unzip(path: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tuban-layer-'));
  try {
    const zip = await openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
    try {
      for (const { entry, name } of await wantedEntries(zip, path)) await extract(zip, entry, join(folder, name), path);
    } finally {
      zip.close();
    }
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (error instanceof Error && error.name === 'ServiceError') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return refuseLayer(path, null, `is a zip that cannot be unpacked (${reason.split('\n')[0]})`, error);
  }
}

async function wantedEntries(zip: ZipFile, path: string): Promise<{ entry: Entry; name: string }[]> {
  const wanted: { entry: Entry; name: string }[] = [];
  const sums = { bytes: 0, packed: 0, entries: 0 };
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (++sums.entries > MOST_ENTRIES) refuseLayer(path, null, `is a zip of more than ${MOST_ENTRIES} files`);
    if (!WANTED.test(name) || /(^|[\\/])(__MACOSX[\\/]|\.[^.\\/])/.test(name)) continue;
    refuseTricks(entry, name, path);
    sums.bytes += entry.uncompressedSize;
    sums.packed += entry.compressedSize;
    wanted.push({ entry, name });
  }
  const ratio = sums.bytes / Math.max(1, sums.packed);
  const gigabytes = (sums.bytes / 1024 ** 3).toFixed(1);
  if (sums.bytes > MOST_BYTES) refuseLayer(path, null, `is a zip that unpacks to ${gigabytes} GB; wanted at most 8`);
  if (ratio > MOST_RATIO && sums.bytes > HARMLESS_BYTES) {
    refuseLayer(
      path,
      null,
      `is a zip that unpacks to ${ratio.toFixed(0)} times its size (${gigabytes} GB): unpack it yourself if it is sound`,
    );
  }
  return wanted;
}

function refuseTricks(entry: Entry, name: string, path: string): void {
  const leadsAway = /\\|\0|^\/|^[A-Za-z]:|(^|\/)\.\.(\/|$)/.test(name);
  if (leadsAway) refuseLayer(path, null, `is a zip with the file name ${shown(name)}, which leads out of it`);
  const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === SYMBOLIC_LINK;
  if (isLink) refuseLayer(path, null, `is a zip with a link (${shown(name)}); wanted files`);
  if (entry.generalPurposeBitFlag & ENCRYPTED) {
    refuseLayer(path, null, `is a zip with a password (${shown(name)} is encrypted); wanted one without`);
  }
}

/** Windows writes the names of a zip in GBK there, and does not say so. */
function nameOf(entry: Entry): string {
  const bytes = entry.fileNameRaw;
  const utf8 = (entry.generalPurposeBitFlag & UTF8_NAME) !== 0 || isUtf8(bytes);
  const name = new TextDecoder(utf8 ? 'utf-8' : 'gb18030').decode(bytes);
  // Some Windows archivers write backslashes for slashes.
  return /^[\w .\-\u4e00-\u9fff]+(\\[\w .\-\u4e00-\u9fff]+)+$/.test(name) && !name.includes('..')
    ? name.replaceAll('\\', '/')
    : name;
}

async function extract(zip: ZipFile, entry: Entry, target: string, path: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const from = await zip.openReadStreamPromise(entry);
  // wx: the same name twice would be one file over another.
  await pipeline(from, createWriteStream(target, { flags: 'wx' })).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    refuseLayer(path, null, `is a zip whose ${shown(nameOf(entry))} cannot be unpacked (${reason})`, error);
  });
}
