import { basename } from 'node:path';
import { z } from 'zod';
import { ServiceError } from '../../error.ts';
import type { Store } from '../../store/open.ts';
import type { PatchRow } from '../../store/patches.ts';
import { findPatchNamed } from '../../store/queue.ts';
import { type AddedPhoto, checkReadings, type ReadyPhoto, readyPhoto, recordPhotos } from '../add-photos.ts';
import { signingDevice } from '../devices.ts';
import { keepOriginal } from '../originals.ts';
import { checkReading, type SignedReading } from '../reading.ts';
import { parsed } from './manifest.ts';
import { type OpenPack, openPack } from './read-pack.ts';

const item = z.strictObject({
  /** Id or number of the patch. */
  patch: z.string().min(1).max(100),
  /** Name of the photo in the package. */
  file: z.string(),
  takenBy: z.string().max(200).nullable(),
  reading: z.unknown().optional(),
});

const evidence = z.strictObject({ format: z.literal('tuban-evidence-1'), items: z.array(item).max(20_000) });

type Item = Omit<z.infer<typeof item>, 'reading'> & { row: PatchRow; reading: SignedReading | null };

export interface UnpackedEvidence {
  /** Id of the package. */
  id: string;
  /** The device that signed it. */
  signedBy: string;
  photos: AddedPhoto[];
}

/**
 * Takes in the evidence that comes back from the field, all of it or none: the package signed by a device known here,
 * every file as listed, every photo whole, every patch known. What came in before, in this package or another, changes
 * nothing.
 * @throws ServiceError bad-input
 */
export async function unpackEvidence(store: Store, home: string, path: string, now: Date): Promise<UnpackedEvidence> {
  const pack = await openPack(path, async ({ kind, signedBy }) => {
    if (kind === 'evidence') return signingDevice(store, signedBy, path);
    throw new ServiceError('bad-input', `${path}: wanted a package of evidence, got one of tasks.`);
  });
  try {
    const items = await itemsOf(store, pack, path);
    const ready: ReadyPhoto[] = [];
    for (const one of items) ready.push(await readyItem(store, pack, one, now));
    for (const [i, { format }] of ready.entries()) await keepOriginal(home, await pack.read(items[i].file), format);
    const photos = await recordPhotos(store, ready, now);
    return { id: pack.id, signedBy: pack.manifest.signedBy, photos };
  } finally {
    pack.close();
  }
}

async function itemsOf(store: Store, pack: OpenPack, path: string): Promise<Item[]> {
  const { items } = parsed(evidence, await pack.read('evidence.json'), `${path}: evidence.json`);
  const known: Item[] = [];
  for (const { patch, file, takenBy, reading } of items) {
    const row = await findPatchNamed(store.db, patch);
    if (row === null)
      throw new ServiceError(
        'bad-input',
        `${path}: ${file} is evidence of the patch ${patch}, which is not known here.`,
      );
    known.push({
      patch,
      file,
      takenBy,
      row,
      reading: reading == null ? null : checkReading(reading, `${path}: ${file}`),
    });
  }
  const named = new Set(['evidence.json', ...items.map(({ file }) => file)]);
  const stray = pack.manifest.files.find(({ name }) => !named.has(name));
  if (stray) throw new ServiceError('bad-input', `${path}: holds ${stray.name}, which is evidence of no patch.`);
  return known;
}

async function readyItem(store: Store, pack: OpenPack, one: Item, now: Date): Promise<ReadyPhoto> {
  const file = { name: basename(one.file), bytes: await pack.read(one.file) };
  const readings = one.reading === null ? [] : [one.reading];
  await checkReadings(store, [file], readings);
  return readyPhoto(one.row, file, { takenBy: one.takenBy, readings, now, packId: pack.id });
}
