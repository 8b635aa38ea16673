import { hashedDetections } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import { idByContent } from './detection-ids.ts';
import { addFinding, type Findings, noFindings } from './findings.ts';

export interface DetectionReport {
  /** Detections whose id was computed again. */
  checked: number;
  /** Those whose id was not made from content: nothing can be said of them. */
  notRecomputable: number;
  faults: Findings<{ id: string; problem: string }>;
}

/** Evidence holds every pixel run of a detection: some are megabytes. */
const PAGE = 200;

/** Computes the ids of all detections again from what they say. */
export async function verifyDetections({ db }: Store, onProgress: (checked: number) => void): Promise<DetectionReport> {
  const report: DetectionReport = { checked: 0, notRecomputable: 0, faults: noFindings() };
  for (let after = ''; ; ) {
    const rows = await hashedDetections(db, after, PAGE);
    for (const row of rows) {
      const id = idByContent(row);
      if (id === null) report.notRecomputable++;
      else report.checked++;
      if (id === null || id === row.id) continue;
      const problem = id === '' ? 'its evidence cannot be read' : `its content hashes to ${id}: it was edited`;
      addFinding(report.faults, { id: row.id, problem });
    }
    onProgress(report.checked + report.notRecomputable);
    if (rows.length < PAGE) return report;
    after = rows[rows.length - 1].id;
  }
}
