import type { MultiPolygon, Polygon } from 'geojson';
import { ServiceError } from '../error.ts';
import { findDetection } from '../store/detections.ts';
import { eventsOf } from '../store/events.ts';
import { listPhotos, type PhotoLook, type PhotoRow, photoLooks, readingOf } from '../store/field-photos.ts';
import { statementsOf } from '../store/field-reports.ts';
import type { Store } from '../store/open.ts';
import { findPatch, type PatchRow } from '../store/patches.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import type { CheckResult } from './checks/check-result.ts';
import { type Compared, checkCopy, type Match, matchesOf } from './checks/copy-check.ts';
import { checkAgreement, checkEdited, checkOriginal } from './checks/file-checks.ts';
import { checkDirection, checkDistance, checkShare, checkShareTogether } from './checks/place-checks.ts';
import { type Sight, sightOf } from './checks/sight.ts';
import { checkAfterImage, checkAfterIssue } from './checks/time-checks.ts';
import { isWhole } from './originals.ts';
import type { PhotoFacts } from './photo-facts.ts';
import type { Reading } from './reading.ts';
import { type Statement, toldBy } from './statement.ts';

/** A photo with what its tests say. */
export interface CheckedPhoto {
  photo: PhotoRow;
  facts: PhotoFacts;
  /** What a device signed beside it; null where none did. */
  reading: Reading | null;
  /** What the phone said beside it, and who had it in hand; null where nothing was said. */
  said: (Statement & { by: string }) | null;
  sight: Sight;
  results: CheckResult[];
  /** Earlier photos that show the same picture. */
  matches: Match[];
}

export interface CheckedPatch {
  patch: PatchRow;
  photos: CheckedPhoto[];
  /** How much of the patch the photos show together; null where there are none. */
  together: CheckResult | null;
}

interface Task {
  shape: PreparedPatch;
  /** UTC; null where it was not issued. */
  issuedAt: string | null;
  imageDate: string;
}

/** Tests the photos of one patch, or of all that have any, against what is known of it now; `only`: that photo alone. */
export async function checkPhotos(
  store: Store,
  home: string,
  patchId?: string,
  only?: string,
): Promise<CheckedPatch[]> {
  const photos = (await listPhotos(store.db, patchId)).filter(({ id }) => only === undefined || id === only);
  const looks = (await photoLooks(store.db)).map(comparedOf);
  const checked: CheckedPatch[] = [];
  for (const [id, ofPatch] of Map.groupBy(photos, (photo) => photo.patchId)) {
    const patch = (await findPatch(store.db, id)) as PatchRow;
    const task = await taskOf(store, patch);
    const tested: CheckedPhoto[] = [];
    for (const photo of ofPatch) tested.push(await checkPhoto(store, home, photo, task, looks));
    const sights = tested.map(({ sight }) => sight);
    checked.push({ patch, photos: tested, together: checkShareTogether(task.shape, sights) });
  }
  return checked;
}

async function checkPhoto(
  store: Store,
  home: string,
  photo: PhotoRow,
  { shape, issuedAt, imageDate }: Task,
  looks: readonly Compared[],
): Promise<CheckedPhoto> {
  const facts = JSON.parse(photo.factsJson) as PhotoFacts;
  const row = await readingOf(store.db, photo.sha256);
  const reading = row === null ? null : (JSON.parse(row.readingJson) as Reading);
  const { width, height, addedAt } = photo;
  const statement = (await statementsOf(store.db, [photo.id])).get(photo.id);
  const said =
    statement === undefined ? null : { ...(JSON.parse(statement.saidJson) as Statement), by: statement.saidBy };
  const told = said && toldBy(said, addedAt);
  const upright = width === null || height === null ? null : { width, height };
  const sight = sightOf(facts, { reading, told }, upright);
  const compared = comparedOf(photo);
  const matches = matchesOf(compared, looks);
  const results = [
    checkOriginal(await isWhole(home, photo.sha256, photo.format)),
    checkEdited(facts),
    checkCopy(compared, matches),
    checkAgreement(facts, reading, told),
    checkDistance(shape, sight),
    checkDirection(shape, sight),
    checkAfterIssue(sight, issuedAt, addedAt),
    checkAfterImage(sight, imageDate, addedAt),
    checkShare(shape, sight),
  ];
  return { photo, facts, reading, said, sight, results, matches };
}

async function taskOf({ db }: Store, patch: PatchRow): Promise<Task> {
  const detection = await findDetection(db, patch.detectionId);
  if (detection === null) throw new ServiceError('store-unusable', `The patch ${patch.id} has no detection.`);
  const shape = prepareShape(fromGeoJson(JSON.parse(detection.geometryJson) as Polygon | MultiPolygon));
  const warned = (await eventsOf(db, 'patch', patch.id)).find(({ action }) => action === 'warn');
  return { shape, issuedAt: warned?.at ?? null, imageDate: detection.afterDate };
}

function comparedOf({ seq, id, patchId, sha256, grey, factsJson }: PhotoLook): Compared {
  const { taken } = JSON.parse(factsJson) as PhotoFacts;
  return { seq: Number(seq), id, patchId, sha256, grey, takenAt: taken?.at ?? null };
}
