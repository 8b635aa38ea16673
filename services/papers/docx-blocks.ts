import {
  AlignmentType,
  BorderStyle,
  type FileChild,
  ImageRun,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { type FilledBlock, type FilledPicture, type Issued, partsOf, signedByHand, textOf } from './filled.ts';

/** 仿宋 is what official letters are set in; where a machine lacks it, Word takes another Chinese font. */
export const fonts = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋' };
const headFonts = { ...fonts, eastAsia: '黑体' };
export const colours = { red: 'B3261E', grey: '6E7278', line: 'A8ADB3', tint: 'F3F4F6' };

export interface Drawing {
  issued: Issued | null;
  pictures: ReadonlyMap<string, Uint8Array>;
  /** Pictures drawn so far: each has a number of its own in the file. */
  drawn: number;
}

/** Twentieths of a point: half-points of type size, by what stands there. */
const sizes = { title: 40, heading: 28, body: 28, cell: 18, caption: 18 };
/** Of the text block, twentieths of a point. */
const textWidth = 11906 - 2 * 1474;
const line = { style: BorderStyle.SINGLE, size: 4, color: colours.line };
const borders = { top: line, bottom: line, left: line, right: line };
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const noBorders = { top: none, bottom: none, left: none, right: none };

export function blockDocx(block: FilledBlock, drawing: Drawing): FileChild[] {
  const said = (written: string) => textOf(written, drawing.issued);
  const centre = AlignmentType.CENTER;
  switch (block.block) {
    case 'title':
      return [
        paragraph(
          said(block.text),
          { size: sizes.title, bold: true, font: headFonts },
          { alignment: centre, after: 120 },
        ),
      ];
    case 'number':
      return [paragraph(said(block.text), { size: 24 }, { alignment: centre, after: 240, ruled: true })];
    case 'addressee':
      return [paragraph(said(block.text), { size: sizes.body }, { after: 60 })];
    case 'heading':
      return [
        paragraph(
          said(block.text),
          { size: sizes.heading, bold: true, font: headFonts },
          { before: 160, after: 80, keep: true },
        ),
      ];
    case 'paragraph':
      return [
        paragraph(said(block.text), { size: sizes.body }, { indent: 560, after: 60, alignment: AlignmentType.BOTH }),
      ];
    case 'facts':
      return [factsTable(block.pairs.map(([label, value]) => [said(label), said(value)])), gap()];
    case 'opinions':
      return [factsTable(block.rows.map((row) => [said(row), signedByHand])), gap()];
    case 'table':
      return [dataTable(block), gap()];
    case 'pictures':
      return [...block.rows.map((row) => pictureTable(row, drawing)), gap()];
    case 'attachments':
      return block.items.map((item, k) =>
        paragraph(`${k === 0 ? '附件：' : '　　　'}${k + 1}. ${said(item)}`, { size: sizes.body }, { indent: 560 }),
      );
    case 'signature':
      return block.lines.map((signed, k) =>
        paragraph(
          said(signed),
          { size: sizes.body },
          { alignment: AlignmentType.RIGHT, before: k === 0 ? 800 : 0, keep: true },
        ),
      );
  }
}

interface Setting {
  size: number;
  bold?: boolean;
  color?: string;
  font?: typeof fonts;
}

interface Placing {
  alignment?: (typeof AlignmentType)[keyof typeof AlignmentType];
  before?: number;
  after?: number;
  /** Of the first line. */
  indent?: number;
  /** Stays with what follows. */
  keep?: boolean;
  /** A red rule below. */
  ruled?: boolean;
}

function paragraph(text: string, set: Setting, place: Placing = {}): Paragraph {
  const { alignment, before = 0, after = 0, indent, keep = false, ruled = false } = place;
  return new Paragraph({
    children: runs(text, set),
    spacing: { before, after, line: 360 },
    keepNext: keep,
    ...(alignment !== undefined && { alignment }),
    ...(indent !== undefined && { indent: { firstLine: indent } }),
    ...(ruled && { border: { bottom: { style: BorderStyle.SINGLE, size: 12, space: 6, color: colours.red } } }),
  });
}

/** Blanks are underlined and red, so that nobody sends one out unseen. */
function runs(text: string, { font = fonts, ...set }: Setting): TextRun[] {
  return text.split('\n').flatMap((written, k) =>
    partsOf(written || ' ').map(
      (part, n) =>
        new TextRun({
          ...set,
          font,
          text: part.text,
          ...(k > 0 && n === 0 && { break: 1 }),
          ...(part.isBlank && { color: colours.red, underline: {} }),
        }),
    ),
  );
}

function gap(): Paragraph {
  return new Paragraph({ spacing: { after: 80 } });
}

function cell(
  text: string,
  width: number,
  given: { alignment?: Placing['alignment']; head?: boolean } = {},
): TableCell {
  const { alignment = AlignmentType.LEFT, head = false } = given;
  return new TableCell({
    width: { size: Math.round(width), type: WidthType.DXA },
    margins: { top: 50, bottom: 50, left: 90, right: 90 },
    verticalAlign: VerticalAlignTable.CENTER,
    borders,
    ...(head && { shading: { type: ShadingType.CLEAR, color: 'auto', fill: colours.tint } }),
    children: [new Paragraph({ alignment, children: runs(text, { size: sizes.cell, bold: head }) })],
  });
}

function tableOf(widths: number[], rows: TableRow[]): Table {
  return new Table({
    width: { size: textWidth, type: WidthType.DXA },
    columnWidths: widths.map((width) => Math.round(width)),
    rows,
  });
}

function factsTable(pairs: readonly (readonly [string, string])[]): Table {
  const widths = [textWidth * 0.26, textWidth * 0.74];
  const rows = pairs.map(
    ([label, value]) =>
      new TableRow({ cantSplit: true, children: [cell(label, widths[0], { head: true }), cell(value, widths[1])] }),
  );
  return tableOf(widths, rows);
}

function dataTable({ columns, rows }: FilledBlock & { block: 'table' }): Table {
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  const widths = columns.map(({ width }) => (textWidth * width) / all);
  const place = { left: AlignmentType.LEFT, right: AlignmentType.RIGHT, center: AlignmentType.CENTER };
  const head = columns.map(({ title }, k) => cell(title, widths[k], { alignment: AlignmentType.CENTER, head: true }));
  const body = rows.map((row) => {
    const children = columns.map(({ align }, k) => cell(row[k] ?? '', widths[k], { alignment: place[align] }));
    return new TableRow({ cantSplit: true, children });
  });
  return tableOf(widths, [new TableRow({ tableHeader: true, children: head }), ...body]);
}

function pictureTable(row: readonly FilledPicture[], drawing: Drawing): Table {
  const width = textWidth / row.length;
  // Square, in pixels of 1/96 inch.
  const side = Math.floor((width / 1440) * 96) - 16;
  const cells = row.map(({ sha256, caption }) => {
    const picture = new ImageRun({
      type: 'png',
      data: drawing.pictures.get(sha256) as Uint8Array,
      transformation: { width: side, height: side },
      altText: { id: String(++drawing.drawn), name: `picture-${drawing.drawn}`, description: caption, title: caption },
    });
    return new TableCell({
      width: { size: Math.round(width), type: WidthType.DXA },
      borders: noBorders,
      children: [
        new Paragraph({ alignment: AlignmentType.CENTER, keepNext: true, children: [picture] }),
        paragraph(caption, { size: sizes.caption, color: colours.grey }, { alignment: AlignmentType.CENTER }),
      ],
    });
  });
  return tableOf(
    row.map(() => width),
    [new TableRow({ cantSplit: true, children: cells })],
  );
}
