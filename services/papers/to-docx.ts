import { AlignmentType, Document, type FileChild, Footer, Header, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import { blockDocx, colours, fonts } from './docx-blocks.ts';
import { fixedZip } from './fixed-zip.ts';
import { type Rendering, titleOf } from './rendering.ts';

/** A4 in twentieths of a point, with the margins that official letters have. */
const pageSize = { width: 11906, height: 16838 };
const margins = { top: 1701, bottom: 1587, left: 1474, right: 1474 };
const small = { size: 18, color: colours.grey, font: fonts };

/** The paper as DOCX, to be edited in the office; the same rendering gives the same bytes. */
export async function paperDocx({ paper, issued, at, footer, pictures }: Rendering): Promise<Uint8Array> {
  const children: FileChild[] = [];
  const drawing = { issued, pictures, drawn: 0 };
  for (const block of paper.blocks) children.push(...blockDocx(block, drawing));
  const title = titleOf(paper, issued);
  const document = new Document({
    title,
    creator: 'Tuban',
    lastModifiedBy: 'Tuban',
    styles: { default: { document: { run: { font: fonts, size: 24 } } } },
    sections: [
      {
        properties: { page: { size: pageSize, margin: margins } },
        headers: { default: new Header({ children: [headLine(issued === null)] }) },
        footers: { default: new Footer({ children: [footLine(footer)] }) },
        children,
      },
    ],
  });
  const core = { path: 'docProps/core.xml', data: coreXml(title, at) };
  return fixedZip(await Packer.toBuffer(document, undefined, [core]));
}

function headLine(isDraft: boolean): Paragraph {
  const text = isDraft ? [new TextRun({ text: '草　稿', bold: true, color: colours.red, size: 28, font: fonts })] : [];
  return new Paragraph({ alignment: AlignmentType.RIGHT, children: text });
}

function footLine(footer: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [
      new TextRun({ ...small, text: `${footer}　　` }),
      new TextRun({ ...small, children: ['第 ', PageNumber.CURRENT, ' 页 共 ', PageNumber.TOTAL_PAGES, ' 页'] }),
    ],
  });
}

/** The library writes the time of the call into it. */
function coreXml(title: string, at: Date): string {
  const escaped = title.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  const when = (name: string) => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${time}</dcterms:${name}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties',
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:title>${escaped}</dc:title><dc:creator>Tuban</dc:creator><cp:lastModifiedBy>Tuban</cp:lastModifiedBy>`,
    `${when('created')}${when('modified')}</cp:coreProperties>`,
  ].join('');
}
