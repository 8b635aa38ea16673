import { basename, resolve } from 'node:path';
import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { contentId } from '../month/evidence.ts';
import { type BatchFile, beginBatch, dropBatch, insertBatchRows, updateBatch } from '../store/batch-files.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import { listZones } from '../store/zones.ts';
import { districtAreas, knownDistricts } from '../zones/import/zone-district.ts';
import type { OpenLayer } from '../zones/layer-files/layer-file.ts';
import { openLayer } from '../zones/layer-files/open-layer.ts';
import { readPiece } from '../zones/layer-files/read-piece.ts';
import { DISTRICTS_LAYER } from '../zones/layer-roles.ts';
import { openCampaign } from './campaign.ts';
import { firstOpenMonth } from './open-month.ts';
import type { BatchProfile } from './profile.ts';
import { readRow } from './read-row.ts';
import { keepFile, receivedFile } from './received-file.ts';

export interface BatchRequest {
  path: string;
  profile: BatchProfile;
  /** The month in whose queue new patches are put, YYYY-MM; that of `now` unless said. */
  month?: string;
  campaign?: string;
  /** YYYY-MM-DD; wanted of a new campaign. */
  cutOff?: string;
  crs?: string;
  encoding?: string;
  sourceLayer?: string;
  by: string;
  now: Date;
  /** Features of one piece; a test may ask for few. */
  pieceSize?: number;
  onProgress?: (rows: number, total: number | null) => void;
}

export interface BatchImport {
  batch: BatchFile;
  rows: number;
  notes: string[];
  /** True when this very file was imported before: nothing was done. */
  alreadyImported: boolean;
  /** Rows that an import broken off had read already. */
  resumedFrom: number;
}

/**
 * Takes a file from above in: its bytes, and every row as it came. The same file of the same profile and campaign is
 * the same batch, whatever it is called; an import broken off goes on where it was.
 * @throws ServiceError layer-invalid (the file), bad-input (profile, campaign), busy
 */
export async function importBatch(store: Store, request: BatchRequest): Promise<BatchImport> {
  const path = resolve(request.path);
  const zones = await listZones(store.db, { date: localDay(request.now), layers: [DISTRICTS_LAYER] });
  const file = await openLayer(path, {
    districtsBox: knownDistricts(districtAreas(zones)).box,
    ...(request.crs !== undefined && { crs: request.crs }),
    ...(request.encoding !== undefined && { encoding: request.encoding }),
    ...(request.sourceLayer !== undefined && { sourceLayer: request.sourceLayer }),
    ...(request.pieceSize !== undefined && { pieceSize: request.pieceSize }),
  });
  try {
    const received = receivedFile(path, file);
    const notes = [...file.notes, ...columnNotes(path, file, request.profile)];
    return await withLock(store.db, 'batch-import', request.now, async () => {
      const begun = await begin(store, request, file, notes);
      const rowsBefore = begun.readTo;
      if (begun.state === 'ready') return { ...resultOf(begun), alreadyImported: true, resumedFrom: 0 };
      try {
        await keepFile(store, begun.id, received);
        await readRows(store, request, file, begun);
        await updateBatch(store.db, begun.id, { state: 'ready' });
      } catch (error) {
        // What was killed goes on next time; what failed would fail again, and leaves nothing behind.
        await store.db.transaction().execute((trx) => dropBatch(trx, begun.id));
        throw error;
      }
      const batch = await beginBatch(store.db, begun);
      return { ...resultOf(batch), alreadyImported: false, resumedFrom: rowsBefore };
    });
  } finally {
    await file.close();
  }
}

function resultOf(batch: BatchFile): Pick<BatchImport, 'batch' | 'rows' | 'notes'> {
  return { batch, rows: batch.readTo, notes: JSON.parse(batch.notesJson) };
}

async function begin(store: Store, request: BatchRequest, file: OpenLayer, notes: string[]): Promise<BatchFile> {
  const { profile, by, now, campaign, cutOff, sourceLayer } = request;
  if (campaign === undefined && cutOff !== undefined) {
    throw new ServiceError('bad-input', 'A cut-off date belongs to a campaign; wanted --campaign NAME with it.');
  }
  if (campaign !== undefined) await openCampaign(store, campaign, cutOff, by, now);
  const [{ sha256, path }] = file.files;
  return beginBatch(store.db, {
    id: contentId('batch', sha256, profile, campaign ?? null, sourceLayer ?? null),
    ...{ name: basename(path), sha256, format: file.format, crs: file.crs.crs, encoding: file.encoding.name },
    sourceLayer: sourceLayer ?? null,
    ...{ fieldsJson: JSON.stringify(file.fields), profile: profile.id, profileJson: JSON.stringify(profile) },
    ...{ campaign: campaign ?? null, month: await openMonthFor(store, request), state: 'importing', readTo: 0 },
    ...{ notesJson: JSON.stringify(notes), importedAt: now.toISOString(), importedBy: by },
  });
}

async function openMonthFor({ db }: Store, { month, now }: BatchRequest): Promise<string> {
  const open = await firstOpenMonth(db, month ?? localDay(now).slice(0, 7));
  if (month === undefined || open === month) return open;
  const line = `Month ${month} is closed; the new patches of a batch enter a month that is not.`;
  throw new ServiceError('bad-input', line);
}

async function readRows(store: Store, request: BatchRequest, file: OpenLayer, batch: BatchFile): Promise<void> {
  const terms = { batchId: batch.id, profile: request.profile, crs: file.crs.crs, format: file.format };
  const isBegun = batch.readTo > 0;
  let readTo = 0;
  for await (const piece of file.pieces()) {
    const features = readPiece(piece, file.reading);
    readTo += features.length;
    if (isBegun && readTo <= batch.readTo) continue;
    const rows = features.map((feature) => readRow(feature, terms));
    await store.db.transaction().execute(async (trx) => {
      await insertBatchRows(trx, rows);
      await updateBatch(trx, batch.id, { readTo });
    });
    request.onProgress?.(readTo, file.count);
  }
}

/** What the file lacks of what the profile speaks of. @throws ServiceError bad-input where that is the number */
function columnNotes(path: string, { fields }: OpenLayer, { id, fields: meant, answers }: BatchProfile): string[] {
  const names = new Set(fields.map(({ name }) => name));
  if (!names.has(meant.number)) {
    const got = [...names].join(', ') || 'no columns';
    const wanted = `the column ${meant.number}, which profile ${id} has for the number`;
    throw new ServiceError('bad-input', `${path}: wanted ${wanted}, got ${got}: wanted a profile of its own.`);
  }
  const known = Object.values(meant).flatMap((field) => (typeof field === 'string' ? field : (field?.field ?? [])));
  const lacking = [...new Set([...known, ...answers.map(({ field }) => field)])].filter((name) => !names.has(name));
  const isAnswer = (name: string) => answers.some(({ field }) => field === name);
  return lacking.map((name) =>
    isAnswer(name)
      ? `no column ${name}: that answer will not be returned`
      : `no column ${name}: nothing is known of it`,
  );
}
