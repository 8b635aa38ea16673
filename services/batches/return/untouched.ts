import { ServiceError } from '../../error.ts';
import { type BatchFile, batchRows } from '../../store/batch-files.ts';
import type { Store } from '../../store/open.ts';
import type { FieldValue, OpenLayer } from '../../zones/layer-files/layer-file.ts';
import { readPiece } from '../../zones/layer-files/read-piece.ts';
import type { BatchProfile } from '../profile.ts';

/** @throws ServiceError store-unusable where a filled file differs from its rows in anything but the answers */
export async function checkUntouched({ db }: Store, batch: BatchFile, file: OpenLayer): Promise<void> {
  const { answers } = JSON.parse(batch.profileJson) as BatchProfile;
  const columns = new Set(answers.map(({ field }) => field));
  const rest = (properties: Record<string, FieldValue>) =>
    JSON.stringify(Object.entries(properties).filter(([name]) => !columns.has(name)));
  const rows = batchRows(db, batch.id);
  for await (const piece of file.pieces()) {
    for (const { index, properties } of readPiece(piece, file.reading)) {
      const { value: row } = await rows.next();
      if (row?.row === index && rest(JSON.parse(row.propertiesJson)) === rest(properties)) continue;
      throw untrue(batch, `row ${index + 1} would go back other than it came`);
    }
  }
  if (!(await rows.next()).done) throw untrue(batch, 'rows are missing from what would go back');
}

function untrue({ id, name }: BatchFile, problem: string): ServiceError {
  return new ServiceError('store-unusable', `Batch ${id} (${name}): ${problem}; nothing was written.`);
}
