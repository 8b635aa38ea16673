import { createHash } from 'node:crypto';
import PDFDocument from 'pdfkit';
import { type BarChart, drawBars } from './bars.ts';
import { fontBytes } from './fonts.ts';
import { drawFooters, drawMark, drawRunningHead } from './footer.ts';
import { drawLines, type LineChart } from './lines.ts';
import { drawPictures, type Picture } from './picture.ts';
import { Sheet } from './sheet.ts';
import { drawFacts, drawTable, type Table } from './table.ts';
import { drawHeading, drawParagraph, drawSignature, drawTitle, type ParagraphOptions } from './words.ts';

export interface PaperMeta {
  title: string;
  /** Stands in the file as its date. */
  at: Date;
  /** At the foot of every page. */
  footer?: string;
  /** Pale across every page, e.g. 草稿. */
  mark?: string;
}

/** A paper in the making: each call draws a block under the one before, on a new page where it does not fit. */
export interface Paper {
  title(text: string, under?: string): void;
  heading(text: string): void;
  /** Line feeds part paragraphs. */
  paragraph(text: string, options?: ParagraphOptions): void;
  facts(pairs: readonly (readonly [label: string, value: string])[]): void;
  table(table: Table): void;
  pictures(row: readonly Picture[], options?: { heightMm?: number }): void;
  bars(chart: BarChart): void;
  lines(chart: LineChart): void;
  signature(lines: readonly string[]): void;
  newPage(): void;
}

/**
 * A4 as PDF, with the characters that it uses embedded. The same meta and drawing give the same bytes.
 *
 * @throws ServiceError bad-input when a picture is neither PNG nor JPEG or a table has no columns; what `draw` throws
 */
export async function printPdf(meta: PaperMeta, draw: (paper: Paper) => void): Promise<Uint8Array> {
  const info = { Title: meta.title, CreationDate: meta.at, ModDate: meta.at, Producer: 'Tuban', Creator: 'Tuban' };
  const pdf = new PDFDocument({ autoFirstPage: false, bufferPages: true, size: 'A4', margin: 0, lang: 'zh-CN', info });
  for (const weight of ['regular', 'bold'] as const) pdf.registerFont(weight, fontBytes(weight));
  const chunks: Buffer[] = [];
  const written = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  let pages = 0;
  const sheet = new Sheet(pdf, (started) => {
    if (meta.mark !== undefined) drawMark(started, meta.mark);
    if (pages++ > 0) drawRunningHead(started, meta.title);
  });
  draw(paperOn(sheet));
  sheet.end();
  drawFooters(sheet, meta.footer);
  pdf.end();
  await written;
  return withContentId(Buffer.concat(chunks));
}

function paperOn(sheet: Sheet): Paper {
  return {
    title: (text, under) => drawTitle(sheet, text, under),
    heading: (text) => drawHeading(sheet, text),
    paragraph: (text, options) => drawParagraph(sheet, text, options),
    facts: (pairs) => drawFacts(sheet, pairs),
    table: (table) => drawTable(sheet, table),
    pictures: (row, { heightMm } = {}) => drawPictures(sheet, row, heightMm),
    bars: (chart) => drawBars(sheet, chart),
    lines: (chart) => drawLines(sheet, chart),
    signature: (lines) => drawSignature(sheet, lines),
    newPage: () => sheet.newPage(),
  };
}

/** Two files differ in their id where they differ in content: pdfkit's own is made of title and date only. */
function withContentId(bytes: Buffer): Uint8Array {
  const trailer = bytes.lastIndexOf('/ID [');
  const id = /\/ID \[<([0-9a-f]{32})> <[0-9a-f]{32}>\]/.exec(bytes.subarray(trailer).toString('latin1'));
  if (id === null) throw new Error('The PDF has no file id where one is written.');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  bytes.write(`/ID [<${hash}> <${hash}>]`, trailer + id.index, 'latin1');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
