import { type LateEffectRow, lateEffects, lateScenes } from '../store/late.ts';
import type { Store } from '../store/open.ts';
import { type PendingScene, pendingScenes } from './pending.ts';
import type { LateOutcome } from './write-late.ts';

/** What came late or was withdrawn: what the next run will deal with, and what was done. */
export interface LateReport {
  pending: PendingSceneShown[];
  done: (LateOutcome & {
    id: string;
    sceneId: string;
    kind: string;
    date: string;
    runId: string;
    at: string;
    effects: (Pick<LateEffectRow, 'patchId' | 'effect' | 'note'> & { number: string })[];
  })[];
}

type PendingSceneShown = Pick<PendingScene, 'kind' | 'month' | 'replacedBy'> & { sceneId: string; date: string };

export async function lateReport(store: Store): Promise<LateReport> {
  const effects = Map.groupBy(await lateEffects(store.db), ({ lateId }) => lateId);
  return {
    pending: (await pendingScenes(store.db)).map(({ scene, kind, month, replacedBy }) => {
      return { sceneId: scene.id, date: scene.date, kind, month, replacedBy };
    }),
    done: (await lateScenes(store.db)).map(({ id, sceneId, kind, date, runId, at, outcomeJson }) => ({
      ...{ id, sceneId, kind, date, runId, at },
      ...(JSON.parse(outcomeJson) as LateOutcome),
      effects: (effects.get(id) ?? []).map(({ patchId, number, effect, note }) => ({ patchId, number, effect, note })),
    })),
  };
}
