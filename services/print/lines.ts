import { axisSteps, figureText } from './axis.ts';
import { drawChartTitle } from './bars.ts';
import type { Sheet } from './sheet.ts';
import { colours, page, seriesColours, styles, textWidth } from './style.ts';

export interface LineChart {
  title: string;
  unit?: string;
  /** Along the level axis, one per value. */
  labels: readonly string[];
  /** null: nothing is known there, and the line has a gap. */
  series: readonly { name: string; values: readonly (number | null)[] }[];
}

/** Where values are drawn. */
interface Frame {
  at: (k: number) => number;
  up: (value: number) => number;
  left: number;
  width: number;
  bottom: number;
}

const height = 150;
/** One per series, so that lines are told apart without colour. */
const dashes = [null, [5, 2.5], [1.5, 2], [7, 2, 1.5, 2], [3, 3], [9, 3]];

export function drawLines(sheet: Sheet, chart: LineChart): void {
  sheet.gap(6);
  sheet.need(styles.columnTitle.leading + height + 60);
  drawChartTitle(sheet, chart.title, chart.unit);
  drawLegend(
    sheet,
    chart.series.map(({ name }) => name),
  );
  const known = chart.series.flatMap(({ values }) => values.filter((value) => value !== null));
  const steps = axisSteps(Math.min(0, ...known), known.length > 0 ? Math.max(0, ...known) : 1);
  const texts = steps.map(figureText);
  const axis = Math.max(...texts.map((text) => sheet.width(text, styles.small))) + 8;
  const [low, high] = [steps[0], steps[steps.length - 1]];
  const left = page.left + axis;
  const width = textWidth - axis - 6;
  const slots = Math.max(1, chart.labels.length);
  const top = sheet.y + 4;
  const frame: Frame = {
    left,
    width,
    bottom: top + height,
    at: (k) => left + ((k + 0.5) / slots) * width,
    up: (value) => top + height - ((value - low) / (high - low)) * height,
  };
  for (const [k, value] of steps.entries()) {
    sheet.rule(frame.up(value), value === 0 ? 0.8 : 0.4, value === 0 ? colours.rule : colours.line, left, width);
    sheet.writeRight(texts[k], left - 6, frame.up(value) - styles.small.leading / 2, styles.small);
  }
  for (const [k, { values }] of chart.series.entries()) drawSeries(sheet, frame, values.slice(0, slots), k);
  drawLabels(sheet, frame, chart.labels);
  sheet.y = frame.bottom + styles.small.leading + 14;
}

function drawSeries(sheet: Sheet, { at, up }: Frame, values: readonly (number | null)[], series: number): void {
  const colour = seriesColours[series % seriesColours.length];
  const dash = dashes[series % dashes.length];
  let drawing = false;
  for (const [k, value] of values.entries()) {
    if (value === null) drawing = false;
    else {
      if (drawing) sheet.pdf.lineTo(at(k), up(value));
      else sheet.pdf.moveTo(at(k), up(value));
      drawing = true;
    }
  }
  sheet.pdf.save().lineWidth(1.3).lineJoin('round').strokeColor(colour);
  if (dash !== null) sheet.pdf.dash(dash[0], { space: dash[1] });
  sheet.pdf.stroke().restore();
  for (const [k, value] of values.entries()) {
    if (value !== null) sheet.pdf.circle(at(k), up(value), 1.9).fill(colour);
  }
}

/** As many labels as have room, the first among them. */
function drawLabels(sheet: Sheet, { at, bottom, width }: Frame, labels: readonly string[]): void {
  const widest = Math.max(1, ...labels.map((label) => sheet.width(label, styles.small))) + 8;
  const every = Math.max(1, Math.ceil((widest * labels.length) / width));
  for (const [k, label] of labels.entries()) {
    if (k % every !== 0) continue;
    sheet.writeCentred(sheet.oneLine(label, 120, styles.small), bottom + 4, styles.small, at(k) - 60, 120);
  }
}

function drawLegend(sheet: Sheet, names: readonly string[]): void {
  let x = page.left;
  for (const [k, name] of names.entries()) {
    const text = sheet.oneLine(name, textWidth - 30, styles.small);
    const width = 24 + sheet.width(text, styles.small) + 16;
    if (x > page.left && x + width > page.left + textWidth) {
      x = page.left;
      sheet.y += styles.small.leading;
    }
    const y = sheet.y + styles.small.leading / 2;
    const dash = dashes[k % dashes.length];
    sheet.pdf
      .save()
      .lineWidth(1.3)
      .strokeColor(seriesColours[k % seriesColours.length]);
    if (dash !== null) sheet.pdf.dash(dash[0], { space: dash[1] });
    sheet.pdf
      .moveTo(x, y)
      .lineTo(x + 18, y)
      .stroke()
      .restore();
    sheet.write(text, x + 24, sheet.y, styles.small);
    x += width;
  }
  sheet.y += styles.small.leading + 4;
}
