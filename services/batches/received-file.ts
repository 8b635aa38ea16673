import { createReadStream, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../error.ts';
import { insertFilePart } from '../store/batch-files.ts';
import type { Store } from '../store/open.ts';
import { endingOf } from '../zones/layer-files/file-bytes.ts';
import type { OpenLayer } from '../zones/layer-files/layer-file.ts';
import { refuseLayer } from '../zones/layer-refusal.ts';

const PART_BYTES = 1 << 20;

/** A file of a batch and those that belong to it: a shapefile's, in any letter case. */
export interface ReceivedFile {
  /** Without its endings. */
  stem: string;
  parts: { ending: string; path: string }[];
}

/** @throws ServiceError layer-invalid: what cannot be sent back in the form it came in */
export function receivedFile(path: string, file: OpenLayer): ReceivedFile {
  const [only, ...others] = file.reading.files;
  if (others.length > 0) refuseLayer(path, null, 'is a folder of several files; wanted one file a batch, as it came');
  if (only.file !== only.path)
    refuseLayer(path, null, 'is a zip; wanted it unpacked: what goes back is the file in it');
  if (file.format === 'flatgeobuf') {
    refuseLayer(path, null, 'is a FlatGeobuf, which cannot be filled in; wanted a shapefile, GeoPackage or GeoJSON');
  }
  const name = basename(only.file);
  const stem = name.slice(0, name.length - endingOf(name).length);
  if (file.format !== 'shapefile') return { stem, parts: [{ ending: name.slice(stem.length), path: only.file }] };
  const folder = dirname(only.file);
  const belongs = (other: string) => other.toLowerCase().startsWith(`${stem.toLowerCase()}.`);
  const parts = readdirSync(folder)
    .filter((other) => belongs(other) && SHAPEFILE_ENDINGS.has(other.slice(stem.length).toLowerCase()))
    .map((other) => ({ ending: other.slice(stem.length), path: join(folder, other) }));
  return { stem, parts };
}

const SHAPEFILE_ENDINGS = new Set([
  '.shp',
  '.shx',
  '.dbf',
  '.prj',
  '.cpg',
  '.sbn',
  '.sbx',
  '.qix',
  '.shp.xml',
  '.qpj',
  '.fields.csv',
]);

/** Keeps the bytes; what is there already from an import that was broken off stays. */
export async function keepFile({ db }: Store, batchId: string, { parts }: ReceivedFile): Promise<void> {
  for (const { ending, path } of parts) {
    let part = 0;
    for await (const bytes of createReadStream(path, { highWaterMark: PART_BYTES })) {
      await insertFilePart(db, { batchId, ending, part: part++, bytes: bytes as Buffer });
    }
    if (part === 0) throw new ServiceError('layer-invalid', `${path}: is empty.`);
  }
}
