import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ServiceError } from '../../error.ts';
import { type BatchFile, fileEndings, insertReturn } from '../../store/batch-files.ts';
import type { Store } from '../../store/open.ts';
import { PendingFiles } from '../../zones/export/pending-files.ts';
import { endingOf } from '../../zones/layer-files/file-bytes.ts';
import type { OpenLayer } from '../../zones/layer-files/layer-file.ts';
import type { BatchProfile } from '../profile.ts';
import { standingRows } from '../row-states.ts';
import { answerOf, type Misfit, type RowAnswers } from './answers.ts';
import { fillDbf } from './fill-dbf.ts';
import { fillGeojson } from './fill-geojson.ts';
import { fillGeopackage } from './fill-geopackage.ts';
import { checksOf, type Receipt, type ReceiptCounts } from './receipt.ts';
import { hashedNow, openRestored, type Restored, restoreFile } from './restored.ts';
import { checkUntouched } from './untouched.ts';

export interface ReturnRequest {
  /** File to write, with the ending that came; or a folder, where it gets the name it came with. */
  out: string;
  overwrite?: boolean;
  by: string;
  now: Date;
}

export interface BatchReturn {
  files: string[];
  receipt: Receipt;
}

/**
 * Writes a batch back as it came: the very bytes of the file, with nothing changed but the cells of the profile's
 * answer columns in rows that have an answer; beside it the receipt (FILE.receipt.json), which is kept, too.
 * @throws ServiceError bad-input: where to write; store-unusable: the file is not what was received
 */
export async function returnBatch(store: Store, batch: BatchFile, request: ReturnRequest): Promise<BatchReturn> {
  if (batch.state !== 'ready') {
    throw new ServiceError('bad-input', `The batch ${batch.id} is not whole: import ${batch.name} again first.`);
  }
  const out = await placeOf(store, batch, request.out);
  const receiptPath = `${out.main}.receipt.json`;
  const pending = new PendingFiles(
    out.main,
    [...out.endings.map((ending) => out.stem + ending), receiptPath],
    request.overwrite ?? false,
  );
  const restored = await restoreFile(store, batch);
  try {
    const filled = await fill(store, batch, restored);
    const returned = { name: basename(out.main), ...(await verified(store, batch, restored)) };
    const receipt = receiptOf(batch, restored, returned, filled, request);
    for (const { ending, path } of restored.files) copyFileSync(path, pending.pathFor(out.stem + ending));
    writeFileSync(pending.pathFor(receiptPath), `${JSON.stringify(receipt, null, 2)}\n`);
    const at = request.now.toISOString();
    await insertReturn(store.db, { batchId: batch.id, receiptJson: JSON.stringify(receipt), at });
    return { files: pending.commit(), receipt };
  } catch (error) {
    pending.abandon();
    throw error;
  } finally {
    await rm(restored.folder, { recursive: true, force: true });
  }
}

/** @throws ServiceError bad-input where the ending is another than came */
async function placeOf({ db }: Store, { id, name, format }: BatchFile, out: string) {
  const endings = await fileEndings(db, id);
  const isShape = format === 'shapefile';
  const ending = isShape ? endings.find((one) => one.toLowerCase() === '.shp')! : endings[0];
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  const path = resolve(isFolder ? join(out, name) : out);
  if (endingOf(path) !== ending.toLowerCase()) {
    throw new ServiceError(
      'bad-input',
      `${out}: the batch came as ${name} and goes back as such; wanted a name in ${ending}.`,
    );
  }
  const stem = path.slice(0, -ending.length);
  if (!existsSync(dirname(path))) throw new ServiceError('bad-input', `${dirname(path)}: there is no such folder.`);
  return { main: stem + ending, stem, endings };
}

interface Filled {
  counts: ReceiptCounts;
  filled: Record<string, number>;
  lackingColumns: string[];
  misfits: Misfit[];
}

async function fill(store: Store, batch: BatchFile, restored: Restored): Promise<Filled> {
  const { answers } = JSON.parse(batch.profileJson) as BatchProfile;
  const file = await openRestored(batch, restored, false);
  try {
    const names = new Set(file.fields.map(({ name }) => name));
    const columns = answers.filter(({ field }) => names.has(field));
    const counts: ReceiptCounts = { rows: 0, matched: 0, new: 0, unmatched: 0, answered: 0, open: 0 };
    const filled: Record<string, number> = {};
    const rows: RowAnswers[] = [];
    for await (const { row, link, state } of standingRows(store, batch.id)) {
      counts.rows++;
      counts[link === null ? 'unmatched' : link.kind === 'new' ? 'new' : 'matched']++;
      counts[state.answered ? 'answered' : 'open']++;
      const values = new Map<string, string | number>();
      for (const column of columns) {
        const value = answerOf(column, state);
        if (value === null) continue;
        values.set(column.field, value);
        filled[column.field] = (filled[column.field] ?? 0) + 1;
      }
      if (values.size > 0) rows.push({ row: row.row, fid: row.fid, number: row.number, values });
    }
    const lackingColumns = answers.filter(({ field }) => !names.has(field)).map(({ field }) => field);
    return { counts, filled, lackingColumns, misfits: write(file, rows) };
  } finally {
    await file.close();
  }
}

function write(file: OpenLayer, rows: RowAnswers[]): Misfit[] {
  const [reading] = file.reading.files;
  if (reading.format === 'shapefile') return rows.length === 0 ? [] : fillDbf(reading.dbf!.file, reading, rows);
  if (reading.format === 'geopackage') fillGeopackage(reading.file, reading, rows);
  else if (reading.format !== 'flatgeobuf') fillGeojson(reading.file, rows);
  return [];
}

/** Reads the filled file back and holds it to what was received. */
async function verified(store: Store, batch: BatchFile, restored: Restored) {
  const file = await openRestored(batch, restored, true);
  try {
    await checkUntouched(store, batch, file);
    return { sha256: file.files[0].sha256, files: await hashedNow(restored.files) };
  } finally {
    await file.close();
  }
}

function receiptOf(
  batch: BatchFile,
  restored: Restored,
  returned: Receipt['returned'],
  { counts, filled, lackingColumns, misfits }: Filled,
  { by, now }: ReturnRequest,
): Receipt {
  const { id, profile, campaign, importedAt, importedBy, name, sha256 } = batch;
  return {
    edition: 'batch-receipt-1',
    batch: { id, profile, campaign, importedAt, importedBy },
    received: { name, sha256, files: restored.files.map(({ ending, sha256 }) => ({ ending, sha256 })) },
    ...{ returned, counts, filled, lackingColumns, misfits, checks: checksOf(counts), at: now.toISOString(), by },
  };
}
