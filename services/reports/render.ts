import { canonicalJson } from '../canonical-json.ts';
import { reportPdf } from './pdf.ts';
import type { Report } from './report.ts';
import { reportXlsx } from './xlsx.ts';

export const REPORT_FORMATS = ['json', 'xlsx', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report as a file. The same report gives the same bytes. */
export async function renderReport(report: Report, format: ReportFormat): Promise<Uint8Array> {
  if (format === 'json') return new TextEncoder().encode(`${canonicalJson(report)}\n`);
  return format === 'xlsx' ? reportXlsx(report) : reportPdf(report);
}
