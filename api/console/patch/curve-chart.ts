import { html } from 'htm/preact';
import type { PlaceCurve } from '../../server/strip-schemas.ts';
import { label } from '../shell/text.ts';
import { say } from './words.ts';

/** A day of the patch's history. */
export interface Mark {
  date: string;
  name: string;
}

interface ChartProps {
  curve: PlaceCurve;
  index: PlaceCurve['indices'][number];
  marks: readonly Mark[];
}

type Point = PlaceCurve['points'][number];
const frame = { width: 560, height: 168, left: 34, right: 10, top: 18, bottom: 34 };
/** Least span of the axis: noise must not look like change. */
const leastSpan = 0.4;
const dayMs = 86_400_000;

/** The curve: a line only between dates that follow each other clearly; what was not seen is a gap with its mark. */
export function CurveChart({ curve, index, marks }: ChartProps) {
  const { points, onset } = curve;
  const scale = scaleOf(points, index, curve, marks);
  const { x, y } = scale;
  const at = (point: Point) => [x(point.date), y(point.values[index]!.mean)] as const;
  const runs = clearRuns(points, index);
  const bottom = frame.height - frame.bottom;
  const line = (run: Point[]) =>
    run.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point).map(rounded).join(' ')}`).join('');
  const shownMarks = marks.filter(({ date }) => date >= scale.first && date <= scale.last);
  return html`
    <svg class="chart" viewBox=${`0 0 ${frame.width} ${frame.height}`} role="img" aria-label=${spoken(curve, index)}>
      <rect class="onset" x=${x(onset.lastUnchanged)} width=${Math.max(2, x(onset.firstChanged) - x(onset.lastUnchanged))}
        y=${frame.top} height=${bottom - frame.top}><title>${`${say('onsetBegins')} ${onset.lastUnchanged} → ${onset.firstChanged}`}</title></rect>
      ${scale.ticks.map(
        (
          value,
        ) => html`<g class="tick"><line x1=${frame.left} x2=${frame.width - frame.right} y1=${y(value)} y2=${y(value)} />
          <text x=${frame.left - 5} y=${y(value) + 3.5}>${value.toFixed(scale.digits)}</text></g>`,
      )}
      ${runs.map((run) => html`<path class="around" d=${bandOf(run, index, scale)} />`)}
      ${shownMarks.map(({ date, name }) => html`<g class="mark"><line x1=${x(date)} x2=${x(date)} y1=${frame.top - 6} y2=${bottom} /><title>${`${date} ${name}`}</title></g>`)}
      ${runs.map((run) => html`<path class="line" d=${line(run)} />`)}
      ${points.map((point) => (point.values[index] ? dot(point, at(point)) : missed(point, x(point.date), bottom)))}
      ${dateLabels(points, x).map(({ date, at: left, anchor }) => html`<text class="day" x=${left} y=${frame.height - 6} text-anchor=${anchor}>${date}</text>`)}
      <text class="label" x=${(x(onset.lastUnchanged) + x(onset.firstChanged)) / 2} y=${frame.top - 6} text-anchor="middle">${say('onsetBegins')}</text>
    </svg>
  `;
}

function dot(point: Point, [left, top]: readonly [number, number]) {
  return html`<circle class=${`dot ${point.sight}`} cx=${left} cy=${top} r="3.6"><title>${`${point.date} ${label(point.said)}`}</title></circle>`;
}

/** Not seen: a cross below the axis, never a value. */
function missed(point: Point, left: number, bottom: number) {
  return html`
    <g class="missed"><line x1=${left} x2=${left} y1=${frame.top} y2=${bottom} />
      <path d=${`M${left - 3.5} ${bottom + 4}l7 7m0 -7l-7 7`} /><title>${`${point.date} ${label(point.said)}`}</title></g>
  `;
}

/** Dates that follow each other with nothing unseen between them. */
export function clearRuns(points: readonly Point[], index: ChartProps['index']): Point[][] {
  const runs: Point[][] = [[]];
  for (const point of points) {
    if (point.values[index]) runs[runs.length - 1].push(point);
    else if (runs[runs.length - 1].length > 0) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

interface Scale {
  x: (date: string) => number;
  y: (value: number) => number;
  ticks: number[];
  digits: number;
  first: string;
  last: string;
}

/** @param marks steps soon after the last date have room beside it; those of years later do not */
function scaleOf(
  points: readonly Point[],
  index: ChartProps['index'],
  { onset }: PlaceCurve,
  marks: readonly Mark[],
): Scale {
  const days = (date: string) => Date.parse(date) / dayMs;
  const dates = [...points.map(({ date }) => date), onset.lastUnchanged, onset.firstChanged].sort();
  const [first, end] = [dates[0], dates[dates.length - 1]];
  const reach = days(end) + 0.5 * (days(end) - days(first));
  const near = marks.map(({ date }) => date).filter((date) => days(date) <= reach);
  const last = [end, ...near].sort().at(-1)!;
  const span = Math.max(1, days(last) - days(first));
  const values = points.flatMap(({ values: all }) => {
    const value = all[index];
    return value ? [value.mean, value.around?.low ?? value.mean, value.around?.high ?? value.mean] : [];
  });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0, (leastSpan - (high - low)) / 2);
  const step = high - low + 2 * room > 3 ? 2 : high - low + 2 * room > 0.9 ? 0.4 : 0.2;
  const bottom = Math.floor((low - room) / step) * step;
  const top = Math.ceil((high + room) / step) * step;
  const [width, height] = [frame.width - frame.left - frame.right, frame.height - frame.top - frame.bottom];
  return {
    x: (date) => rounded(frame.left + 8 + ((days(date) - days(first)) / span) * (width - 16)),
    y: (value) => rounded(frame.top + ((top - value) / (top - bottom)) * height),
    ticks: Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, k) => bottom + k * step),
    digits: step < 1 ? 1 : 0,
    first,
    last,
  };
}

/** From low to high, there and back; where the ground round it was not seen, nothing. */
function bandOf(run: readonly Point[], index: ChartProps['index'], { x, y }: Scale): string {
  const told = run.flatMap((point) => {
    const around = point.values[index]?.around;
    return around ? [{ left: x(point.date), around }] : [];
  });
  if (told.length < 2)
    return told
      .map(({ left, around }) => `M${left - 3} ${y(around.low)}V${y(around.high)}h6V${y(around.low)}Z`)
      .join('');
  const there = told.map(({ left, around }) => `${left} ${y(around.high)}`);
  const back = told.toReversed().map(({ left, around }) => `${left} ${y(around.low)}`);
  return `M${[...there, ...back].join('L')}Z`;
}

/** As many days as have room; the first and the last always. */
function dateLabels(points: readonly Point[], x: Scale['x']) {
  const room = 66;
  const shown: { date: string; at: number; anchor: string }[] = [];
  const end = points.at(-1);
  for (const { date } of points) {
    const at = x(date);
    const tooNear = shown.length > 0 && at - shown[shown.length - 1].at < room;
    const beforeEnd = end !== undefined && date !== end.date && x(end.date) - at < room;
    if (!tooNear && !beforeEnd)
      shown.push({ date, at, anchor: shown.length === 0 ? 'start' : date === end?.date ? 'end' : 'middle' });
  }
  return shown;
}

function spoken({ points, onset }: PlaceCurve, index: ChartProps['index']): string {
  const told = points.map(({ date, values, said }) => `${date} ${values[index]?.mean.toFixed(2) ?? label(said)}`);
  return `${say(index)}: ${told.join(', ')}. ${say('onsetBegins')} ${onset.lastUnchanged} → ${onset.firstChanged}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
