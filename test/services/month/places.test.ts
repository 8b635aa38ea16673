import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transition } from '../../../services/lifecycle/transition.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import type { PlantedBox } from '../../support/planted-ground.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';

const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
/** With a lane between the two. */
const beyond = { x: 224_860, y: 2_999_000, width: 200, height: 160 };

/** A site seen in June, overgrown in July. */
let june: PlantedWorkspace;
let workspace: PlantedWorkspace;

beforeAll(async () => {
  june = await PlantedWorkspace.create();
  await june.scene('2024-05-20', { seed: 1 });
  await june.scene('2024-06-20', { seed: 2, built: [site] });
  await june.scene('2024-07-20', { seed: 3 });
  await june.run('2024-06');
});
beforeEach(async () => {
  workspace = await june.fork();
});
afterEach(() => workspace.remove());
afterAll(() => june.remove());

function augustWith(...built: PlantedBox[]) {
  return workspace.scene('2024-08-20', { seed: 4, built });
}

async function dismissJune(): Promise<void> {
  const [patch] = await patches('2024-06');
  await takeSteps(workspace.store, patch.id, 'dismiss');
}

const links = () => workspace.store.db.selectFrom('place_links').selectAll().orderBy('patchId').execute();

function patches(month: string) {
  return workspace.store.db.selectFrom('patches').selectAll().where('month', '=', month).orderBy('number').execute();
}

describe('a place that is found again', () => {
  it('is not issued again while its patch is open; the detection is kept and linked to the place', async () => {
    await augustWith(site);
    const [june] = await patches('2024-06');
    expect(await workspace.run('2024-08')).toMatchObject({ detections: 1, issued: 0, known: 1 });
    expect(await patches('2024-08')).toEqual([]);
    const seen = await workspace.store.db.selectFrom('detections').select(['month', 'screening', 'placeId']).execute();
    expect(seen.sort((a, b) => (a.month < b.month ? -1 : 1))).toEqual([
      { month: '2024-06', screening: 'issued', placeId: june.placeId },
      { month: '2024-08', screening: 'known-place', placeId: june.placeId },
    ]);
  });

  it('is not issued again where its patch was dismissed and it is seen as it was; the run counts it', async () => {
    await dismissJune();
    await augustWith(site);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 0, known: 0, seenAgain: 1, broughtBack: 0 });
    const [june] = await patches('2024-06');
    expect([june.state, june.version]).toEqual(['dismissed', 2]);
    expect(await links()).toMatchObject([{ patchId: june.id, relation: 'repeats', effect: 'linked' }]);
    const { seenAgain } = await patchDetail(workspace.store, june.id);
    expect(seenAgain).toMatchObject([{ month: '2024-08', relation: 'repeats', alsoAt: [] }]);
  });

  it('comes back under its own number where it has grown by what counts, once, with the detection as evidence', async () => {
    await dismissJune();
    await augustWith({ ...site, width: 320 });
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 0, seenAgain: 0, broughtBack: 1 });
    const [june] = await patches('2024-06');
    expect([june.state, june.version]).toEqual(['found', 3]);
    expect(await patches('2024-08')).toEqual([]);
    const [link] = await links();
    expect(link).toMatchObject({ patchId: june.id, placeId: june.placeId, relation: 'grows', effect: 'reinstated' });
    expect(link.beyondM2).toBeGreaterThan(120 * 160 * 0.8);
    const event = (await patchDetail(workspace.store, june.id)).history.at(-1)!;
    expect(event).toMatchObject({ action: 'reinstate', actor: 'tuban', reason: 'grown' });
    expect(event.payload).toMatchObject({ evidence: [link.detectionId], note: expect.stringContaining('扩大') });
    // Dismissed again: what it grew to is known by now.
    await takeSteps(workspace.store, june.id, 'dismiss', { at: new Date('2025-08-01T00:00:00Z') });
    await workspace.scene('2024-08-25', { seed: 5, built: [{ ...site, width: 320 }] });
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 0, seenAgain: 1, broughtBack: 0 });
  });

  it('is reopened where it was put right and changed after that, and not by the putting right itself', async () => {
    const [patch] = await patches('2024-06');
    const road =
      'warn acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure resolve';
    await takeSteps(workspace.store, patch.id, road, { at: new Date('2024-07-25T00:00:00Z') });
    await augustWith(site);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 0, seenAgain: 1, broughtBack: 0 });
    const early = await june.fork();
    await takeSteps(early.store, patch.id, road, { at: new Date('2024-07-18T00:00:00Z') });
    await early.scene('2024-08-20', { seed: 4, built: [site] });
    expect(await early.run('2024-08')).toMatchObject({ issued: 0, seenAgain: 0, broughtBack: 1 });
    const { patch: now, history } = await patchDetail(early.store, patch.id);
    expect([now.state, history.at(-1)!.reason]).toEqual(['reopened', 'relapse']);
    await early.remove();
  });

  it('has a patch of its own, at the same place, where an image was at fault and a change began since', async () => {
    const [june] = await patches('2024-06');
    const given = { subject: 'patch', id: june.id, action: 'dismiss', actor: 'li', reason: 'cloud' } as const;
    await transition(workspace.store, { ...given, at: new Date('2024-07-02T00:00:00Z') });
    await augustWith(site);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 1, known: 0, seenAgain: 0 });
    const [august] = await patches('2024-08');
    expect([august.placeId, august.number]).toEqual([june.placeId, '0000002024080001']);
    expect(await links()).toMatchObject([{ patchId: june.id, relation: 'repeats', effect: 'issued' }]);
  });

  it('is linked to every known place that a detection touches, which are shown as one to merge', async () => {
    await workspace.scene('2024-06-25', { seed: 6, built: [site, beyond] });
    await workspace.run('2024-06');
    const [first, second] = await patches('2024-06');
    await augustWith({ ...site, width: 460 });
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 0, known: 1 });
    const { seenAgain } = await patchDetail(workspace.store, first.id);
    const [august] = seenAgain.filter(({ month }) => month === '2024-08');
    expect(august.relation).toBe('grows');
    expect(august.alsoAt).toEqual([{ id: second.id, number: second.number }]);
  });

  it('is another place where the earlier patch is only touched', async () => {
    const beside = { x: 224_780, y: 2_999_000, width: 200, height: 160 };
    await dismissJune();
    await augustWith(beside);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 1 });
    const [[june], [august]] = [await patches('2024-06'), await patches('2024-08')];
    expect(august.placeId).not.toBe(june.placeId);
  });
});
