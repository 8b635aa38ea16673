import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { ServiceError } from '../../error.ts';
import {
  countLayerNotes,
  dropLayer,
  findLayer,
  insertLayer,
  insertLayerNotes,
  type LayerNoteRow,
  type LayerRow,
  listLayerNotes,
  listLayers,
  updateLayer,
} from '../../store/layers.ts';
import { withLock } from '../../store/locks.ts';
import type { Store } from '../../store/open.ts';
import { versionsOn } from '../../store/zone-versions.ts';
import { areaOfLayer, listZones } from '../../store/zones.ts';
import type { OpenLayer } from '../layer-files/layer-file.ts';
import { openLayer } from '../layer-files/open-layer.ts';
import { refuseLayer } from '../layer-refusal.ts';
import { DISTRICTS_LAYER } from '../layer-roles.ts';
import { locateZones } from './locate-zones.ts';
import { checkRequest, type ImportRequest } from './request.ts';
import { storeZones } from './store-zones.ts';
import { districtAreas, knownDistricts } from './zone-district.ts';

/** How many notes a result carries; all of them stay with the layer. */
const SHOWN_NOTES = 1000;

export interface LayerImport {
  layerId: string;
  layer: string;
  /** Zones stored. */
  features: number;
  areaM2: number;
  /** How many features each kind of note is about. */
  notes: Record<LayerNoteRow['kind'], number>;
  /** The first of them, in order of the file: what was put right, what could not be used, what lies outside. */
  shown: Pick<LayerNoteRow, 'featureId' | 'kind' | 'what'>[];
  /** Where the features' ids were found. */
  idsFrom: string;
  crs: string | null;
  encoding: string | null;
  /** The version whose zones this one ended on its first day. */
  replacedVersion?: { layerId: string; validFrom: string };
  /** True when this very file was imported before for this layer and day: nothing was done. */
  alreadyImported: boolean;
  /** Features that an earlier, broken-off import of the same file had read already. */
  resumedFrom: number;
}

/**
 * Takes a layer file, or a folder of them, in as one version of a layer. A feature that cannot be used is left out and
 * reported; the version is seen by nobody until it is whole. A broken-off import goes on where it was when the same
 * file is imported again. From validFrom on the version speaks for its scope, up to the next later version.
 * @throws ServiceError layer-invalid (the file), bad-input (names, dates, a file replaced before), busy
 */
export async function importLayer(store: Store, request: ImportRequest): Promise<LayerImport> {
  checkRequest(request);
  request.signal?.throwIfAborted();
  const districts = districtAreas(await listZones(store.db, { date: request.validFrom, layers: [DISTRICTS_LAYER] }));
  const file = await openLayer(resolve(request.path), {
    districtsBox: request.layer === DISTRICTS_LAYER ? null : knownDistricts(districts).box,
    ...(request.crs !== undefined && { crs: request.crs }),
    ...(request.encoding !== undefined && { encoding: request.encoding }),
    ...(request.sourceLayer !== undefined && { sourceLayer: request.sourceLayer }),
    ...(request.fields !== undefined && { fields: request.fields }),
  });
  try {
    refuseUnknownIds(request, file);
    return await withLock(store.db, 'zones-import', request.now, async () => {
      const begun = await begin(store, request, file);
      if (begun.state === 'ready') return resultOf(store, begun, { alreadyImported: true, resumedFrom: 0 });
      const resumedFrom = begun.readTo;
      await storeZones(store, request, file, begun, districts).catch(async (error: unknown) => {
        // What was killed, or found the disk full, goes on next time; a file that failed would fail again, and leaves
        // nothing behind.
        if (request.signal?.aborted || (error instanceof ServiceError && error.code === 'store-unusable')) throw error;
        await store.db.transaction().execute((trx) => dropLayer(trx, begun.id));
        throw error;
      });
      return finish(store, request, begun, resumedFrom);
    });
  } finally {
    await file.close();
  }
}

function refuseUnknownIds({ path, idField }: ImportRequest, { fields }: OpenLayer): void {
  if (idField === undefined || fields.some(({ name }) => name === idField)) return;
  const known = fields.map(({ name }) => name).join(', ') || 'none';
  refuseLayer(path, null, `has no field ${idField} to take ids from; it has ${known}`);
}

/** The version's row: a new one, the one a broken-off import left, or the finished one. */
async function begin(store: Store, request: ImportRequest, file: OpenLayer): Promise<LayerRow> {
  const { layer, validFrom, scope = '', completeTo = null, now } = request;
  const parts = file.files.map((part) => part.sha256);
  const sha256 = parts.length === 1 ? parts[0] : hash(parts);
  const id = hash([layer, sha256, validFrom, ...readingOf(request)]).slice(0, 16);
  const known = await findLayer(store.db, id);
  if (known?.state === 'ready') await refuseReplaced(store, known);
  if (known) return completed(store, known, completeTo);
  // Whoever began that one has gone over to another file.
  const unfinished = (await listLayers(store.db)).filter(({ state }) => state === 'importing');
  for (const { id: other } of unfinished) await store.db.transaction().execute((trx) => dropLayer(trx, other));
  await insertLayer(store.db, {
    id,
    name: layer,
    path: request.shownAs ?? resolve(request.path),
    sha256,
    validFrom,
    featureCount: 0,
    importedAt: now.toISOString(),
    scope,
    state: 'importing',
    readTo: 0,
    crs: file.crs.because,
    encoding: file.encoding.because,
    fieldsJson: JSON.stringify(file.fields),
    idsFrom: '',
    completeTo,
  });
  const given = unfinished.map(({ name, path, featureCount }, n) => {
    const what = `the unfinished import of ${name} from ${path} (${featureCount} zones so far) was given up for this one`;
    return { layerId: id, seq: n + 1, featureId: '', kind: 'note', what } as const;
  });
  await insertLayerNotes(store.db, given);
  return (await findLayer(store.db, id)) as LayerRow;
}

/** Up to when a layer is complete may be said later than what is in it. */
async function completed(store: Store, known: LayerRow, completeTo: string | null): Promise<LayerRow> {
  if (completeTo === null || completeTo === known.completeTo) return known;
  await updateLayer(store.db, known.id, { completeTo });
  return { ...known, completeTo };
}

/** What else decides how the file's features are understood; nothing where nothing was said. */
function readingOf({ scope = '', crs, encoding, sourceLayer, fields, idField }: ImportRequest): string[] {
  const said = { ...(scope !== '' && { scope }), crs, encoding, sourceLayer, fields, idField };
  const text = JSON.stringify(said);
  return text === '{}' ? [] : [text];
}

async function refuseReplaced(store: Store, layer: LayerRow): Promise<void> {
  const versions = await listLayers(store.db);
  const held = versionsOn(versions, layer.validFrom).some(({ version }) => version.id === layer.id);
  if (held) return;
  const line = `${layer.path} was imported as ${layer.name} of ${layer.validFrom} before and then replaced by another file of that day`;
  throw new ServiceError('bad-input', `${line}; to return to it, import it with a later first day.`);
}

async function finish(
  store: Store,
  request: ImportRequest,
  begun: LayerRow,
  resumedFrom: number,
): Promise<LayerImport> {
  const { layer, validFrom } = request;
  const before = versionsOn(await listLayers(store.db), validFrom).find(
    ({ version }) => version.name === layer && version.scope === (request.scope ?? ''),
  );
  await store.db.transaction().execute(async (trx) => {
    await updateLayer(trx, begun.id, { state: 'ready', importedAt: request.now.toISOString() });
    if (layer === DISTRICTS_LAYER) await locateZones(trx, validFrom);
  });
  const result = await resultOf(store, (await findLayer(store.db, begun.id)) as LayerRow, {
    alreadyImported: false,
    resumedFrom,
  });
  if (before === undefined) return result;
  return { ...result, replacedVersion: { layerId: before.version.id, validFrom: before.version.validFrom } };
}

async function resultOf(
  store: Store,
  layer: LayerRow,
  how: Pick<LayerImport, 'alreadyImported' | 'resumedFrom'>,
): Promise<LayerImport> {
  const shown = await listLayerNotes(store.db, layer.id, undefined, SHOWN_NOTES);
  return {
    layerId: layer.id,
    layer: layer.name,
    features: layer.featureCount,
    areaM2: await areaOfLayer(store.db, layer.id),
    notes: await countLayerNotes(store.db, layer.id),
    shown: shown.map(({ featureId, kind, what }) => ({ featureId, kind, what })),
    idsFrom: layer.idsFrom,
    crs: layer.crs,
    encoding: layer.encoding,
    ...how,
  };
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
