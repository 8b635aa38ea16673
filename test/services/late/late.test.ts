import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pendingScenes } from '../../../services/late/pending.ts';
import type { LateOutcome } from '../../../services/late/write-late.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { findDetection } from '../../../services/store/detections.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { lateEffects, lateScenes } from '../../../services/store/late.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { removeScene } from '../../../services/store/scenes.ts';
import { verdictsOfPatch } from '../../../services/store/watch.ts';
import { closePatch } from '../../support/closed-patches.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';
import { dumpOf } from '../../support/store-dump.ts';

const box = (x: number, y: number, width = 160, height = 160) => ({ x: 224_000 + x, y: 3_000_000 - y, width, height });
const known = box(900, 700);
/** Built in June under a cloud that stayed over it all month. */
const missed = box(1700, 1400);
/** Built in June after the image that was there in time. */
const between = box(1900, 300);
/** Built in July, for all to see. */
const fresh = box(300, 1500);
const cloud = { ...missed, x: missed.x - 100, y: missed.y - 100, width: 400, height: 400 };
const whole = gridBox(plantedGrid, 50);

let planted: PlantedWorkspace;
let workspace: PlantedWorkspace;
const juneId = async () =>
  (
    await workspace.store.db
      .selectFrom('scenes')
      .select('id')
      .where('date', '=', '2024-06-20')
      .executeTakeFirstOrThrow()
  ).id;

beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  await planted.layer('districts', { '430421': whole });
  await planted.layer('farmland', { whole });
  await planted.scene('2024-05-20', { seed: 1 });
  await planted.scene('2024-06-20', { seed: 2, built: [known, missed], unobserved: [cloud] });
  await planted.run('2024-06', 1, new Date('2024-06-30T18:00:00Z'));
});
beforeEach(async () => {
  workspace = await planted.fork();
});
afterEach(() => workspace.remove());
afterAll(() => planted.remove());

const run = (month: string) => workspace.run(month, 1, new Date(`${month}-28T18:00:00Z`));
const patches = (month: string): Promise<PatchRow[]> =>
  workspace.store.db.selectFrom('patches').selectAll().where('month', '=', month).orderBy('number').execute();
const outcome = async (i = 0) => JSON.parse((await lateScenes(workspace.store.db))[i].outcomeJson) as LateOutcome;
const july = () => workspace.scene('2024-07-20', { seed: 4, built: [known, missed, between, fresh] });
const lateJune = () => workspace.scene('2024-06-26', { seed: 3, built: [known, missed, between] });

describe('an image of June that comes in July', () => {
  it('shows what cloud had hidden: a place that July alone takes for old enters its queue, with its true onset', async () => {
    await july();
    await lateJune();
    expect((await pendingScenes(workspace.store.db, '2024-07')).map(({ kind, month }) => [kind, month])).toEqual([
      ['late', '2024-06'],
    ]);
    await run('2024-07');
    const issued = await patches('2024-07');
    expect(issued).toHaveLength(3);
    const onsets: Record<string, number> = {};
    for (const { detectionId } of issued) {
      const { beforeDate, afterDate } = (await findDetection(workspace.store.db, detectionId))!;
      onsets[`${beforeDate} ${afterDate}`] = (onsets[`${beforeDate} ${afterDate}`] ?? 0) + 1;
    }
    // What cloud hid, what came between the two images of June, and July's own.
    expect(onsets).toEqual({ '2024-05-20 2024-06-26': 1, '2024-06-20 2024-06-26': 1, '2024-06-26 2024-07-20': 1 });
    const late = issued[1];
    const [found] = await eventsOf(workspace.store.db, 'patch', late.id);
    expect(JSON.parse(found.payloadJson)).toMatchObject({ late: { month: '2024-06', date: '2024-06-26' } });
    expect(late.number).toMatch(/^4304212024070/);
    expect(await outcome()).toMatchObject({ issued: 2, detections: 2, why: null });
    expect((await outcome()).gainedM2!['430421']).toBeGreaterThan(0.9 * 400 * 400);
    // The month as it was before is left alone.
    expect(await patches('2024-06')).toHaveLength(1);
  });

  it('is dealt with once, whatever is run again', async () => {
    await july();
    await lateJune();
    await run('2024-07');
    const dump = await dumpOf(workspace.store);
    await run('2024-07');
    expect(await dumpOf(workspace.store)).toEqual(dump);
    expect(await pendingScenes(workspace.store.db)).toEqual([]);
  });

  it('is dealt with whole or not at all: what fails half-way leaves nothing, and the next run ends the same', async () => {
    await july();
    await lateJune();
    const uninterrupted = await workspace.fork();
    await uninterrupted.run('2024-07', 1, new Date('2024-07-28T18:00:00Z'));
    const { db } = workspace.store;
    await sql`create trigger fails before insert on late_effects begin select raise(abort, 'the disk is full'); end`.execute(
      db,
    );
    await expect(run('2024-07')).rejects.toThrow('the disk is full');
    expect([await lateScenes(db), await patches('2024-07')]).toEqual([[], []]);
    await sql`drop trigger fails`.execute(db);
    await run('2024-07');
    expect(await dumpOf(workspace.store)).toEqual(await dumpOf(uninterrupted.store));
    await uninterrupted.remove();
  });

  it('where the run of July is done already, running it again deals with it', async () => {
    await july();
    await run('2024-07');
    await lateJune();
    await run('2024-07');
    expect(await lateScenes(workspace.store.db)).toHaveLength(1);
  });

  it('in June run again it is an image like any other, and nobody is late', async () => {
    await lateJune();
    await run('2024-06');
    expect((await patches('2024-06')).length).toBe(3);
    expect(await pendingScenes(workspace.store.db)).toEqual([]);
  });

  it('brings back what was dismissed as cloud, and only that, when it shows it too', async () => {
    for (const [reason, action] of [
      ['cloud', 'reinstate'],
      ['season', 'dismiss'],
    ]) {
      const forked = await workspace.fork();
      const { store } = forked;
      const { id } = await store.db.selectFrom('patches').select('id').executeTakeFirstOrThrow();
      const at = new Date('2024-07-01T00:00:00Z');
      await transition(store, { subject: 'patch', id, action: 'dismiss', actor: 'li', reason, at });
      // The image of June that showed it first is compared no more; the patch rests on it all the same.
      await forked.scene('2024-06-10', { seed: 7 });
      await forked.scene('2024-06-26', { seed: 3, built: [known, missed] });
      await forked.scene('2024-07-20', { seed: 4, built: [known, missed, between, fresh] });
      await store.db.updateTable('scenes').set({ date: '2024-06-27' }).where('date', '=', '2024-06-20').execute();
      await forked.run('2024-07', 1, new Date('2024-07-28T18:00:00Z'));
      const last = (await eventsOf(store.db, 'patch', id)).at(-1);
      expect([reason, last?.action]).toEqual([reason, action]);
      await forked.remove();
    }
  });

  it('gives a closed patch the clear look that its month had not', async () => {
    const [patch] = await patches('2024-06');
    await closePatch(workspace.store, patch, '2024-07-02');
    await workspace.scene('2024-07-20', {
      seed: 4,
      built: [missed],
      unobserved: [{ ...known, x: known.x - 50, y: known.y - 50, width: 260, height: 260 }],
    });
    await run('2024-07');
    await workspace.scene('2024-07-25', { seed: 5, built: [missed] });
    await workspace.scene('2024-08-20', { seed: 6, built: [missed] });
    await run('2024-08');
    const verdicts = await verdictsOfPatch(workspace.store.db, patch.id);
    expect(verdicts.map(({ month, verdict }) => [month, verdict]).sort()).toEqual([
      ['2024-07', 'no-clear-look'],
      ['2024-07', 'restored'],
      ['2024-08', 'restored'],
    ]);
  });
});

describe('an image that was withdrawn', () => {
  const withdraw = async () => removeScene(workspace.store.db, await juneId(), new Date('2024-07-05T00:00:00Z'));

  it.each([
    ['open', 'warn', 'warned', 'evidence-changed', null],
    ['dismissed', 'dismiss', 'found', 'reinstate', 'scene-withdrawn'],
  ])('a patch that is %s is told of it', async (_, steps, state, action, reason) => {
    const [patch] = await patches('2024-06');
    await takeSteps(workspace.store, patch.id, steps, { at: new Date('2024-07-01T00:00:00Z') });
    await withdraw();
    await july();
    await run('2024-07');
    const last = (await eventsOf(workspace.store.db, 'patch', patch.id)).at(-1)!;
    expect(last).toMatchObject({ action, reason, actor: 'tuban', toState: state });
    expect(JSON.parse(last.payloadJson).note).toContain('2024-06-20');
    expect((await lateEffects(workspace.store.db)).map(({ number, effect }) => [number, effect])).toEqual([
      [patch.number, action],
    ]);
    // No person takes back what the product found.
    await expect(
      takeSteps(workspace.store, patch.id, 'undo', { at: new Date('2024-07-29T00:00:00Z') }),
    ).rejects.toThrow();
  });

  it('a cleared patch is opened again for review, and as replaced where another of that day has come', async () => {
    const [patch] = await patches('2024-06');
    await closePatch(workspace.store, patch, '2024-07-02');
    await withdraw();
    await workspace.scene('2024-06-20', { seed: 9, built: [known] });
    await july();
    await run('2024-07');
    const last = (await eventsOf(workspace.store.db, 'patch', patch.id))
      .filter(({ actor }) => actor === 'tuban')
      .at(-1)!;
    expect(last).toMatchObject({ action: 'reopen', reason: 'scene-replaced', toState: 'reopened' });
    expect((await lateScenes(workspace.store.db)).map(({ kind }) => kind)).toEqual(['replaced', 'late']);
  });
});
