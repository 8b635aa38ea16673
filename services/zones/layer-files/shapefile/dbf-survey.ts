import { isAscii } from 'node:buffer';
import { hashFile } from '../file-bytes.ts';
import type { DbfLayout } from '../layer-reading.ts';
import { EncodingEvidence } from '../text-encoding.ts';

/** Values that are not ASCII are looked at up to this many; readers notice what comes after. */
const ENOUGH = 20_000;

export interface DbfSurvey {
  sha256: string;
  /** Records with the mark of the deleted. */
  deleted: number;
  evidence: EncodingEvidence;
}

/** Reads a .dbf through once: for its hash, its deleted records, and how its text is encoded. */
export async function surveyDbf(layout: DbfLayout, names: readonly Uint8Array[]): Promise<DbfSurvey> {
  const evidence = new EncodingEvidence();
  names.forEach((name, field) => {
    if (!isAscii(name)) evidence.add(name, true, 0, field);
  });
  const survey = { deleted: 0, evidence };
  const { headerBytes, recordBytes, records } = layout;
  let record = 0;
  let rest = Buffer.alloc(0);
  const sha256 = await hashFile(layout.file, (chunk, position) => {
    const fresh = position < headerBytes ? chunk.subarray(Math.min(chunk.length, headerBytes - position)) : chunk;
    const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
    const whole = Math.min(Math.floor(bytes.length / recordBytes), records - record);
    lookAt(bytes.subarray(0, whole * recordBytes), record, layout, survey);
    record += whole;
    rest = record < records ? Buffer.from(bytes.subarray(whole * recordBytes)) : Buffer.alloc(0);
  });
  return { sha256, ...survey };
}

function lookAt(bytes: Buffer, firstRecord: number, layout: DbfLayout, survey: Omit<DbfSurvey, 'sha256'>): void {
  const { recordBytes } = layout;
  for (let at = 0; at < bytes.length; at += recordBytes) if (bytes[at] === 0x2a) survey.deleted++;
  if (survey.evidence.values >= ENOUGH || isAscii(bytes)) return;
  const texts = layout.fields.flatMap((field, index) => (field.type === 'C' ? [{ ...field, index }] : []));
  for (let at = 0; at < bytes.length && survey.evidence.values < ENOUGH; at += recordBytes) {
    if (isAscii(bytes.subarray(at, at + recordBytes))) continue;
    for (const { offset, width, index } of texts) {
      const value = trimmed(bytes.subarray(at + offset, at + offset + width));
      if (!isAscii(value))
        survey.evidence.add(value, value.length === width, firstRecord + at / recordBytes + 1, index);
    }
  }
}

function trimmed(value: Uint8Array): Uint8Array {
  const end = value.indexOf(0);
  let length = end < 0 ? value.length : end;
  while (length > 0 && value[length - 1] === 0x20) length--;
  return value.subarray(0, length);
}
