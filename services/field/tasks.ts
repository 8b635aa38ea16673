import type { MultiPolygon, Polygon } from 'geojson';
import { shortDistanceM } from '../../imagery/ellipsoid.ts';

import type { Label } from '../lifecycle/label.ts';
import { STATES, stateOf, TRANSITIONS } from '../lifecycle/transitions.ts';
import { type Responsibility, responsibleForAll } from '../people/responsible.ts';
import { countsSent } from '../store/field-reports.ts';
import { type TaskPlace, type TaskRow, taskPlaces, tasksNamed, warnNotes } from '../store/field-tasks.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { layersOfPatches } from '../store/queue.ts';
import { findUser } from '../store/users.ts';

/** Whose a task is, for who asks: given to them, in a grid they answer for, or one of their district. */
export type Whose = 'assigned' | 'grid' | 'district';

/** A patch in which somebody is to go and look. */
export interface FieldTask {
  patch: TaskRow;
  districtName: string;
  stateLabel: Label;
  /** The step that waits for the field, and what it is called. */
  wants: { action: string; label: Label };
  whose: Whose;
  responsible: Pick<Responsibility, 'grid' | 'fieldChief' | 'handler'>;
  /** With what words it was sent down, and when (UTC); null where it was not. */
  opinion: { note: string; at: string } | null;
  layers: string[];
  /** GeoJSON, lon/lat. */
  outline: Polygon | MultiPolygon;
  /** What was sent of it so far. */
  sent: { photos: number; forms: number };
  /** From where was asked to the middle of its box; null where nobody asked. */
  distanceM: number | null;
}

export interface TaskQuestion {
  /** Code prefix; '' = all. */
  district: string;
  /** Who asks. */
  actor: string;
  near: { lon: number; lat: number } | null;
  /** Only what was given to them or lies in their grids. */
  mine: boolean;
  limit: number;
  at: Date;
}

/** Waiting for a signature comes before going: whoever may sign does it on the way. */
const SIGNING = 'acknowledge';

/** The step that each state wants from the field, by state: one that hands evidence in. Read off the lifecycle's tables. */
export const WANTED: ReadonlyMap<string, { action: string; label: Label }> = new Map(
  STATES.patch.flatMap(({ name, outcome }) => {
    const row = TRANSITIONS.patch.find(
      ({ from, needs, action, who }) =>
        from.includes(name) &&
        (who.role === 'field' || who.role === 'handler') &&
        (needs.includes('evidence') || action === SIGNING),
    );
    return row === undefined || outcome !== 'open' ? [] : [[name, { action: row.action, label: row.label }]];
  }),
);

/** So many places at most are asked for whose they are. */
const MOST_PLACES = 2000;

/**
 * The tasks of who asks: those given to them first, then those of their grids, then the rest of the district; within
 * each by distance where `near` is given, else by due date.
 */
export async function fieldTasks(store: Store, asked: TaskQuestion): Promise<{ tasks: FieldTask[]; total: number }> {
  const { db } = store;
  const places = await taskPlaces(db, asked.district, [...WANTED.keys()]);
  const distances = new Map(places.map((place) => [place.id, distanceTo(place, asked.near)]));
  const inOrder = places.toSorted(
    (a, b) => (distances.get(a.id) ?? 0) - (distances.get(b.id) ?? 0) || byDue(a, b) || (a.number < b.number ? -1 : 1),
  );
  const rows = await tasksNamed(
    db,
    inOrder.slice(0, MOST_PLACES).map(({ id }) => id),
  );
  const people = await responsibleForAll(db, rows, asked.at);
  const names = [asked.actor, (await findUser(db, asked.actor))?.displayName ?? null];
  const whose = new Map(rows.map(({ id }) => [id, whoseOf(people.get(id)!, names)]));
  const chosen = rows
    .filter(({ id }) => !asked.mine || whose.get(id) !== 'district')
    .toSorted((a, b) => (asked.near === null ? RANK[whose.get(a.id)!] - RANK[whose.get(b.id)!] : 0))
    .slice(0, asked.limit);
  const more = await detailsOf(store, chosen);
  const tasks = chosen.map((patch) => ({
    ...{ patch, whose: whose.get(patch.id)!, responsible: people.get(patch.id)!, distanceM: distances.get(patch.id)! },
    ...more(patch),
  }));
  return { tasks, total: asked.mine ? tasks.length : places.length };
}

const RANK: Record<Whose, number> = { assigned: 0, grid: 1, district: 2 };

async function detailsOf({ db }: Store, chosen: readonly TaskRow[]) {
  const ids = chosen.map(({ id }) => id);
  const [names, layers] = [await districtNames(db), await layersOfPatches(db, ids)];
  const [sent, warned] = [await countsSent(db, ids), await warnNotes(db, ids)];
  return ({ id, district, state, geometryJson }: TaskRow) => {
    const note = warned.get(id);
    return {
      districtName: names.get(district) ?? district,
      stateLabel: stateOf('patch', state).label,
      wants: WANTED.get(state)!,
      opinion: note === undefined ? null : { note: noteOf(note.payloadJson), at: note.at },
      layers: layers.get(id) ?? [],
      outline: JSON.parse(geometryJson) as Polygon | MultiPolygon,
      sent: sent.get(id)!,
    };
  };
}

function whoseOf({ handler, fieldChief, patroller }: Responsibility, names: readonly (string | null)[]): Whose {
  if (handler !== null && names.includes(handler.person)) return 'assigned';
  return [fieldChief, patroller].some((held) => held !== null && names.includes(held.person)) ? 'grid' : 'district';
}

function distanceTo({ minLon, minLat, maxLon, maxLat }: TaskPlace, near: TaskQuestion['near']): number | null {
  return near && shortDistanceM([near.lon, near.lat], [(minLon + maxLon) / 2, (minLat + maxLat) / 2]);
}

/** What has no due date comes last. */
function byDue(a: TaskPlace, b: TaskPlace): number {
  const [one, other] = [a.dueAt ?? '9', b.dueAt ?? '9'];
  return one < other ? -1 : one > other ? 1 : 0;
}

function noteOf(payloadJson: string): string {
  const { note } = JSON.parse(payloadJson) as { note?: unknown };
  return typeof note === 'string' ? note : '';
}
