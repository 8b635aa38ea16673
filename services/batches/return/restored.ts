import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../error.ts';
import { type BatchFile, fileEndings, fileParts } from '../../store/batch-files.ts';
import type { Store } from '../../store/open.ts';
import { closeDescriptors, hashFile } from '../../zones/layer-files/file-bytes.ts';
import type { OpenLayer } from '../../zones/layer-files/layer-file.ts';
import { openLayer } from '../../zones/layer-files/open-layer.ts';

/** A received file put together again, in a folder of its own. */
export interface Restored {
  folder: string;
  /** As on receipt. */
  files: { ending: string; path: string; sha256: string; bytes: number }[];
  /** The one that is opened. */
  main: string;
}

/** Puts the bytes of a batch's file back. The caller removes the folder. */
export async function restoreFile({ db }: Store, { id, format }: BatchFile): Promise<Restored> {
  const folder = await mkdtemp(join(tmpdir(), 'tuban-batch-'));
  try {
    const files: Restored['files'] = [];
    for (const ending of await fileEndings(db, id)) {
      const path = join(folder, `batch${ending}`);
      const hash = createHash('sha256');
      let bytes = 0;
      const counted = async function* () {
        for await (const part of fileParts(db, id, ending)) {
          hash.update(part);
          bytes += part.byteLength;
          yield part;
        }
      };
      await pipeline(Readable.from(counted()), createWriteStream(path));
      files.push({ ending, path, sha256: hash.digest('hex'), bytes });
    }
    const main = format === 'shapefile' ? files.find(({ ending }) => ending.toLowerCase() === '.shp') : files[0];
    return { folder, files, main: main!.path };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Opens it as it was opened on receipt. @throws ServiceError store-unusable where it is not what was received */
export async function openRestored(batch: BatchFile, { main }: Restored, isFilled: boolean): Promise<OpenLayer> {
  const { crs, encoding, format, sourceLayer } = batch;
  const file = await openLayer(main, {
    districtsBox: null,
    ...(crs !== 'by-prefix' && { crs }),
    ...(format === 'shapefile' && { encoding }),
    ...(sourceLayer !== null && { sourceLayer }),
  });
  if (isFilled || file.files[0].sha256 === batch.sha256) return file;
  await file.close();
  const got = `its bytes have the sha256 ${file.files[0].sha256}, ${batch.sha256} came`;
  throw new ServiceError('store-unusable', `The file of batch ${batch.id} was changed in the store: ${got}.`);
}

export async function hashedNow(files: Restored['files']): Promise<{ ending: string; sha256: string }[]> {
  const hashed = [];
  for (const { ending, path } of files) {
    hashed.push({ ending, sha256: await hashFile(path) });
    closeDescriptors(path);
  }
  return hashed;
}
