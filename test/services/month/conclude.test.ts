import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../../../services/lifecycle/projection.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { listRuns } from '../../../services/store/runs.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';
import { dumpOf, halfPatches } from '../../support/store-dump.ts';

const whole = gridBox(plantedGrid, 50);
const west = { ...whole, width: whole.width / 2 };
const east = { ...west, x: whole.x + west.width };
const box = (x: number, y: number, width = 120, height = 120) => ({ x: 224_000 + x, y: 3_000_000 - y, width, height });
/** From the top: one in the east, two side by side in the west, one in the east, one in the west. */
const sites = [box(1700, 300), box(900, 620), box(300, 620), box(1500, 1000), box(500, 1500)];
const further = box(700, 250);

/** Everything is in place for June to be run. */
let planted: PlantedWorkspace;
let workspace: PlantedWorkspace;

beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  await planted.layer('districts', { '430421': east, '430422101': west });
  await planted.layer('farmland', { west, east });
  await planted.layer('red-line', { R1: box(280, 640, 80, 80) });
  await planted.scene('2024-05-20', { seed: 1 });
  await planted.scene('2024-06-20', { seed: 2, built: sites });
});
beforeEach(async () => {
  workspace = await planted.fork();
});
afterEach(() => workspace.remove());
afterAll(() => planted.remove());

const patches = () => workspace.store.db.selectFrom('patches').selectAll().orderBy('number').execute();

describe('the queue of a month', () => {
  it('is numbered district by district, from the top down and from left to right', async () => {
    expect(await workspace.run('2024-06')).toMatchObject({ issued: sites.length, known: 0 });
    const queue = await patches();
    expect(queue.map(({ number }) => number)).toEqual([
      '4304212024060001',
      '4304212024060002',
      '4304222024060001',
      '4304222024060002',
      '4304222024060003',
    ]);
    const places = queue.map(({ minLon, maxLat }) => [minLon, -maxLat]);
    const [[x1, y1], [x2, y2]] = places;
    expect(y1).toBeLessThan(y2);
    expect(x1).toBeGreaterThan(x2);
    expect(places[2][0]).toBeLessThan(places[3][0]);
    expect(places[3][1]).toBeLessThan(places[4][1]);
  });

  it('has for each patch a due date, its first event, and areas that agree', async () => {
    const summary = await workspace.run('2024-06');
    const queue = await patches();
    expect(await halfPatches(workspace.store)).toEqual([]);
    for (const patch of queue) {
      const events = await eventsOf(workspace.store.db, 'patch', patch.id);
      expect(events.map(({ action, actor, at }) => [action, actor, at])).toEqual([
        ['find', 'tuban', '2024-07-01T18:00:00.000Z'],
      ]);
      const { state, dueAt, version } = project(events)!;
      expect(patch).toMatchObject({ state, dueAt, version: 1 });
      expect(version).toBe(1);
      expect(Date.parse(dueAt as string)).toBeGreaterThan(Date.parse(patch.createdAt));
      // Both halves are farmland, so all of a patch lies in it; the site is 120 × 120 m.
      const overlaps = await workspace.store.db
        .selectFrom('overlaps')
        .selectAll()
        .where('patchId', '=', patch.id)
        .execute();
      const farmland = overlaps.filter(({ layer }) => layer === 'farmland').reduce((sum, one) => sum + one.areaM2, 0);
      expect(Math.abs(farmland / patch.areaM2 - 1)).toBeLessThan(1e-9);
      expect(Math.abs(patch.areaM2 - 14_400)).toBeLessThan(3000);
    }
    const total = queue.reduce((sum, { areaM2 }) => sum + areaM2, 0);
    expect(Math.abs(summary.issuedAreaM2 - total)).toBeLessThan(1e-6);
    const [red, ...none] = await workspace.store.db
      .selectFrom('overlaps')
      .selectAll()
      .where('layer', '=', 'red-line')
      .execute();
    expect(none).toEqual([]);
    expect(red.areaM2).toBeGreaterThan(60 * 50);
    expect(red.areaM2).toBeLessThan(6420);
  });

  it('goes on in its numbers when a further image shows more, and leaves alone what people have moved', async () => {
    await workspace.run('2024-06');
    const [first, second] = await patches();
    await takeSteps(workspace.store, first.id, 'warn acknowledge');
    await takeSteps(workspace.store, second.id, 'dismiss');
    const moved = await patches();
    await workspace.scene('2024-06-28', { seed: 3, built: [...sites, further] });
    expect(await workspace.run('2024-06')).toMatchObject({ issued: 1, known: sites.length - 1, seenAgain: 1 });
    const queue = await patches();
    expect(queue.filter(({ id }) => moved.some((one) => one.id === id))).toEqual(moved);
    const [added, ...none] = queue.filter(({ id }) => !moved.some((one) => one.id === id));
    expect(none).toEqual([]);
    expect(added.number).toBe('4304222024060004');
    expect(await halfPatches(workspace.store)).toEqual([]);
  });

  it('is written whole or not at all: what fails half-way leaves nothing, and the next run ends the same', async () => {
    const uninterrupted = await planted.fork();
    await uninterrupted.run('2024-06');
    const { db } = workspace.store;
    await sql`create trigger fails before insert on events when (select count(*) from events) = 3
      begin select raise(abort, 'the disk is full'); end`.execute(db);
    await expect(workspace.run('2024-06')).rejects.toThrow('the disk is full');
    const half = await dumpOf(workspace.store);
    for (const table of ['places', 'detections', 'patches', 'overlaps', 'events', 'coverage', 'locks']) {
      expect([table, half[table]]).toEqual([table, []]);
    }
    expect((await listRuns(db))[0]).toMatchObject({ state: 'failed', error: 'the disk is full' });
    await sql`drop trigger fails`.execute(db);
    await workspace.run('2024-06');
    expect(await dumpOf(workspace.store)).toEqual(await dumpOf(uninterrupted.store));
    await uninterrupted.remove();
  });
});
