import { afterAll, beforeAll, expect, it } from 'vitest';
import { idByContent } from '../../../services/audit/detection-ids.ts';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { liftTriggers } from '../../support/tampering.ts';

/** Two months of a real run: new places, and places known by then. */
let workspace: PlantedWorkspace;
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  const whole = gridBox(plantedGrid, 50);
  await workspace.layer('districts', { '430421': whole });
  await workspace.layer('farmland', { F: whole });
  const site = { x: 224_500, y: 2_999_000, width: 120, height: 120 };
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', { seed: 2, built: [site] });
  await workspace.run('2024-06');
});
afterAll(() => workspace.remove());

it('the ids of a run are the hashes of what it saw, and no longer when that is edited', async () => {
  const { store } = workspace;
  const untouched = await verifyAudit(store);
  expect(untouched).toMatchObject({ ok: true, detections: { notRecomputable: 0, faults: { count: 0 } } });
  expect(untouched.detections!.checked).toBeGreaterThan(0);
  const [detection] = await store.db.selectFrom('detections').selectAll().orderBy('id').execute();
  await liftTriggers(store);
  const evidence = JSON.parse(detection.evidenceJson);
  for (const edit of [
    { evidenceJson: JSON.stringify({ ...evidence, peak: evidence.peak + 1 }) },
    { evidenceJson: '{' },
    { month: '2024-07' },
    { screening: 'farming-type' },
  ]) {
    await store.db.updateTable('detections').set(edit).where('id', '=', detection.id).execute();
    const { ok, detections } = await verifyAudit(store);
    expect({ ok, faults: detections!.faults }, JSON.stringify(edit).slice(0, 40)).toMatchObject({
      ok: false,
      faults: { count: 1, first: [{ id: detection.id }] },
    });
    const { evidenceJson, month, screening } = detection;
    const back = store.db.updateTable('detections').set({ evidenceJson, month, screening });
    await back.where('id', '=', detection.id).execute();
  }
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

it('of ids that were not made from content nothing is said', () => {
  const planted = { month: '2024-06', placeId: 'p', evidenceJson: '{}' };
  expect(idByContent({ ...planted, id: 'detection-1', screening: 'issued' })).toBeNull();
  expect(idByContent({ ...planted, id: 'a'.repeat(24), screening: 'clue' })).toBeNull();
});
