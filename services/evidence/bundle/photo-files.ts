import type { CheckedPatch } from '../../field/check-photos.ts';
import { originalPath } from '../../field/originals.ts';
import { findDevice } from '../../store/field-devices.ts';
import { readingOf } from '../../store/field-photos.ts';
import type { Store } from '../../store/open.ts';
import type { BundleWriter } from './bundle-writer.ts';
import type { Missing } from './manifest.ts';

/** A photo as a bundle tells of it. */
export interface BundledPhoto {
  id: string;
  sha256: string;
  /** Name in the bundle; null where the original is gone or was changed. */
  name: string | null;
  format: 'jpeg' | 'heic';
  bytes: number;
  takenBy: string | null;
  addedAt: string;
  facts: unknown;
  checks: { check: string; outcome: string; zh: string; en: string; figures: unknown }[];
  /** Earlier photos that show the same picture. */
  matches: unknown[];
  /** What a device signed beside it, to the letter, and its key: can be checked with nothing else. */
  reading: SignedBeside | null;
}

export interface SignedBeside {
  readingJson: string;
  /** Base64, Ed25519. */
  signature: string;
  device: { id: string; name: string; publicKey: string; addedAt: string; revokedAt: string | null };
}

/** Originals of the photos, with what their tests say. */
export async function addPhotos(
  bundle: BundleWriter,
  store: Store,
  home: string,
  checked: CheckedPatch | undefined,
): Promise<{ photos: BundledPhoto[]; missing: Missing[] }> {
  const photos: BundledPhoto[] = [];
  const missing: Missing[] = [];
  if (checked === undefined || checked.photos.length === 0) {
    missing.push({ what: 'photos', why: { zh: '没有外业照片', en: 'no photo was handed in' } });
  }
  for (const { photo, facts, results, matches } of checked?.photos ?? []) {
    const { id, sha256, format, takenBy, addedAt } = photo;
    const whole = results.some(({ check, outcome }) => check === 'original' && outcome === 'passed');
    const name = whole ? `photos/${sha256}.${format === 'heic' ? 'heic' : 'jpg'}` : null;
    if (name === null) missing.push({ what: `photo ${sha256}`, why: lostOriginal(sha256) });
    else if (!photos.some((known) => known.name === name)) {
      const what = { zh: `现场照片原件${takenBy === null ? '' : `，拍摄人 ${takenBy}`}`, en: 'photo, original' };
      await bundle.addFile(name, originalPath(home, sha256, format), what);
    }
    const reading = await signedBeside(store, sha256);
    const bytes = Number(photo.bytes);
    photos.push({ id, sha256, name, format, bytes, takenBy, addedAt, facts, checks: results, matches, reading });
  }
  return { photos, missing };
}

async function signedBeside({ db }: Store, sha256: string): Promise<SignedBeside | null> {
  const row = await readingOf(db, sha256);
  const device = row && (await findDevice(db, row.deviceId));
  return row && device && { readingJson: row.readingJson, signature: row.signature, device };
}

function lostOriginal(sha256: string): Missing['why'] {
  const brief = sha256.slice(0, 16);
  return {
    zh: `照片原件 ${brief}… 已丢失或内容已变，不作为证据`,
    en: `the original of photo ${brief}… is lost or was changed: refused as evidence`,
  };
}
