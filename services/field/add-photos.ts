import { readFile, stat } from 'node:fs/promises';
import type { Insertable } from 'kysely';
import { ServiceError } from '../error.ts';
import { contentId } from '../month/evidence.ts';
import { sha256Of } from '../sha256.ts';
import { insertPhoto, insertReading } from '../store/field-photos.ts';
import { insertStatement } from '../store/field-reports.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import { findPatchNamed } from '../store/queue.ts';
import type { PhotoTable } from '../store/schema-field.ts';
import { signingDevice } from './devices.ts';
import { keepOriginal, MOST_PHOTO_BYTES } from './originals.ts';
import { type PhotoFormat, photoFormat } from './photo-format.ts';
import { lookAt } from './picture.ts';
import { readExif } from './read-exif.ts';
import { type SignedReading, signedText, verifyReading } from './reading.ts';
import type { Statement } from './statement.ts';

/** A photo as it is handed in. */
export interface PhotoFile {
  /** For messages. */
  name: string;
  bytes: Uint8Array;
}

export interface Adding {
  takenBy: string | null;
  readings: readonly SignedReading[];
  now: Date;
  packId?: string;
  /** What the phone said beside the photo, and by whom it was sent. */
  said?: { by: string; statement: Statement };
}

export interface AddedPhoto {
  id: string;
  name: string;
  sha256: string;
  /** False where it was evidence of this patch before. */
  isNew: boolean;
  /** True where a signed reading came with it. */
  hasReading: boolean;
}

/** A photo found sound, with what is to be written of it. */
export interface ReadyPhoto {
  name: string;
  format: PhotoFormat;
  row: Insertable<PhotoTable>;
  reading: SignedReading | null;
  said: Adding['said'];
}

/** Reads photos from disk. @throws ServiceError bad-input where one is missing or larger than a photo can be */
export async function readPhotoFiles(paths: readonly string[]): Promise<PhotoFile[]> {
  const files: PhotoFile[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch((error: Error) => {
      throw new ServiceError('bad-input', `${path}: wanted a photo, but it cannot be read: ${error.message}.`);
    });
    if (!facts.isFile() || facts.size > MOST_PHOTO_BYTES) {
      const got = facts.isFile() ? `${facts.size} bytes` : 'something else';
      throw new ServiceError('bad-input', `${path}: wanted a photo file of at most 64 MiB, got ${got}.`);
    }
    files.push({ name: path, bytes: await readFile(path) });
  }
  return files;
}

/**
 * Takes photos in as evidence of a patch: all are checked before one is kept, originals are on the disk before a row
 * names them. One that the patch has already changes nothing.
 * @throws ServiceError not-found; bad-input naming the photo or reading
 */
export async function addPhotos(
  store: Store,
  home: string,
  patchName: string,
  files: readonly PhotoFile[],
  adding: Adding,
): Promise<AddedPhoto[]> {
  const patch = await findPatchNamed(store.db, patchName);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${patchName}.`);
  return addPhotosOf(store, home, patch, files, adding);
}

/** The same where the patch is at hand. */
export async function addPhotosOf(
  store: Store,
  home: string,
  patch: PatchRow,
  files: readonly PhotoFile[],
  adding: Adding,
): Promise<AddedPhoto[]> {
  await checkReadings(store, files, adding.readings);
  const ready: ReadyPhoto[] = [];
  for (const file of files) ready.push(await readyPhoto(patch, file, adding));
  for (const [i, { format }] of ready.entries()) await keepOriginal(home, files[i].bytes, format);
  return recordPhotos(store, ready, adding.now);
}

/** Writes rows of photos whose originals are kept: all or none. */
export function recordPhotos(store: Store, ready: readonly ReadyPhoto[], now: Date): Promise<AddedPhoto[]> {
  return store.db.transaction().execute(async (trx) => {
    const added: AddedPhoto[] = [];
    for (const { name, row, reading, said } of ready) {
      const isNew = await insertPhoto(trx, row);
      if (reading !== null) await insertReading(trx, readingRow(reading, now));
      // Sent again, what was said first stands.
      if (said !== undefined && isNew) await insertStatement(trx, statementRow(row.id, said, now));
      added.push({ id: row.id, name, sha256: row.sha256, isNew, hasReading: reading !== null });
    }
    return added;
  });
}

/** Every reading belongs to one of the photos and was signed by a device known here. */
export async function checkReadings(
  store: Store,
  files: readonly PhotoFile[],
  readings: readonly SignedReading[],
): Promise<void> {
  const hashes = new Set(files.map(({ bytes }) => sha256Of(bytes)));
  for (const reading of readings) {
    const name = `The reading of photo ${reading.photo.slice(0, 12)}…`;
    if (!hashes.has(reading.photo)) {
      throw new ServiceError('bad-input', `${name}: wanted it beside its photo, which is none of those given.`);
    }
    verifyReading(reading, await signingDevice(store, reading.device, name), name);
  }
}

/** @throws ServiceError bad-input where it is no photo, or a damaged one */
export async function readyPhoto(patch: PatchRow, { name, bytes }: PhotoFile, adding: Adding): Promise<ReadyPhoto> {
  const format = photoFormat(bytes);
  if (format === null || bytes.byteLength > MOST_PHOTO_BYTES) {
    throw new ServiceError(
      'bad-input',
      `${name}: wanted a photo, JPEG or HEIC, of at most 64 MiB, got something else.`,
    );
  }
  const picture = format === 'jpeg' ? await lookAt(bytes, name) : null;
  const sha256 = sha256Of(bytes);
  const row: Insertable<PhotoTable> = {
    id: contentId('photo', sha256, patch.id),
    patchId: patch.id,
    district: patch.district,
    sha256,
    format,
    bytes: bytes.byteLength,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    factsJson: JSON.stringify(await readExif(bytes)),
    grey: picture?.grey ?? null,
    takenBy: adding.takenBy,
    addedAt: adding.now.toISOString(),
    packId: adding.packId ?? null,
  };
  const reading = adding.readings.find(({ photo }) => photo === sha256) ?? null;
  return { name, format, row, reading, said: adding.said };
}

function statementRow(photoId: string, { by, statement }: NonNullable<Adding['said']>, now: Date) {
  const saidJson = JSON.stringify(statement);
  return { id: contentId('statement', photoId, by), photoId, saidBy: by, saidJson, addedAt: now.toISOString() };
}

function readingRow({ signature, ...reading }: SignedReading, now: Date) {
  const readingJson = signedText(reading);
  const { photo: sha256, device: deviceId } = reading;
  return {
    id: contentId('reading', readingJson),
    sha256,
    deviceId,
    readingJson,
    signature,
    addedAt: now.toISOString(),
  };
}
