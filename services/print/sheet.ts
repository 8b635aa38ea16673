import { breakLines, widthOf } from './break-lines.ts';
import { printable } from './printable.ts';
import { page, type TextStyle, textWidth, type Weight } from './style.ts';

/** What is known of a loaded font: pdfkit keeps it, but does not say so in its types. */
interface LoadedFont {
  unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): { advanceWidth: number };
}

export interface Written {
  /** Points that are added between any two characters. */
  spread?: number;
}

/** Letters stand at their own widths, so that a line is as wide as it was measured. */
const plainLetters = {
  kern: false,
  liga: false,
  clig: false,
  calt: false,
} as unknown as PDFKit.Mixins.OpenTypeFeatures[];
/** Chinese characters are a square; their middle lies this far above the line that letters stand on, in ems. */
const middleOfHan = 0.38;

/** The page being drawn on, and how far down it is filled. Lengths in points, from the page's upper left corner. */
export class Sheet {
  readonly pdf: PDFKit.PDFDocument;
  /** Top of what is drawn next. */
  y: number = page.top;
  #waiting: { height: number; draw: () => void }[] = [];
  readonly #onPage: (sheet: Sheet) => void;
  readonly #widths: Record<Weight, Map<string, number>> = { regular: new Map(), bold: new Map() };
  readonly #fonts: Record<Weight, LoadedFont>;

  /** `pdf` has the fonts 'regular' and 'bold' registered; `onPage` draws what each page begins with. */
  constructor(pdf: PDFKit.PDFDocument, onPage: (sheet: Sheet) => void) {
    this.pdf = pdf;
    this.#onPage = onPage;
    const loaded = (weight: Weight) => (pdf.font(weight) as unknown as { _font: { font: LoadedFont } })._font.font;
    this.#fonts = { regular: loaded('regular'), bold: loaded('bold') };
    this.newPage();
  }

  newPage(): void {
    this.#headed();
    this.pdf.addPage();
    this.y = page.top;
    this.#onPage(this);
  }

  /** Free height below. */
  get left(): number {
    return page.height - page.bottom - this.y;
  }

  /**
   * Goes to a new page where `height` does not fit any more, unless this page is still empty. A heading that waits goes
   * along.
   */
  need(height: number): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const all = waiting.reduce((sum, one) => sum + one.height, height);
    if (all > this.left && this.y > page.top) this.newPage();
    for (const { draw } of waiting) draw();
  }

  /** Draws something when the block after it is, so that both stand on one page. */
  drawWithNext(height: number, draw: () => void): void {
    this.#waiting.push({ height, draw });
  }

  /** Room between two blocks; none at the top of a page, and a heading brings its own. */
  gap(height: number): void {
    if (this.y > page.top && this.#waiting.length === 0) this.y += height;
  }

  /** To be called when all is drawn: a heading may be the last of it. */
  end(): void {
    this.#headed();
  }

  #headed(): void {
    if (this.#waiting.length > 0) this.need(0);
  }

  width(text: string, { size, weight }: TextStyle): number {
    return widthOf(text, (char) => this.#em(char, weight) * size);
  }

  /** The text as lines of at most `width` points. */
  lines(text: string, width: number, { size, weight }: TextStyle, first = 0): string[] {
    const clean = printable(text, (code) => this.#fonts[weight].hasGlyphForCodePoint(code));
    return breakLines(clean, width, (char) => this.#em(char, weight) * size, first);
  }

  /** One line that fits: what is too much is cut, with a mark that it was. */
  oneLine(text: string, width: number, style: TextStyle): string {
    const flat = text.replace(/\s+/g, ' ');
    const [whole] = this.lines(flat, width, style);
    return this.lines(flat, width, style).length === 1
      ? whole
      : `${this.lines(flat, width - this.width('…', style), style)[0]}…`;
  }

  /** A line, in the line box whose upper left corner is given. */
  write(line: string, x: number, y: number, style: TextStyle, { spread = 0 }: Written = {}): void {
    if (line === '') return;
    const base = y + style.leading / 2 + middleOfHan * style.size;
    this.pdf
      .font(style.weight)
      .fontSize(style.size)
      .fillColor(style.colour)
      .text(line, x, base, {
        lineBreak: false,
        baseline: 'alphabetic',
        features: plainLetters,
        ...(spread > 0 && { characterSpacing: spread }),
      });
  }

  writeCentred(line: string, y: number, style: TextStyle, x: number = page.left, width: number = textWidth): void {
    this.write(line, x + (width - this.width(line, style)) / 2, y, style);
  }

  writeRight(line: string, right: number, y: number, style: TextStyle): void {
    this.write(line, right - this.width(line, style), y, style);
  }

  /** A level line. */
  rule(y: number, weight: number, colour: string, x: number = page.left, width: number = textWidth): void {
    this.pdf
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(weight)
      .strokeColor(colour)
      .stroke();
  }

  /** Advance of a character in ems. */
  #em(char: string, weight: Weight): number {
    const known = this.#widths[weight].get(char);
    if (known !== undefined) return known;
    const font = this.#fonts[weight];
    const em = font.glyphForCodePoint(char.codePointAt(0)!).advanceWidth / font.unitsPerEm;
    this.#widths[weight].set(char, em);
    return em;
  }
}
