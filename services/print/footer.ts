import type { Sheet } from './sheet.ts';
import { colours, page, styles, textWidth } from './style.ts';

/** The paper's name at the head of every page but the first. */
export function drawRunningHead(sheet: Sheet, title: string): void {
  const line = sheet.oneLine(title, textWidth, styles.small);
  sheet.write(line, page.left, page.top - 30, styles.small);
  sheet.rule(page.top - 15, 0.4, colours.line);
}

/** A word across the page, such as 草稿: drawn under the text, and pale enough to read through. */
export function drawMark(sheet: Sheet, mark: string): void {
  const style = { ...styles.title, size: 120, leading: 150, colour: colours.red };
  sheet.pdf.save();
  sheet.pdf.rotate(-35, { origin: [page.width / 2, page.height / 2] }).opacity(0.07);
  sheet.writeCentred(mark, page.height / 2 - style.leading / 2, style, 0, page.width);
  sheet.pdf.restore();
}

/** What stands at the foot, and 第 x 页 共 y 页, on every page: drawn last, when their number is known. */
export function drawFooters(sheet: Sheet, footer: string | undefined): void {
  const { start, count } = sheet.pdf.bufferedPageRange();
  const top = page.height - page.bottom + 22;
  for (let k = 0; k < count; k++) {
    sheet.pdf.switchToPage(start + k);
    sheet.rule(top, 0.4, colours.line);
    const number = `第 ${k + 1} 页 共 ${count} 页`;
    sheet.writeRight(number, page.left + textWidth, top + 5, styles.small);
    if (footer === undefined) continue;
    const room = textWidth - sheet.width(number, styles.small) - 20;
    sheet.write(sheet.oneLine(footer, room, styles.small), page.left, top + 5, styles.small);
  }
}
