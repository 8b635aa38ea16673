import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlantedBox } from '../../support/planted-ground.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { takeSteps } from '../../support/steps.ts';

const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
const elsewhere = { x: 225_600, y: 2_998_600, width: 160, height: 160 };

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

  it('is issued again, as the same place, once its patch has ended', async () => {
    await dismissJune();
    await augustWith(site);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 1, known: 0 });
    const [[june], [august]] = [await patches('2024-06'), await patches('2024-08')];
    expect(august.placeId).toBe(june.placeId);
    expect(august.number).toBe('0000002024080001');
    expect(june.state).toBe('dismissed');
  });

  it('is issued once a month, though a further image shows it grown to what it was in June', async () => {
    const begun = { ...site, width: 110 };
    await dismissJune();
    await augustWith(begun);
    await workspace.run('2024-08');
    const [before] = await patches('2024-08');
    await workspace.scene('2024-08-25', { seed: 5, built: [site, elsewhere] });
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 1, known: 1 });
    const [first, second, ...none] = await patches('2024-08');
    expect(first).toEqual(before);
    expect(second.number).toBe('0000002024080002');
    expect(none).toEqual([]);
  });

  it('goes to the larger of two claims; the other is a place of its own', async () => {
    const large = { x: 224_600, y: 2_999_000, width: 110, height: 160 };
    const small = { x: 224_760, y: 2_999_000, width: 60, height: 160 };
    await dismissJune();
    await augustWith(large, small);
    expect(await workspace.run('2024-08')).toMatchObject({ issued: 2, known: 0 });
    const [june] = await patches('2024-06');
    const august = await patches('2024-08');
    const [largest, other] = august.sort((a, b) => b.areaM2 - a.areaM2);
    expect(largest.placeId).toBe(june.placeId);
    expect(other.placeId).not.toBe(june.placeId);
    const places = await workspace.store.db.selectFrom('places').selectAll().execute();
    expect(places.map(({ id }) => id).sort()).toEqual([june.placeId, other.placeId].sort());
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
