import type { Kysely } from 'kysely';
import { UNKNOWN_SINCE } from '../field/clues/add-clue.ts';
import { widened } from '../ground/widened.ts';
import { shapeOf } from '../ground/zone-shape.ts';
import { localDay } from '../local-time.ts';
import { type ClueRow, listClues } from '../store/field-clues.ts';
import type { PatchGround } from '../store/patch-grounds.ts';
import { listPatrols, type PatrolRow } from '../store/patrols.ts';
import type { Database } from '../store/schema.ts';
import { validVersions } from '../store/zone-versions.ts';
import { type ZoneUnder, zonesUnder } from '../store/zones-under.ts';
import { distanceM } from '../zones/overlay/distance.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { GRIDS_LAYER, type GridShare } from './grid.ts';
import { gridFacts, gridsOf, shapeOfText } from './grids-of.ts';
import { type PatrolFinding, type PatrolSeen, patrolBefore } from './patrol.ts';
import { boxOfShape, type PatrolPlace, shapeOfPlace } from './patrol-place.ts';

/** How near a patrol must have come to a patch that is in none of its grids. */
export const NEAR_M = 200;

/** Metres within which a track is in a grid: what only rounding keeps outside is inside. */
const TOUCHING_M = 0.01;

/** Was a patrol there before the image, of one patch. */
export interface PatchPatrols {
  patch: PatchGround;
  grid: GridShare | null;
  finding: PatrolFinding;
}

/** Was a patrol at each of these patches before its image, in their order. `day`: whose grid layer counts. */
export async function patrolsBefore(
  db: Kysely<Database>,
  patches: readonly PatchGround[],
  day: string,
  nearM = NEAR_M,
): Promise<PatchPatrols[]> {
  const grids = await gridsOf(db, patches, day);
  const patrols = await placedPatrols(db, day);
  const clues = Map.groupBy(
    (await listClues(db)).filter(({ source }) => source === 'patrol'),
    ({ placeId }) => placeId,
  );
  return patches.map((patch) => {
    const own = grids.get(patch.id) ?? [];
    const seen = seenFrom(patch, own, patrols, nearM);
    const { beforeDate, afterDate, placeId } = patch;
    const lastUnchanged = beforeDate === UNKNOWN_SINCE ? null : beforeDate;
    const onset = { lastUnchanged, firstChanged: afterDate };
    const told = (clues.get(placeId) ?? []).map(({ id, who, at }: ClueRow) => ({ id, who, day: localDay(at) }));
    return { patch, grid: own[0] ?? null, finding: patrolBefore({ onset, patrols: seen, clues: told }) };
  });
}

/** A patrol with its shape and the grids it was in. */
interface Placed {
  row: PatrolRow;
  fromDay: string;
  toDay: string;
  grids: Set<string>;
  shape: ReturnType<typeof shapeOfPlace> | null;
  box: ReturnType<typeof boxOfShape> | null;
  isPoint: boolean;
}

async function placedPatrols(db: Kysely<Database>, day: string): Promise<Placed[]> {
  const placed = (await listPatrols(db)).map((row): Placed => {
    const place = row.geometryJson === null ? null : (JSON.parse(row.geometryJson) as PatrolPlace);
    const shape = place && shapeOfPlace(place);
    const days = { fromDay: localDay(row.fromAt), toDay: localDay(row.toAt) };
    const grids = new Set(row.grid === null ? [] : [row.grid]);
    return { row, ...days, grids, shape, box: shape && boxOfShape(shape), isPoint: place?.type === 'Point' };
  });
  const somewhere = placed.filter(({ box }) => box !== null);
  const valid = await validVersions(db, day, [GRIDS_LAYER]);
  if (valid.length === 0) return placed;
  const met: { patrol: Placed; zone: ZoneUnder }[] = [];
  const ready = new Map<number, PreparedPatch>();
  let i = 0;
  const boxes = somewhere.map(({ box }) => box!);
  for await (const zones of zonesUnder(db, valid, boxes)) {
    const patrol = somewhere[i++];
    for (const zone of zones) {
      if (!ready.has(zone.id)) ready.set(zone.id, prepareShape(shapeOf(zone)));
      if (distanceM(ready.get(zone.id)!, patrol.shape!, TOUCHING_M) !== null) met.push({ patrol, zone });
    }
  }
  const facts = await gridFacts(
    db,
    met.map(({ zone }) => zone),
  );
  for (const { patrol, zone } of met) patrol.grids.add(facts.get(zone.id)!.code);
  return placed;
}

/** The patrols that were in a grid of the patch or came near it. */
function seenFrom(
  patch: PatchGround,
  grids: readonly GridShare[],
  patrols: readonly Placed[],
  nearM: number,
): PatrolSeen[] {
  const shape = prepareShape(shapeOfText(patch.geometryJson));
  const around = widened(shape.box, nearM);
  return patrols.flatMap(({ row, fromDay, toDay, grids: walked, shape: place, box, isPoint }) => {
    const inGrid = grids.some(({ code }) => walked.has(code));
    const meets =
      box !== null &&
      box.minLon <= around.maxLon &&
      box.maxLon >= around.minLon &&
      box.minLat <= around.maxLat &&
      box.maxLat >= around.minLat;
    const away = meets ? distanceM(shape, place!, nearM) : null;
    if (!inGrid && away === null) return [];
    const { id, who, reported } = row;
    return [{ id, who, fromDay, toDay, inGrid, distanceM: away, reported: reported === 1, isPoint }];
  });
}
