import { figureText } from './axis.ts';
import type { Sheet } from './sheet.ts';
import { colours, page, seriesColours, styles, textWidth } from './style.ts';

export interface Bar {
  label: string;
  value: number;
  /** The value as it is to be read; otherwise the number. */
  shown?: string;
  /** A short remark behind it, such as 小县. */
  mark?: string;
}

export interface BarChart {
  title: string;
  unit?: string;
  bars: readonly Bar[];
}

const thickness = 9;
const pitch = 17;

/** Level bars from one zero line, so that long names can be read and values stand at the bars' ends. */
export function drawBars(sheet: Sheet, { title, unit, bars }: BarChart): void {
  sheet.gap(6);
  sheet.need(styles.columnTitle.leading + 6 + Math.min(bars.length, 12) * pitch);
  drawChartTitle(sheet, title, unit);
  const shown = bars.map((bar) => bar.shown ?? figureText(bar.value));
  const labelWidth = Math.min(textWidth * 0.3, Math.max(0, ...bars.map((bar) => sheet.width(bar.label, styles.cell))));
  const ends = bars.map(
    ({ mark }, k) => sheet.width(shown[k], styles.cell) + (mark ? sheet.width(mark, styles.small) + 6 : 0),
  );
  const endWidth = Math.min(textWidth * 0.3, Math.max(0, ...ends));
  const values = bars.map(({ value }) => (Number.isFinite(value) ? value : 0));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const x = page.left + labelWidth + 8;
  const scale = (textWidth - labelWidth - 8 - endWidth - 8) / (high - low || 1);
  for (const [k, bar] of bars.entries()) {
    sheet.need(pitch);
    const top = sheet.y + (pitch - styles.cell.leading) / 2;
    sheet.writeRight(sheet.oneLine(bar.label, labelWidth + 1, styles.cell), x - 8, top, styles.cell);
    const [from, to] = [Math.min(0, values[k]) - low, Math.max(0, values[k]) - low];
    const fill = sheet.pdf.rect(x + from * scale, sheet.y + (pitch - thickness) / 2, (to - from) * scale, thickness);
    fill.fill(seriesColours[0]);
    sheet.pdf.moveTo(x - low * scale, sheet.y).lineTo(x - low * scale, sheet.y + pitch);
    sheet.pdf.lineWidth(0.6).strokeColor(colours.rule).stroke();
    const end = x + to * scale + 5;
    sheet.write(shown[k], end, top, styles.cell);
    if (bar.mark) sheet.write(bar.mark, end + sheet.width(shown[k], styles.cell) + 6, top + 1, styles.small);
    sheet.y += pitch;
  }
  sheet.y += 10;
}

export function drawChartTitle(sheet: Sheet, title: string, unit: string | undefined): void {
  const tail = unit === undefined ? '' : `（${unit}）`;
  const room = textWidth - sheet.width(tail, styles.label);
  const line = sheet.oneLine(title, room, styles.columnTitle);
  sheet.write(line, page.left, sheet.y, styles.columnTitle);
  sheet.write(tail, page.left + sheet.width(line, styles.columnTitle), sheet.y, styles.label);
  sheet.y += styles.columnTitle.leading + 6;
}
