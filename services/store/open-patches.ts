import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** A patch with what its detection saw. */
export interface OpenPatch {
  id: string;
  number: string;
  month: string;
  district: string;
  placeId: string;
  beforeDate: string;
  afterDate: string;
  type: string;
  typeConfidence: number;
  evidenceJson: string;
  geometryJson: string;
}

const PAGE = 200;

/** Patches in any of these states, of a month and below a district where they are named; in order of number. */
export async function* patchesIn(
  db: Kysely<Database>,
  states: readonly string[],
  { month, district }: { month?: string | undefined; district?: string | undefined },
): AsyncGenerator<OpenPatch[]> {
  for (let after = ''; ; ) {
    let query = withDetection(db).where('patches.state', 'in', states).where('patches.number', '>', after);
    if (month !== undefined) query = query.where('patches.month', '=', month);
    if (district) {
      query = query.where('patches.district', '>=', district).where('patches.district', '<', `${district}\uffff`);
    }
    const page = await query.orderBy('patches.number').limit(PAGE).execute();
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page[page.length - 1].number;
  }
}

/** One patch with what its detection saw, whatever its state; null where there is none of this id. */
export async function openPatch(db: Kysely<Database>, id: string): Promise<OpenPatch | null> {
  return (await withDetection(db).where('patches.id', '=', id).executeTakeFirst()) ?? null;
}

function withDetection(db: Kysely<Database>) {
  return db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .select(['patches.id', 'patches.number', 'patches.month', 'patches.district', 'patches.placeId'])
    .select(['detections.beforeDate', 'detections.afterDate', 'detections.type', 'detections.typeConfidence'])
    .select(['detections.evidenceJson', 'detections.geometryJson']);
}

/** What the patch lies on, in place of what was found before. */
export async function replaceOverlaps(
  db: Kysely<Database>,
  patchId: string,
  district: string,
  overlaps: readonly { zoneId: number; layer: string; areaM2: number }[],
): Promise<void> {
  await db.deleteFrom('overlaps').where('patchId', '=', patchId).execute();
  if (overlaps.length === 0) return;
  await db
    .insertInto('overlaps')
    .values(overlaps.map((overlap) => ({ patchId, district, ...overlap })))
    .execute();
}
