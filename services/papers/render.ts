import type { PaperRow } from '../store/papers.ts';
import type { FilledPaper, Issued } from './filled.ts';
import { paperDocx } from './to-docx.ts';
import { paperPdf } from './to-pdf.ts';

/** What of a draft's row its file is made of. */
export type RenderedRow = Pick<PaperRow, 'id' | 'filledJson' | 'format' | 'draftedAt' | 'templateSha256'>;

/**
 * The file of a draft, or of the paper that it became: from what was kept with it only, so that the record and the
 * templates may have moved on.
 */
export function renderPaper(
  row: RenderedRow,
  pictures: ReadonlyMap<string, Uint8Array>,
  issue: (Issued & { at: Date }) | null,
): Promise<Uint8Array> {
  const { at = new Date(row.draftedAt), ...issued } = issue ?? {};
  const footer = `文书 ${row.id}　模板 ${row.templateSha256.slice(0, 12)}`;
  const paper = JSON.parse(row.filledJson) as FilledPaper;
  const rendering = { paper, issued: issue === null ? null : (issued as Issued), at, footer, pictures };
  return row.format === 'pdf' ? paperPdf(rendering) : paperDocx(rendering);
}
