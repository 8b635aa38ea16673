import { ServiceError } from '../error.ts';
import type { Sheet } from './sheet.ts';
import { colours, page, pointsPerMm, styles, textWidth } from './style.ts';

export interface Picture {
  /** Of a PNG or JPEG file. */
  bytes: Uint8Array;
  caption?: string;
}

/** Pixels. */
interface Size {
  width: number;
  height: number;
}

const between = 12;
const mostCaptionLines = 6;

/** Pictures side by side, each as large as its share of the width and the row's height let it be. */
export function drawPictures(sheet: Sheet, row: readonly Picture[], heightMm = 60): void {
  if (row.length === 0) return;
  const width = (textWidth - between * (row.length - 1)) / row.length;
  const captions = row.map(({ caption = '' }) =>
    caption === '' ? [] : sheet.lines(caption, width, styles.small).slice(0, mostCaptionLines),
  );
  const images = row.map(({ bytes }, k) => open(sheet, bytes, k));
  const most = Math.min(heightMm * pointsPerMm, page.height - page.top - page.bottom - 60);
  const scales = images.map((image) => Math.min(width / image.width, most / image.height));
  const height = Math.max(...images.map((image, k) => image.height * scales[k]));
  const captionLines = Math.max(...captions.map((lines) => lines.length));
  sheet.gap(4);
  sheet.need(height + captionLines * styles.small.leading + 12);
  for (const [k, image] of images.entries()) {
    const size = { width: image.width * scales[k], height: image.height * scales[k] };
    const x = page.left + k * (width + between);
    const left = x + (width - size.width) / 2;
    // Opened once, so that its bytes are in the file once.
    sheet.pdf.image(image as unknown as Buffer, left, sheet.y, size);
    sheet.pdf.rect(left, sheet.y, size.width, size.height).lineWidth(0.5).strokeColor(colours.line).stroke();
    for (const [n, line] of captions[k].entries()) {
      sheet.writeCentred(line, sheet.y + height + 4 + n * styles.small.leading, styles.small, x, width);
    }
  }
  sheet.y += height + captionLines * styles.small.leading + 12;
}

function open(sheet: Sheet, bytes: Uint8Array, k: number): Size {
  try {
    // pdfkit has it, its types do not.
    const pdf = sheet.pdf as unknown as { openImage(bytes: Buffer): Size };
    return pdf.openImage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError('bad-input', `Picture ${k + 1} of a row wants the bytes of a PNG or JPEG: ${reason}`);
  }
}
