import { ServiceError } from '../error.ts';
import type { Sheet } from './sheet.ts';
import { colours, page, styles, type TextStyle, textWidth } from './style.ts';

export interface TableColumn {
  title: string;
  /** Share of the width beside the other columns'; 1 where not given. */
  width?: number;
  align?: 'left' | 'right' | 'center';
}

export interface Table {
  columns: TableColumn[];
  rows: readonly (readonly string[])[];
}

/** A column as it is drawn: points. */
interface Track {
  x: number;
  width: number;
  align: NonNullable<TableColumn['align']>;
}

const padX = 5;
const padY = 4;

/** Rules above and below and hairlines between rows; the header is repeated on each page. */
export function drawTable(sheet: Sheet, { columns, rows }: Table): void {
  const tracks = tracksOf(columns);
  const titles = columns.map(({ title }, k) => sheet.lines(title, inner(tracks[k]), styles.columnTitle));
  const headHeight = heightOf(titles);
  sheet.gap(2);
  sheet.need(headHeight + 3 * styles.cell.leading);
  drawHead(sheet, tracks, titles);
  for (const row of rows) {
    let cells = tracks.map((track, k) => sheet.lines(row[k] ?? '', inner(track), styles.cell));
    if (heightOf(cells) > sheet.left) {
      // A row is kept whole where a page can hold it.
      const fitsPage = heightOf(cells) <= page.height - page.top - page.bottom - headHeight;
      if (fitsPage || linesLeft(sheet) < 2) nextPage(sheet, tracks, titles);
      for (let fit = linesLeft(sheet); heightOf(cells) > sheet.left; fit = linesLeft(sheet)) {
        drawRow(
          sheet,
          tracks,
          cells.map((lines) => lines.slice(0, fit)),
          styles.cell,
        );
        cells = cells.map((lines) => lines.slice(fit));
        nextPage(sheet, tracks, titles);
      }
    }
    drawRow(sheet, tracks, cells, styles.cell);
    sheet.rule(sheet.y, 0.4, colours.line);
  }
  sheet.rule(sheet.y, 0.9, colours.rule);
  sheet.y += 10;
}

/** Two columns: what it is, and what it says. */
export function drawFacts(sheet: Sheet, pairs: readonly (readonly [label: string, value: string])[]): void {
  const [label, value] = tracksOf([
    { title: '', width: 0.24 },
    { title: '', width: 0.76 },
  ]);
  const strong = () => sheet.rule(sheet.y, 0.9, colours.rule);
  let first = true;
  const nextPage = () => {
    if (!first) strong();
    sheet.newPage();
    first = true;
  };
  // Rules are drawn over the tint, which would cover half of them.
  const draw = (cells: string[][]) => {
    const top = sheet.y;
    drawPair(sheet, [label, value], cells);
    sheet.rule(top, first ? 0.9 : 0.4, first ? colours.rule : colours.line);
    first = false;
  };
  sheet.gap(2);
  sheet.need(2 * styles.cell.leading);
  for (const pair of pairs) {
    let cells = [sheet.lines(pair[0], inner(label), styles.label), sheet.lines(pair[1], inner(value), styles.cell)];
    const fitsPage = heightOf(cells) <= page.height - page.top - page.bottom;
    if (fitsPage && heightOf(cells) > sheet.left) nextPage();
    for (let fit = linesLeft(sheet); heightOf(cells) > sheet.left; fit = linesLeft(sheet)) {
      draw(cells.map((lines) => lines.slice(0, fit)));
      cells = cells.map((lines) => lines.slice(fit));
      nextPage();
    }
    draw(cells);
  }
  strong();
  sheet.y += 10;
}

function drawPair(sheet: Sheet, tracks: Track[], cells: string[][]): void {
  sheet.pdf.rect(tracks[0].x, sheet.y, tracks[0].width, heightOf(cells)).fill(colours.tint);
  const top = sheet.y;
  drawRow(sheet, [tracks[0]], [cells[0]], styles.label);
  sheet.y = top;
  drawRow(sheet, tracks, [[], cells[1]], styles.cell);
  sheet.y = top + heightOf(cells);
}

function tracksOf(columns: readonly TableColumn[]): Track[] {
  const shares = columns.map(({ title, width = 1 }) => {
    if (width > 0) return width;
    throw new ServiceError('bad-input', `Column '${title}' of a table wants a width above 0 and got ${width}.`);
  });
  if (shares.length === 0) throw new ServiceError('bad-input', 'A table wants at least one column and got none.');
  const all = shares.reduce((sum, share) => sum + share, 0);
  let x = page.left;
  return shares.map((share, k) => {
    const track: Track = { x, width: (share / all) * textWidth, align: columns[k].align ?? 'left' };
    x += track.width;
    return track;
  });
}

function drawHead(sheet: Sheet, tracks: Track[], titles: string[][]): void {
  sheet.pdf.rect(page.left, sheet.y, textWidth, heightOf(titles)).fill(colours.tint);
  sheet.rule(sheet.y, 0.9, colours.rule);
  drawRow(sheet, tracks, titles, styles.columnTitle);
  sheet.rule(sheet.y, 0.6, colours.rule);
}

function nextPage(sheet: Sheet, tracks: Track[], titles: string[][]): void {
  sheet.rule(sheet.y, 0.9, colours.rule);
  sheet.newPage();
  drawHead(sheet, tracks, titles);
}

function drawRow(sheet: Sheet, tracks: Track[], cells: string[][], style: TextStyle): void {
  for (const [k, { x, width, align }] of tracks.entries()) {
    for (const [n, line] of cells[k].entries()) {
      const y = sheet.y + padY + n * style.leading;
      if (align === 'right') sheet.writeRight(line, x + width - padX, y, style);
      else if (align === 'center') sheet.writeCentred(line, y, style, x, width);
      else sheet.write(line, x + padX, y, style);
    }
  }
  sheet.y += heightOf(cells);
}

function heightOf(cells: readonly string[][]): number {
  return Math.max(1, ...cells.map((lines) => lines.length)) * styles.cell.leading + 2 * padY;
}

/** Lines of a row that still fit on the page. */
function linesLeft(sheet: Sheet): number {
  return Math.max(1, Math.floor((sheet.left - 2 * padY) / styles.cell.leading));
}

function inner(track: Track): number {
  return Math.max(1, track.width - 2 * padX);
}
