import { ServiceError } from '../error.ts';
import type { Sheet } from './sheet.ts';
import { colours, page, styles, textWidth } from './style.ts';

/** Paragraphs begin two characters in, as Chinese ones do. */
const indent = 2 * styles.body.size;
/** A line that lacks less than this many characters is spread to the margin. */
const mostSpread = 1.6;

/** The paper's name over a red rule, as official papers have it. */
export function drawTitle(sheet: Sheet, text: string, under: string | undefined): void {
  const titleLines = sheet.lines(text, textWidth, styles.title);
  const underLines = under === undefined ? [] : sheet.lines(under, textWidth, styles.under);
  sheet.need(titleLines.length * styles.title.leading + underLines.length * styles.under.leading + 60);
  for (const line of titleLines) {
    sheet.need(styles.title.leading);
    sheet.writeCentred(line, sheet.y, styles.title);
    sheet.y += styles.title.leading;
  }
  sheet.y += 2;
  for (const line of underLines) {
    sheet.need(styles.under.leading);
    sheet.writeCentred(line, sheet.y, styles.under);
    sheet.y += styles.under.leading;
  }
  sheet.y += 8;
  sheet.rule(sheet.y, 1.6, colours.red);
  sheet.rule(sheet.y + 3, 0.5, colours.red);
  sheet.y += 18;
}

export function drawHeading(sheet: Sheet, text: string): void {
  const lines = sheet.lines(text, textWidth, styles.heading);
  // A heading is not left alone at the foot of a page.
  sheet.drawWithNext(lines.length * styles.heading.leading + 14, () => {
    sheet.gap(10);
    sheet.pdf.outline.addItem(lines.join(''));
    for (const line of lines) {
      sheet.need(styles.heading.leading);
      sheet.write(line, page.left, sheet.y, styles.heading);
      sheet.y += styles.heading.leading;
    }
    sheet.y += 4;
  });
}

export interface ParagraphOptions {
  /** Begins at the margin, as the line does that names whom a letter is to. */
  flush?: boolean;
}

export function drawParagraph(sheet: Sheet, text: string, { flush = false }: ParagraphOptions = {}): void {
  const { leading, size } = styles.body;
  const first = flush ? 0 : indent;
  for (const paragraph of text.split(/\r\n?|\n/)) {
    const lines = sheet.lines(paragraph, textWidth, styles.body, first);
    for (const [k, line] of lines.entries()) {
      // The first line of a paragraph is not left alone either.
      sheet.need(k === 0 ? Math.min(2, lines.length) * leading : leading);
      const x = page.left + (k === 0 ? first : 0);
      const lacking = page.left + textWidth - x - sheet.width(line, styles.body);
      const spreads = k < lines.length - 1 && lacking > 0 && lacking < mostSpread * size;
      sheet.write(line, x, sheet.y, styles.body, { spread: spreads ? lacking / Math.max(1, [...line].length - 1) : 0 });
      sheet.y += leading;
    }
  }
  sheet.y += 4;
}

/** Who signs, the date and room for the seal, in the lower right of the text, never parted. */
export function drawSignature(sheet: Sheet, signed: readonly string[]): void {
  const width = textWidth * 0.46;
  const lines = signed.flatMap((text) => sheet.lines(text, width, styles.body));
  if (lines.length === 0) throw new ServiceError('bad-input', 'A signature wants at least one line and got none.');
  const room = 40;
  sheet.need(room + lines.length * 20);
  sheet.y += room;
  for (const line of lines) {
    sheet.need(20);
    sheet.writeCentred(line, sheet.y, styles.body, page.left + textWidth - width, width);
    sheet.y += 20;
  }
  sheet.y += 6;
}
