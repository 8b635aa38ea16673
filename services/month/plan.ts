import { createHash } from 'node:crypto';
import { cropStateParameters } from '../../detectors/crop-state.ts';
import { detectorVersion } from '../../detectors/model.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { sourceWindow } from '../../imagery/resampling/resample.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { cellsOf } from '../detection/cells.ts';
import { checkMethod, type MethodChoice } from '../detection/choose-method.ts';
import { commonRoles } from '../detection/scene-pair.ts';
import { ServiceError } from '../error.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { listScenes } from '../store/scenes.ts';
import { lastDayOf } from './calendar-month.ts';
import { screeningRules } from './screening.ts';
import { latestLooks, mainPairs, shownIn } from './shown.ts';

/** What a monthly run compares and how; the run's id is its hash. */
export interface MonthPlan {
  id: string;
  month: string;
  grid: Grid;
  roles: BandRole[];
  /** What was asked for: with `auto` each pair has what fits it. */
  method: MethodChoice;
  /** Scenes of the month, and the earlier ones it is compared with, latest first. */
  afters: Scene[];
  befores: Scene[];
  cells: PlannedCell[];
  layers: { id: string; name: string; validFrom: string }[];
  parameters: MonthParameters;
}

export interface PlannedCell {
  key: string;
  window: Window;
  /** Scenes that show something of it, latest first. */
  afterIds: string[];
  beforeIds: string[];
  /** What most of it is judged on; other pairs serve where these are hidden by cloud. */
  mainPairs: { beforeId: string; afterId: string }[];
}

export interface MonthParameters {
  minAreaM2: number;
  minPixels: number;
  /** How many earlier scenes the same ground may be looked up in. */
  mostLooksBack: number;
  cropState: typeof cropStateParameters;
  screening: typeof screeningRules;
}

const minAreaM2 = 200;
const leastPixels = 9;
const mostLooksBack = 6;

/**
 * Plans the comparison of a month: every scene of it against what was seen before it.
 * @throws ServiceError month-empty when the month, or the time before it, has no scene; ImageryError bands-differ when
 * its scenes have no band in common, or not those that the method wants
 */
export async function planMonth(store: Store, month: string, method: MethodChoice): Promise<MonthPlan> {
  const scenes = (await listScenes(store.db)).map(sceneOfRow).toReversed();
  const afters = scenes.filter((scene) => scene.date?.startsWith(month));
  const befores = scenes.filter((scene) => scene.date !== null && scene.date < `${month}-01`);
  if (afters.length === 0) throw new ServiceError('month-empty', `Month ${month}: no scene of it was added.`);
  if (befores.length === 0) {
    throw new ServiceError(
      'month-empty',
      `Month ${month}: no scene from before it was added; wanted one to compare with.`,
    );
  }
  return planComparison(store, { month, afters, befores }, method);
}

/**
 * Plans the comparison of scenes with earlier ones, both latest first and at least one of each.
 * @throws ImageryError bands-differ as planMonth does
 */
export async function planComparison(
  store: Store,
  { month, afters, befores }: Pick<MonthPlan, 'month' | 'afters' | 'befores'>,
  method: MethodChoice,
): Promise<MonthPlan> {
  const grid = workGrid(afters);
  const cells = planCells(grid, afters, comparable(befores, afters));
  const used = new Set(cells.flatMap(({ beforeIds }) => beforeIds));
  const earlier = befores.filter(({ id }) => used.has(id));
  const roles = commonRoles([...afters, ...earlier]);
  checkMethod(method, afters[0], roles);
  // A layer that only begins later says nothing of this month.
  const layers = (await listLayers(store.db))
    .filter(({ validFrom }) => validFrom <= lastDayOf(month))
    .map(({ id, name, validFrom }) => ({ id, name, validFrom }));
  const parameters = {
    minAreaM2,
    minPixels: minPixels(grid),
    mostLooksBack,
    cropState: cropStateParameters,
    screening: screeningRules,
  };
  const plan = { month, grid, roles, method, afters, befores: earlier, cells, layers, parameters };
  return { id: runId(plan), ...plan };
}

/** Earlier scenes that have a band in common with the month's; all of them, to be refused by name, where none has. */
function comparable(befores: Scene[], afters: Scene[]): Scene[] {
  const shared = befores.filter(({ bands }) =>
    afters.some((after) => after.bands.join() === bands.join() || sharedRoles(bands, after.bands).length > 0),
  );
  return shared.length === 0 ? befores : shared;
}

/** Roles that both have by name and that show the ground: X may be anything, A shows the air. */
function sharedRoles(a: BandRole[], b: BandRole[]): BandRole[] {
  return a.filter((role) => role !== 'X' && role !== 'A' && b.includes(role));
}

/**
 * The grid all of a month is compared on: the lattice of the scenes most share (ties: the finer, then the
 * first by id), widened to hold every scene of the month.
 */
function workGrid(afters: Scene[]): Grid {
  const groups = Map.groupBy(afters, ({ grid }) => `${grid.crs} ${grid.pixelWidth} ${grid.pixelHeight}`);
  const ranked = [...groups.values()].sort(
    (a, b) => b.length - a.length || a[0].grid.pixelWidth - b[0].grid.pixelWidth || (a[0].id < b[0].id ? -1 : 1),
  );
  const anchor = ranked[0].toSorted((a, b) => (a.id < b.id ? -1 : 1))[0].grid;
  let area: Window = { column: 0, row: 0, width: anchor.width, height: anchor.height };
  for (const { grid } of afters) {
    const covered = sourceWindowUnclipped(anchor, grid);
    if (covered) area = union(area, covered);
  }
  return windowGrid(anchor, area);
}

/** The window of an endless lattice that a grid covers. */
function sourceWindowUnclipped(lattice: Grid, grid: Grid): Window | null {
  const far = 1 << 24;
  const endless = windowGrid(lattice, { column: -far, row: -far, width: 2 * far, height: 2 * far });
  const covered = sourceWindow(endless, grid, 0);
  return covered && { ...covered, column: covered.column - far, row: covered.row - far };
}

function union(a: Window, b: Window): Window {
  const column = Math.min(a.column, b.column);
  const row = Math.min(a.row, b.row);
  const width = Math.max(a.column + a.width, b.column + b.width) - column;
  const height = Math.max(a.row + a.height, b.row + b.height) - row;
  return { column, row, width, height };
}

function minPixels(grid: Grid): number {
  const size = groundPixelSizeM(grid);
  const pixelAreaM2 = size === null ? 1 : size.x * size.y;
  // One pixel of slack: the exact area decides in the end.
  return Math.max(leastPixels, Math.floor(minAreaM2 / pixelAreaM2) - 1);
}

/** Cells that some scene of the month shows, with the scenes that show them. */
function planCells(grid: Grid, afters: Scene[], befores: Scene[]): PlannedCell[] {
  const covers = (scenes: Scene[]) =>
    scenes.map((scene): [string, Window | null] => [scene.id, sourceWindow(grid, scene.grid, 0)]);
  const [later, earlier] = [covers(afters), covers(befores)];
  return cellsOf({ column: 0, row: 0, width: grid.width, height: grid.height }).flatMap((window) => {
    const shownAfter = shownIn(window, later);
    if (shownAfter.length === 0) return [];
    const shownBefore = latestLooks(shownIn(window, earlier), mostLooksBack);
    return {
      key: `cell:${pad(window.row)}:${pad(window.column)}`,
      window,
      afterIds: shownAfter.map(({ id }) => id),
      beforeIds: shownBefore.map(({ id }) => id),
      mainPairs: mainPairs(window, shownAfter, shownBefore),
    };
  });
}

function pad(position: number): string {
  return String(position).padStart(7, '0');
}

function runId(plan: Omit<MonthPlan, 'id'>): string {
  const { month, grid, roles, method, afters, befores, layers, parameters } = plan;
  // Added again with other facts, the same bytes are judged otherwise.
  const facts = ({ id, bands, reflectance, nodata, saturation, mask }: Scene) => {
    return { id, bands, reflectance, nodata, saturation, mask: mask?.sha256 };
  };
  const inputs = [month, grid, roles, method, afters.map(facts), befores.map(facts), layers.map(({ id }) => id)];
  const content = JSON.stringify([...inputs, parameters, detectorVersion]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
