import type { LonLatBox } from '../../imagery/grid.ts';
import { contentId } from '../month/evidence.ts';
import { type DoneRun, doneRuns, lateScenes } from '../store/late.ts';
import type { Store } from '../store/open.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';

/**
 * A scene that came, or went, when its month had been judged. late: added after the run of its month. withdrawn: a run
 * rests on it. replaced: the same, and another scene of the same day shows the same ground.
 */
export interface PendingScene {
  /** Hash of scene, kind and when it came or went: each coming and going is dealt with once. */
  id: string;
  scene: SceneRow;
  kind: 'late' | 'replaced' | 'withdrawn';
  month: string;
  /** Id of the scene that took its place. */
  replacedBy: string | null;
}

/** So much of a withdrawn scene's box another must show to take its place. */
const sameGround = 0.9;

/** What is to be dealt with by the next run, by date. @param before only scenes of months before it; all unless given */
export async function pendingScenes(db: Store['db'], before?: string): Promise<PendingScene[]> {
  const scenes = await listScenes(db, { includeRemoved: true });
  const known = new Set((await lateScenes(db)).map(({ id }) => id));
  return pendingOf(scenes, await doneRuns(db), known).filter(
    ({ month, kind }) => before === undefined || kind !== 'late' || month < before,
  );
}

/** Pure. @param known ids of what was dealt with */
export function pendingOf(
  scenes: readonly SceneRow[],
  runs: readonly DoneRun[],
  known: ReadonlySet<string>,
): PendingScene[] {
  const compared = runs.map(({ month, startedAt, planJson }) => ({ month, startedAt, used: scenesOf(planJson) }));
  const first = compared.map(({ month }) => month).sort()[0];
  const pending = scenes.flatMap((scene): PendingScene[] => {
    const month = scene.date.slice(0, 7);
    const isUsed = compared.some(({ used }) => used.has(scene.id));
    if (scene.removedAt !== null) {
      if (!isUsed) return [];
      const replacedBy = successorOf(scene, scenes)?.id ?? null;
      const id = contentId('late', scene.id, 'withdrawn', scene.removedAt);
      return [{ id, scene, kind: replacedBy === null ? 'withdrawn' : 'replaced', month, replacedBy }];
    }
    // What is older than all runs is what they began with.
    if (month < first || !isMissed(compared, scene, month)) return [];
    return [{ id: contentId('late', scene.id, 'late', scene.addedAt), scene, kind: 'late', month, replacedBy: null }];
  });
  return pending.filter(({ id }) => !known.has(id));
}

interface Compared {
  month: string;
  startedAt: string;
  used: ReadonlySet<string>;
}

/** Whether its month was run without it, or, where its month had nothing to run, a later one that began before it came. */
function isMissed(runs: readonly Compared[], { id, addedAt }: SceneRow, month: string): boolean {
  const own = runs.filter((run) => run.month === month);
  if (own.length > 0) return !own.some(({ used }) => used.has(id));
  return runs.some((run) => run.month > month && run.startedAt < addedAt) && !runs.some(({ used }) => used.has(id));
}

function scenesOf(planJson: string): Set<string> {
  const { afters = [], befores = [] } = JSON.parse(planJson) as Record<'afters' | 'befores', { id: string }[]>;
  return new Set([...afters, ...befores].map(({ id }) => id));
}

function successorOf(gone: SceneRow, scenes: readonly SceneRow[]): SceneRow | undefined {
  return scenes.find(
    (scene) => scene.removedAt === null && scene.date === gone.date && scene.id !== gone.id && shares(gone, scene),
  );
}

function shares(a: LonLatBox, b: LonLatBox): boolean {
  const width = Math.min(a.maxLon, b.maxLon) - Math.max(a.minLon, b.minLon);
  const height = Math.min(a.maxLat, b.maxLat) - Math.max(a.minLat, b.minLat);
  return Math.max(0, width) * Math.max(0, height) >= sameGround * (a.maxLon - a.minLon) * (a.maxLat - a.minLat);
}
