import { setImmediate as breath } from 'node:timers/promises';
import type { PatchFilter, ResolvedFilter } from '../../queue/filter.ts';
import { resolveFilter } from '../../queue/resolve-filter.ts';
import { listLayers } from '../../store/layers.ts';
import { districtNames } from '../../store/month-figures.ts';
import type { Store } from '../../store/open.ts';
import {
  lastReasons,
  overlapsOfPatches,
  PATCHES_PER_READ,
  type PatchOverlapRow,
  pagesOfQueue,
  seenOf,
} from '../../store/patch-exports.ts';
import { layersOfPatches } from '../../store/queue.ts';
import { onOneState, snapshotOf } from '../../store/view.ts';
import { fromGeoJson } from '../geometry/wkb.ts';
import type { ExportFeature } from './layer-writer.ts';
import { EXCHANGE_COLUMNS, OWN_COLUMNS } from './patch-columns.ts';
import { type KnownPatch, LAND_LAYERS, landUnder, PERMANENT_FARMLAND, patchRecord, RED_LINE } from './patch-record.ts';
import { type Exported, type ExportTarget, writeFeatures } from './write-features.ts';

type Db = Store['db'];

export interface ExportedPatches extends Exported {
  /** How many patches the filter means, as a list of the same moment counts them. */
  total: number;
  /** Their area as stored, m². */
  areaM2: number;
  /** Of which state of the store it tells (store/view.ts). */
  snapshot: string;
}

/**
 * Writes the patches of a filter with the columns in which offices exchange them (and all of Tuban's own, if asked).
 * What people may change is read at one moment, as a list reads it; what the detector saw never changes, and is read
 * as it is written. Areas are the recorded ones on the ellipsoid, shapes the recorded ones along pixel edges.
 * @throws ServiceError bad-input as writeFeatures
 */
export async function exportPatches(
  store: Store,
  filter: PatchFilter,
  { allFields = false, at, ...target }: ExportTarget & { allFields?: boolean; at: Date },
): Promise<ExportedPatches> {
  const aside: NonNullable<Store['aside']> = store.aside ?? ((work) => work(store.db));
  const { known, snapshot } = await aside((own) =>
    onOneState(own, async (db) => ({
      snapshot: await snapshotOf(db, at),
      known: await readKnown(db, await resolveFilter(db, filter)),
    })),
  );
  const source = {
    fields: allFields ? [...EXCHANGE_COLUMNS, ...OWN_COLUMNS] : EXCHANGE_COLUMNS,
    geometryKind: 'polygon' as const,
    layerName: 'patches',
    features: featuresOf(store.db, known),
    total: known.length,
  };
  const exported = await writeFeatures(source, { ...target, at });
  return { ...exported, snapshot, total: known.length, areaM2: known.reduce((sum, { row }) => sum + row.areaM2, 0) };
}

async function readKnown(db: Db, filter: ResolvedFilter): Promise<KnownPatch[]> {
  const names = await districtNames(db);
  const imported = new Set((await listLayers(db)).filter(({ state }) => state === 'ready').map(({ name }) => name));
  const known: KnownPatch[] = [];
  for await (const page of pagesOfQueue(db, filter)) {
    const ids = page.map(({ id }) => id);
    const overlaps = byPatch(await overlapsOfPatches(db, ids, [...LAND_LAYERS, PERMANENT_FARMLAND, RED_LINE]));
    const reasons = await lastReasons(db, ids);
    const layers = await layersOfPatches(db, ids);
    for (const row of page) {
      const under = overlaps.get(row.id) ?? [];
      known.push({
        row,
        districtName: names.get(row.district) ?? row.district,
        land: landUnder(under),
        inPermanentFarmland: liesIn(PERMANENT_FARMLAND, under, imported),
        inRedLine: liesIn(RED_LINE, under, imported),
        reason: reasons.get(row.id) ?? null,
        layers: layers.get(row.id) ?? [],
      });
    }
    await breath();
  }
  return known;
}

/** Any overlap counts; without a layer nobody can say no. */
function liesIn(layer: string, under: readonly PatchOverlapRow[], imported: ReadonlySet<string>): boolean | null {
  if (under.some((overlap) => overlap.layer === layer)) return true;
  return imported.has(layer) ? false : null;
}

async function* featuresOf(db: Db, known: readonly KnownPatch[]): AsyncGenerator<ExportFeature> {
  for (let start = 0; start < known.length; start += PATCHES_PER_READ) {
    const batch = known.slice(start, start + PATCHES_PER_READ);
    const seen = await seenOf(
      db,
      batch.map(({ row }) => row.detectionId),
    );
    for (const patch of batch) {
      const sight = seen.get(patch.row.detectionId)!;
      const geometry = fromGeoJson(JSON.parse(sight.geometryJson));
      yield { id: patch.row.number, properties: patchRecord(patch, sight), geometry };
    }
    await breath();
  }
}

function byPatch(overlaps: readonly PatchOverlapRow[]): Map<string, PatchOverlapRow[]> {
  const found = new Map<string, PatchOverlapRow[]>();
  for (const overlap of overlaps) {
    const others = found.get(overlap.patchId);
    if (others) others.push(overlap);
    else found.set(overlap.patchId, [overlap]);
  }
  return found;
}
