import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf } from '../../../services/store/events.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { knowsWatchEvidence, verdictsOfPatch } from '../../../services/store/watch.ts';
import type { WatchEvidence } from '../../../services/watch/evidence.ts';
import { writeVerdicts } from '../../../services/watch/write-verdicts.ts';
import { closePatch } from '../../support/closed-patches.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const box = (x: number, y: number, width = 160, height = 160) => ({ x: 224_000 + x, y: 3_000_000 - y, width, height });
const site = box(900, 700);
const other = box(1700, 1400);
const whole = gridBox(plantedGrid, 50);

let planted: PlantedWorkspace;
let workspace: PlantedWorkspace;

/** June was run: the site was found, built on. */
beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  await planted.layer('districts', { '430421': whole });
  await planted.layer('farmland', { whole });
  await planted.scene('2024-05-20', { seed: 1 });
  await planted.scene('2024-06-20', { seed: 2, built: [site] });
  await planted.run('2024-06', 1, new Date('2024-06-30T18:00:00Z'));
});
beforeEach(async () => {
  workspace = await planted.fork();
});
afterEach(() => workspace.remove());
afterAll(() => planted.remove());

async function patch(): Promise<PatchRow> {
  const { db } = workspace.store;
  return db.selectFrom('patches').selectAll().where('month', '=', '2024-06').executeTakeFirstOrThrow();
}

/** Adds what a month's image shows and runs it; the site's latest verdict and where it stands then. */
async function look(month: string, acquisition: Parameters<PlantedWorkspace['scene']>[1]) {
  await workspace.scene(`${month}-20`, acquisition);
  await workspace.run(month, 1, new Date(`${month}-28T18:00:00Z`));
  const { id, state } = await patch();
  const verdict = (await verdictsOfPatch(workspace.store.db, id)).at(-1);
  return { state, verdict: verdict?.verdict, reason: verdict?.reason, step: verdict?.step ?? null, row: verdict };
}

describe('a patch that was closed as torn down and tilled', () => {
  beforeEach(async () => closePatch(workspace.store, await patch(), '2024-07-02'));

  it('is confirmed as restored after two months that show it so, and is watched for three more', async () => {
    expect(await look('2024-07', { seed: 3 })).toMatchObject({ state: 'resolved', verdict: 'restored', step: null });
    const second = await look('2024-08', { seed: 4 });
    expect(second).toMatchObject({ state: 'restored', verdict: 'restored', step: 'confirm-restored' });
    const { id } = await patch();
    const event = (await eventsOf(workspace.store.db, 'patch', id)).at(-1)!;
    expect(event).toMatchObject({ action: 'confirm-restored', actor: 'tuban' });
    const { evidence, note } = JSON.parse(event.payloadJson) as { evidence: string[]; note: string };
    expect(evidence).toEqual([second.row!.id]);
    expect(note).toContain('2024-08-20');
    expect(await knowsWatchEvidence(workspace.store.db, id, evidence[0])).toBe(true);
    expect(await knowsWatchEvidence(workspace.store.db, 'another', evidence[0])).toBe(false);
    for (const [i, month] of ['2024-09', '2024-10', '2024-11', '2024-12'].entries()) await look(month, { seed: 5 + i });
    const months = (await verdictsOfPatch(workspace.store.db, id)).map(({ month }) => month);
    expect(months).toEqual(['2024-07', '2024-08', '2024-09', '2024-10', '2024-11']);
  });

  it('is opened again as a faked rectification where it still stands, on a single clear look', async () => {
    const seen = await look('2024-07', { seed: 3, built: [site] });
    expect(seen).toMatchObject({ state: 'reopened', verdict: 'still-built', reason: 'as-changed', step: 'reopen' });
    const event = (await eventsOf(workspace.store.db, 'patch', (await patch()).id)).at(-1)!;
    expect(event).toMatchObject({ action: 'reopen', reason: 'false-rectification', actor: 'tuban' });
    const { seen: shares, looks, compared } = JSON.parse(seen.row!.evidenceJson) as WatchEvidence;
    expect(shares!.built).toBeGreaterThan(0.9);
    expect(looks.map(({ date, pixels }) => [date, pixels > 200])).toEqual([['2024-07-20', true]]);
    expect([compared!.before.date, compared!.after.date]).toEqual(['2024-05-20', '2024-06-20']);
  });

  it('is opened again as a relapse where it was restored and stands again', async () => {
    expect(await look('2024-07', { seed: 3 })).toMatchObject({ verdict: 'restored' });
    await look('2024-08', { seed: 4, built: [site] });
    const events = await eventsOf(workspace.store.db, 'patch', (await patch()).id);
    expect(events.filter(({ action, reason }) => action === 'reopen' && reason === 'relapse')).toHaveLength(1);
    expect((await patch()).state).toBe('reopened');
  });

  it('under cloud, or in no image, nothing is said of it, and nothing follows', async () => {
    const hidden = { ...site, x: site.x - 50, y: site.y - 50, width: 260, height: 260 };
    expect(await look('2024-07', { seed: 3, unobserved: [hidden] })).toMatchObject({
      ...{ state: 'resolved', verdict: 'no-clear-look', reason: 'no-image', step: null },
    });
    // Half of it is seen, and that half looks restored.
    const half = { ...hidden, width: 50 + site.width / 2 };
    expect(await look('2024-08', { seed: 4, unobserved: [half] })).toMatchObject({
      ...{ state: 'resolved', verdict: 'no-clear-look', reason: 'partly-seen', step: null },
    });
  });

  it('half torn down is for a person to look at, and is neither confirmed nor reopened', async () => {
    const left = { ...site, width: 0.42 * site.width };
    expect(await look('2024-07', { seed: 3, built: [left] })).toMatchObject({
      ...{ state: 'resolved', verdict: 'not-sure', reason: 'partly', step: null },
    });
  });

  it('an image of before the closure was asked for says nothing of it', async () => {
    await workspace.scene('2024-07-01', { seed: 3, built: [site] });
    await workspace.run('2024-07', 1, new Date('2024-07-28T18:00:00Z'));
    const [verdict] = await verdictsOfPatch(workspace.store.db, (await patch()).id);
    expect(verdict).toMatchObject({ verdict: 'no-clear-look', reason: 'no-image' });
  });

  it('a run done again adds nothing', async () => {
    await look('2024-07', { seed: 3, built: [site, other] });
    const before = await verdictsOfPatch(workspace.store.db, (await patch()).id);
    await workspace.run('2024-07', 1, new Date('2024-07-29T18:00:00Z'));
    expect(await verdictsOfPatch(workspace.store.db, (await patch()).id)).toEqual(before);
  });

  it('whoever moved it while it was looked at has the next step: the verdict stands, and no step follows', async () => {
    const { store } = workspace;
    await workspace.scene('2024-07-20', { seed: 3, built: [site] });
    const { id } = await patch();
    await workspace.run('2024-07', 1, new Date('2024-07-28T18:00:00Z'));
    const [{ seq: _, step: _step, at: _at, ...row }] = await verdictsOfPatch(store.db, id);
    const at = new Date('2024-07-29T00:00:00Z');
    const planned = {
      row: { ...row, id: 'seen-anew' },
      step: { action: 'reopen', reason: 'relapse' },
      dates: [],
    } as const;
    const { version } = await patch();
    expect(await writeVerdicts(store.db, [{ ...planned, dates: [], version: version - 1 }], at)).toEqual([]);
    expect((await verdictsOfPatch(store.db, id)).at(-1)).toMatchObject({ id: 'seen-anew', step: null });
    expect((await patch()).version).toBe(version);
  });
});

describe('a patch that was closed otherwise', () => {
  it('regularised or confiscated it may stay built, which is said once', async () => {
    const { areaM2 } = await patch();
    await closePatch(workspace.store, await patch(), '2024-07-02', {
      regularisedM2: areaM2 / 2,
      confiscatedM2: areaM2 / 2,
    });
    expect(await look('2024-07', { seed: 3, built: [site] })).toMatchObject({
      ...{ state: 'resolved', verdict: 'not-required', reason: 'stays-built', step: null },
    });
    await look('2024-08', { seed: 4, built: [site] });
    expect(await verdictsOfPatch(workspace.store.db, (await patch()).id)).toHaveLength(1);
  });

  it('torn down in part and regularised for the rest, that part is looked for', async () => {
    const { areaM2 } = await patch();
    await closePatch(workspace.store, await patch(), '2024-07-02', {
      demolishedM2: areaM2 / 2,
      regularisedM2: areaM2 / 2,
    });
    const half = { ...site, width: site.width / 2 };
    expect(await look('2024-07', { seed: 3, built: [half] })).toMatchObject({ state: 'resolved', verdict: 'restored' });
    expect(await look('2024-08', { seed: 4, built: [site] })).toMatchObject({ state: 'reopened', verdict: 'rebuilt' });
  });

  it('with no word on how it was put right, a building that stands is for a person to look at', async () => {
    await closePatch(workspace.store, await patch(), '2024-07-02', {});
    expect(await look('2024-07', { seed: 3, built: [site] })).toMatchObject({
      ...{ state: 'resolved', verdict: 'not-sure', reason: 'remedy-unsaid' },
    });
  });
});
