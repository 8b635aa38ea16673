import { deserialize } from 'node:v8';
import type { Grid, LonLatBox, Window } from '../../imagery/grid.ts';
import type { CellResult } from '../detection/cell.ts';
import { cellSizePx } from '../detection/cells.ts';
import { intersection } from '../detection/estimate.ts';
import { cellKeys } from '../store/cells.ts';
import type { Store } from '../store/open.ts';
import { cellsByKey, type FinishedRun, finishedRuns, type Sighting, sightingsIn } from '../store/project-looks.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { commonStretch } from './common-stretch.ts';
import { type PlaceSignal, twoDateSignal } from './place-signal.ts';
import { sightedIn } from './sighted-areas.ts';
import { type Compared, comparedInCell, type RunRecord, windowOfBox, windowOfKey } from './zone-look.ts';

/** A zone for which signals are wanted. */
export interface WatchedZone {
  id: string;
  areaM2: number;
  box: LonLatBox;
  geometry: ZoneGeometry;
}

/**
 * The two-date signals of each zone, one for each month with a finished run, oldest first, of what was seen by the end
 * of `day`: how much of the zone the run compared between which days, and what it found there. A month in which the
 * zone was not seen has a signal that says so.
 */
export async function projectSignals(
  { db }: Pick<Store, 'db'>,
  zones: readonly WatchedZone[],
  day: string,
): Promise<Map<string, PlaceSignal[]>> {
  const month = day.slice(0, 7);
  const runs = (await finishedRuns(db, month)).flatMap((run) => recordOf(run) ?? []);
  const compared = new Map<string, Map<string, Compared[]>>();
  for (const run of runs) compared.set(run.id, await comparedOf(db, run, zones));
  const signals = new Map<string, PlaceSignal[]>();
  for (const zone of zones) {
    const sightings = Map.groupBy(await sightingsIn(db, zone.box, month), (each) => each.month);
    const ofZone = runs.map((run) =>
      signalOf(zone, run, compared.get(run.id)?.get(zone.id) ?? [], sightings.get(run.month) ?? []),
    );
    signals.set(
      zone.id,
      ofZone.filter(({ until }) => until <= day),
    );
  }
  return signals;
}

function signalOf(
  zone: WatchedZone,
  run: RunRecord,
  compared: readonly Compared[],
  sightings: readonly Sighting[],
): PlaceSignal {
  const stretch = commonStretch(compared, zone.areaM2) ?? unseenIn(run);
  const { detections, mistakenM2 } = sightedIn(zone.geometry, sightings);
  const observedM2 = Math.max(0, stretch.areaM2 - mistakenM2);
  const { since: beforeDate, until: afterDate } = stretch;
  return twoDateSignal({ zone, month: run.month, beforeDate, afterDate, observedM2, detections });
}

/** The days the run had images of, somewhere. */
function unseenIn({ befores, afters }: RunRecord): Compared {
  return { since: [...befores.values()].sort()[0], until: [...afters.values()].sort().at(-1) as string, areaM2: 0 };
}

/** Between which days how much of each zone was compared, cell by cell: areas of cells add up. */
async function comparedOf(
  db: Store['db'],
  run: RunRecord,
  zones: readonly WatchedZone[],
): Promise<Map<string, Compared[]>> {
  const touching = touchedCells(await cellKeys(db, run.id), run.grid, zones);
  const compared = new Map<string, Compared[]>();
  for await (const { key, result } of cellsByKey(db, run.id, [...touching.keys()].sort())) {
    const cell = deserialize(result) as CellResult;
    for (const { zone, window } of touching.get(key) ?? []) {
      const earlier = compared.get(zone.id) ?? [];
      compared.set(zone.id, [...earlier, ...comparedInCell(zone.geometry, run, cell, window)]);
    }
  }
  return compared;
}

interface Touch {
  zone: WatchedZone;
  /** The part of the cell round the zone. */
  window: Window;
}

/** Which zones lie in which cells, by the cells' keys. */
function touchedCells(keys: readonly string[], grid: Grid, zones: readonly WatchedZone[]): Map<string, Touch[]> {
  const places = new Map<string, { key: string; window: Window }>();
  for (const key of keys) {
    const window = windowOfKey(key, grid);
    if (window !== null) places.set(`${window.row / cellSizePx} ${window.column / cellSizePx}`, { key, window });
  }
  const touching = new Map<string, Touch[]>();
  for (const zone of zones) {
    const round = windowOfBox(zone.box, grid);
    if (round === null) continue;
    for (const place of placesIn(round)) {
      const cell = places.get(place);
      const window = cell && intersection(cell.window, round);
      if (!cell || !window) continue;
      const others = touching.get(cell.key);
      if (others) others.push({ zone, window });
      else touching.set(cell.key, [{ zone, window }]);
    }
  }
  return touching;
}

/** Rows and columns of the cells that a window reaches into. */
function* placesIn({ column, row, width, height }: Window): Generator<string> {
  const at = (position: number) => Math.floor(position / cellSizePx);
  for (let y = at(row); y <= at(row + height - 1); y++) {
    for (let x = at(column); x <= at(column + width - 1); x++) yield `${y} ${x}`;
  }
}

/** Null where the record holds no comparison of dated scenes. */
function recordOf({ id, month, planJson }: FinishedRun): RunRecord | null {
  const { grid, afters, befores } = JSON.parse(planJson) as {
    grid?: Grid;
    afters?: { id: string; date: string }[];
    befores?: { id: string; date: string }[];
  };
  if (grid === undefined || !afters?.length || !befores?.length) return null;
  const days = (scenes: { id: string; date: string }[]) => new Map(scenes.map(({ id, date }) => [id, date]));
  return { id, month, grid, afters: days(afters), befores: days(befores) };
}
