import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeMonth } from '../../../services/cycle/close.ts';
import { correctedRows } from '../../../services/cycle/correct.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { lateReport } from '../../../services/late/report.ts';
import { runMonth } from '../../../services/month/run.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { removeScene } from '../../../services/store/scenes.ts';
import { watchList } from '../../../services/watch/figures.ts';
import { recheckMonth } from '../../../services/watch/recheck.ts';
import { type Acquisition, PlantedGround } from '../../support/planted-ground.ts';
import { plantedGrid } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const ground = new PlantedGround('EPSG:32650', 5, 10);
const site = { x: 224_900, y: 2_999_300, width: 160, height: 160 };
const moved = 'acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure resolve';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-watch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Draws an image of a day and adds it. */
async function scene(store: Store, date: string, acquisition: Acquisition): Promise<string> {
  const path = await ground.draw(join(folder, `${date}.tif`), plantedGrid, acquisition);
  const facts = { date, sensor: 'planted', bands: ['B', 'G', 'R', 'N'] as ('B' | 'G' | 'R' | 'N')[] };
  return (await addSceneFile(store, path, facts, new Date(`${date}T04:00:00Z`))).scene.id;
}

describeOnBothStores('a patch whose rectification was faked', (openFresh) => {
  it('comes back from a closed month with a correction, and is told when its image is withdrawn', async () => {
    const store = await openFresh();
    const run = (month: string) => runMonth(store, { month, workers: 1, now: new Date(`${month}-28T18:00:00Z`) });
    await scene(store, '2024-05-20', { seed: 1 });
    const june = await scene(store, '2024-06-20', { seed: 2, built: [site] });
    await run('2024-06');
    const doing = { month: '2024-06', actor: 'li', at: new Date('2024-06-29T00:00:00Z') };
    await openMonth(store, doing);
    await issueMonth(store, doing);
    const { id, areaM2 } = await store.db.selectFrom('patches').select(['id', 'areaM2']).executeTakeFirstOrThrow();
    const remedy = { demolishedM2: areaM2, regularisedM2: 0, confiscatedM2: 0 };
    await takeSteps(store, id, moved, { at: new Date('2024-07-01T00:00:00Z'), given: { remedy } });
    const closed = await closeMonth(store, { ...doing, at: new Date('2024-07-03T00:00:00Z') });
    expect(closed.record.rows[0].cleared).toBe(true);

    await scene(store, '2024-07-20', { seed: 3, built: [site] });
    await run('2024-07');
    const { verdicts, districts } = await watchList(store, {});
    expect(verdicts.map(({ month, verdict, step }) => [month, verdict, step])).toEqual([
      ['2024-07', 'still-built', 'reopen'],
    ]);
    expect(districts).toMatchObject([{ reopened: 1, waiting: 0, confirmed: 0 }]);
    const { entries, reported, rows } = await correctedRows(store.db, '2024-06');
    expect(entries.map(({ actor, reason }) => [actor, reason.includes('2024-07-20')])).toEqual([['tuban', true]]);
    expect([reported[0].cleared, rows[0].cleared]).toEqual([true, false]);
    // Looked at once more, nothing is added.
    const again = await recheckMonth(store, '2024-07', { workers: 1, now: new Date('2024-07-30T00:00:00Z') });
    expect(again.steps).toEqual([]);

    await removeScene(store.db, june, new Date('2024-08-02T00:00:00Z'));
    await scene(store, '2024-08-20', { seed: 4, built: [site] });
    expect((await lateReport(store)).pending).toMatchObject([{ sceneId: june, kind: 'withdrawn' }]);
    await run('2024-08');
    const { pending, done } = await lateReport(store);
    expect(pending).toEqual([]);
    expect(done.map(({ kind }) => kind)).toEqual(['withdrawn']);
    expect(done[0].effects).toContainEqual(expect.objectContaining({ patchId: id, effect: 'evidence-changed' }));
    const last = (await eventsOf(store.db, 'patch', id)).at(-1);
    expect(last).toMatchObject({ action: 'evidence-changed', toState: 'reopened', actor: 'tuban' });
  });
});
