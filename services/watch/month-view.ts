import { deserialize } from 'node:v8';
import type { PixelRuns } from '../../detectors/runs.ts';
import { transformer } from '../../imagery/crs.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { Scene } from '../../imagery/scene.ts';
import type { CellResult } from '../detection/cell.ts';
import { cellsOf } from '../detection/cells.ts';
import { intersection } from '../detection/estimate.ts';
import type { MonthPlan } from '../month/plan.ts';
import type { Store } from '../store/open.ts';
import { cellsByKey } from '../store/project-looks.ts';

/** A run that was compared, as its record has it. */
export interface ComparedRun {
  id: string;
  month: string;
  grid: Grid;
  /** Images of the month by id, with their days. */
  afters: ReadonlyMap<string, string>;
}

type Dated = Pick<Scene, 'id' | 'date'>;
type Looked = Pick<CellResult, 'cloud' | 'noImage' | 'judgedOn'>;

/** Cells kept: patches are asked for in order of number, which runs along the ground. */
const mostKept = 6;

/** @param plan of the run, or its record of it */
export function comparedRun(
  plan: Pick<MonthPlan, 'id' | 'month' | 'grid'> & { afters: readonly Dated[] },
): ComparedRun {
  const { id, month, grid, afters } = plan;
  return { id, month, grid, afters: new Map(afters.map((scene) => [scene.id, scene.date ?? ''])) };
}

/** Which image of the month shows which pixel clearly, as the run judged it. */
export class MonthView {
  readonly run: ComparedRun;
  readonly #store: Store;
  readonly #kept = new Map<string, Looked | null>();

  constructor(store: Store, run: ComparedRun) {
    this.#store = store;
    this.run = run;
  }

  /**
   * For each pixel of `target` the id of the image that showed it, latest first, or null.
   * @param since only images of later days than this
   */
  async shownIn(target: Grid, since: string): Promise<(string | null)[]> {
    const { grid, afters } = this.run;
    const places = pixelsOn(target, grid);
    const window = boundsOf(places, grid);
    const shown = new Array<string | null>(target.width * target.height).fill(null);
    if (window === null) return shown;
    const map = await this.#map(window);
    for (let i = 0; i < shown.length; i++) {
      const [column, row] = [places[2 * i] - window.column, places[2 * i + 1] - window.row];
      if (column < 0 || row < 0 || column >= window.width || row >= window.height) continue;
      const id = map[row * window.width + column];
      if (id !== null && (afters.get(id) ?? '') > since) shown[i] = id;
    }
    return shown;
  }

  async #map(window: Window): Promise<(string | null)[]> {
    const map = new Array<string | null>(window.width * window.height).fill(null);
    const { width, height } = this.run.grid;
    for (const cell of cellsOf({ column: 0, row: 0, width, height })) {
      const part = intersection(cell, window);
      const looked = part && (await this.#cell(cell));
      if (part && looked) paintCell(map, window, part, looked);
    }
    return map;
  }

  async #cell({ row, column }: Window): Promise<Looked | null> {
    const key = `cell:${String(row).padStart(7, '0')}:${String(column).padStart(7, '0')}`;
    let found = this.#kept.get(key);
    if (found === undefined) {
      found = null;
      for await (const { result } of cellsByKey(this.#store.db, this.run.id, [key])) {
        const { cloud, noImage, judgedOn } = deserialize(result) as CellResult;
        found = { cloud, noImage, ...(judgedOn && { judgedOn }) };
      }
    }
    this.#kept.delete(key);
    this.#kept.set(key, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    return found;
  }
}

/** A record that does not say which pair judged what says nothing of a pixel. */
function paintCell(map: (string | null)[], window: Window, part: Window, { cloud, noImage, judgedOn = [] }: Looked) {
  const rest = judgedOn.find(({ runs }) => runs === null);
  const paint = (runs: PixelRuns, id: string | null) => {
    for (let k = 0; k < runs.row.length; k++) {
      if (runs.row[k] < part.row || runs.row[k] >= part.row + part.height) continue;
      const from = Math.max(runs.start[k], part.column);
      const to = Math.min(runs.end[k], part.column + part.width);
      const line = (runs.row[k] - window.row) * window.width - window.column;
      if (to > from) map.fill(id, line + from, line + to);
    }
  };
  for (let row = part.row; row < part.row + part.height; row++) {
    const from = (row - window.row) * window.width + part.column - window.column;
    map.fill(rest ? afterOf(rest.pair) : null, from, from + part.width);
  }
  for (const { pair, runs } of judgedOn) if (runs !== null) paint(runs, afterOf(pair));
  paint(cloud, null);
  paint(noImage, null);
}

function afterOf(pair: string): string {
  return pair.split('-')[1];
}

/** Column and row on `grid` of each pixel's centre of `target`, one after the other. */
function pixelsOn(target: Grid, grid: Grid): Int32Array {
  const place = target.crs === grid.crs ? null : transformer(target.crs ?? 'EPSG:4326', grid.crs ?? 'EPSG:4326');
  const places = new Int32Array(2 * target.width * target.height);
  for (let i = 0; i < places.length / 2; i++) {
    const x = target.originX + ((i % target.width) + 0.5) * target.pixelWidth;
    const y = target.originY + (Math.floor(i / target.width) + 0.5) * target.pixelHeight;
    const [u, v] = place === null ? [x, y] : place(x, y);
    places[2 * i] = Math.floor((u - grid.originX) / grid.pixelWidth);
    places[2 * i + 1] = Math.floor((v - grid.originY) / grid.pixelHeight);
  }
  return places;
}

function boundsOf(places: Int32Array, { width, height }: Grid): Window | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 2) {
    [left, right] = [Math.min(left, places[i]), Math.max(right, places[i])];
    [top, bottom] = [Math.min(top, places[i + 1]), Math.max(bottom, places[i + 1])];
  }
  const all = { column: left, row: top, width: right - left + 1, height: bottom - top + 1 };
  return intersection(all, { column: 0, row: 0, width, height });
}
