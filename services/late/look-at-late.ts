import type { MultiPolygon, Polygon } from 'geojson';
import { ImageryError } from '../../imagery/error.ts';
import { ServiceError } from '../error.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { type CompareOptions, compare, planRecord } from '../month/compare.ts';
import { gather } from '../month/gathered.ts';
import { type Judged, judgeRegions } from '../month/judged.ts';
import { type MonthPlan, planComparison } from '../month/plan.ts';
import { checkSceneFiles } from '../scenes/scene-files.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import type { Store } from '../store/open.ts';
import { finishedRuns } from '../store/project-looks.ts';
import { insertBatchRun } from '../store/runs.ts';
import { listScenes } from '../store/scenes.ts';
import { listZones } from '../store/zones.ts';
import { type PlannedVerdict, watchMonth } from '../watch/check-month.ts';
import { comparedRun } from '../watch/month-view.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { gainedGround } from './gained-ground.ts';
import { type PendingScene, pendingScenes } from './pending.ts';
import { sightOfPlan, sightOfRun } from './sight.ts';

export interface LateOptions extends Pick<CompareOptions, 'workers'> {
  now: Date;
}

/** Scenes of one day that came late, and what they show against all that was there before them. */
export interface LateLook {
  date: string;
  scenes: PendingScene[];
  /** Null where there was nothing to compare with, or it could not be compared; `why` says so. */
  plan: MonthPlan | null;
  why: string | null;
  judged: Judged[];
  /** Ground that nothing had shown in that month, m² by district; null where that cannot be told. */
  gainedM2: Record<string, number> | null;
  verdicts: PlannedVerdict[];
}

export interface LateWork {
  looks: LateLook[];
  gone: PendingScene[];
}

/**
 * Compares what came late with what was there before it, and finds what was withdrawn. Nothing is written but the
 * comparison itself, which a run begun again finds done.
 */
export async function lookAtLate(store: Store, run: { month: string }, options: LateOptions): Promise<LateWork> {
  const pending = await pendingScenes(store.db, run.month);
  const came = pending.filter(({ kind }) => kind === 'late');
  const looks: LateLook[] = [];
  for (const [date, scenes] of Map.groupBy(came, ({ scene }) => scene.date)) {
    looks.push(await lookAt(store, date, scenes, options));
  }
  return { looks, gone: pending.filter(({ kind }) => kind !== 'late') };
}

async function lookAt(store: Store, date: string, scenes: PendingScene[], options: LateOptions): Promise<LateLook> {
  const nothing = { date, scenes, plan: null, judged: [], gainedM2: null, verdicts: [] };
  const month = date.slice(0, 7);
  const all = (await listScenes(store.db)).map(sceneOfRow).toReversed();
  const befores = all.filter((scene) => (scene.date ?? '') < date);
  if (befores.length === 0) return { ...nothing, why: 'no image from before it' };
  const ids = new Set(scenes.map(({ scene }) => scene.id));
  const afters = all.filter(({ id }) => ids.has(id));
  try {
    const plan = await planComparison(store, { month, afters, befores }, 'auto');
    await checkSceneFiles(store, new Set([...plan.afters, ...plan.befores].map(({ id }) => id)));
    // Never 'done': figures ask for finished runs, and the month has its own.
    const record = { id: plan.id, month, planJson: planRecord(plan, null), startedAt: options.now.toISOString() };
    await insertBatchRun(store.db, record);
    await compare(store, plan, { workers: options.workers });
    return await shown(store, { ...nothing, plan, why: null }, plan, options);
  } catch (error) {
    const isBad = error instanceof ImageryError || (error instanceof ServiceError && error.code === 'scene-invalid');
    if (!isBad) throw error;
    return { ...nothing, why: (error as Error).message };
  }
}

async function shown(store: Store, look: LateLook, plan: MonthPlan, options: LateOptions): Promise<LateLook> {
  const gathered = await gather(store, plan);
  const judged = await judgeRegions(store, plan, gathered);
  const verdicts = await watchMonth(store, comparedRun(plan), { workers: options.workers });
  const own = (await finishedRuns(store.db, plan.month)).find(({ month }) => month === plan.month);
  const before = own === undefined ? null : await sightOfRun(store, own);
  const districts = await districtsOn(store, lastDayOf(plan.month));
  const gainedM2 = before === null ? null : gainedGround(sightOfPlan(plan, gathered), before, districts);
  // A late image that does not show a patch clearly says nothing new of it.
  const clear = verdicts.filter(({ dates, row }) => dates.length > 0 && row.verdict !== 'no-clear-look');
  return { ...look, judged, gainedM2, verdicts: clear };
}

async function districtsOn(store: Store, date: string) {
  const zones = await listZones(store.db, { date, layers: ['districts'] });
  return zones.map(({ externalId, geometry }) => ({
    code: externalId,
    geometry: toGeoJson(fromWkb(geometry)) as Polygon | MultiPolygon,
  }));
}
