import { type Paper, printPdf } from '../print/paper.ts';
import { type FilledBlock, signedByHand, textOf } from './filled.ts';
import { type Rendering, titleOf } from './rendering.ts';

/** The paper as PDF; the same rendering gives the same bytes. */
export function paperPdf({ paper, issued, at, footer, pictures }: Rendering): Promise<Uint8Array> {
  const meta = { title: titleOf(paper, issued), at, footer, ...(issued === null && { mark: '草稿' }) };
  return printPdf(meta, (sheet) => {
    for (const [k, block] of paper.blocks.entries()) {
      // A number belongs under the title before it.
      if (block.block === 'number' && paper.blocks[k - 1]?.block === 'title') continue;
      draw(sheet, block, paper.blocks[k + 1], { issued, pictures });
    }
  });
}

function draw(
  sheet: Paper,
  block: FilledBlock,
  next: FilledBlock | undefined,
  { issued, pictures }: Pick<Rendering, 'issued' | 'pictures'>,
): void {
  const said = (written: string) => textOf(written, issued);
  switch (block.block) {
    case 'title':
      sheet.title(said(block.text), next?.block === 'number' ? said(next.text) : undefined);
      break;
    case 'number':
    case 'addressee':
      sheet.paragraph(said(block.text), { flush: true });
      break;
    case 'heading':
      sheet.heading(said(block.text));
      break;
    case 'paragraph':
      sheet.paragraph(said(block.text));
      break;
    case 'facts':
      sheet.facts(block.pairs.map(([label, value]) => [said(label), said(value)]));
      break;
    case 'table':
      sheet.table(block);
      break;
    case 'pictures':
      for (const row of block.rows) {
        sheet.pictures(row.map(({ sha256, caption }) => ({ bytes: pictures.get(sha256) as Uint8Array, caption })));
      }
      break;
    case 'attachments':
      sheet.paragraph(`附件：${block.items.map((item, k) => `${k + 1}. ${said(item)}`).join('；')}`);
      break;
    case 'opinions':
      sheet.facts(block.rows.map((row) => [said(row), signedByHand]));
      break;
    case 'signature':
      sheet.signature(block.lines.map(said));
      break;
  }
}
