import { hashedDetections } from '../store/audit.ts';
import type { DetectionRow } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { detectionHash } from './detection-hash.ts';
import { idByContent } from './detection-ids.ts';
import { addFinding, type Findings, noFindings } from './findings.ts';

export interface DetectionReport {
  /** Detections whose id, or whose hash in the log, was computed again. */
  checked: number;
  /** Those whose id was not made from content, and of which no event keeps a hash: nothing can be said of them. */
  notRecomputable: number;
  faults: Findings<{ id: string; problem: string }>;
}

/** Evidence holds every pixel run of a detection: some are megabytes. */
const PAGE = 200;

/**
 * Computes the ids of all detections again from what they say, and the hashes that first events keep of them.
 * @param logged by detection, the hash of it in the event that opened its patch; those of before have none
 */
export async function verifyDetections(
  { db }: Store,
  logged: ReadonlyMap<string, string>,
  onProgress: (checked: number) => void,
): Promise<DetectionReport> {
  const report: DetectionReport = { checked: 0, notRecomputable: 0, faults: noFindings() };
  const missing = new Set(logged.keys());
  for (let after = ''; ; ) {
    const rows = await hashedDetections(db, after, PAGE);
    for (const row of rows) {
      const [id, hash] = [idByContent(row), logged.get(row.id)];
      missing.delete(row.id);
      if (id === null && hash === undefined) report.notRecomputable++;
      else report.checked++;
      const problem = problemOf(row, id, hash);
      if (problem !== null) addFinding(report.faults, { id: row.id, problem });
    }
    onProgress(report.checked + report.notRecomputable);
    if (rows.length < PAGE) break;
    after = rows[rows.length - 1].id;
  }
  for (const id of missing)
    addFinding(report.faults, { id, problem: 'a patch was opened for it, and it is not there' });
  return report;
}

function problemOf(row: DetectionRow, id: string | null, hash: string | undefined): string | null {
  if (id === '') return 'its evidence cannot be read';
  if (id !== null && id !== row.id) return `its content hashes to ${id}: it was edited`;
  const now = hash === undefined ? undefined : detectionHash(row);
  if (now === hash) return null;
  return `it hashes to ${now!.slice(0, 12)}…, and to ${hash!.slice(0, 12)}… when its patch was opened: it was edited`;
}
