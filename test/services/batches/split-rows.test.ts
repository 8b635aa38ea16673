import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { type StandingRow, standingRows } from '../../../services/batches/row-states.ts';
import { drawnLines } from '../../../services/lineage/drawn.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import type { Store } from '../../../services/store/open.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { sentGeojson } from '../../support/batch-files.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-10T02:00:00Z');
const later = new Date('2025-07-11T02:00:00Z');
const deed = { actor: '王', reason: '两个权利人', at: now };

async function matchedRow(store: Store) {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-split-rows-'));
  try {
    const path = join(folder, 'sent.geojson');
    writeFileSync(path, sentGeojson([{ JCBH: 'a', lon: 112.5, lat: 26.9 }]));
    const { batch } = await importBatch(store, { path, profile: await profileNamed('exchange'), by: '张三', now });
    await matchBatch(store, batch, now);
    const standing = async () => (await standingRows(store, batch.id).next()).value as StandingRow;
    const { link } = await standing();
    return { standing, patchId: link!.patchId };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Cuts the patch from north to south, a quarter of it from the west. */
async function cutInTwo(store: Store, patchId: string) {
  const { minLon, maxLon, minLat, maxLat } = (await findPatch(store.db, patchId))!;
  const lon = minLon + (maxLon - minLon) / 4;
  const line = {
    type: 'LineString',
    coordinates: [
      [lon, minLat - 0.001],
      [lon, maxLat + 0.001],
    ],
  };
  return splitPatch(store, { patch: patchId, by: drawnLines(JSON.stringify(line), 'line'), ...deed });
}

describeOnBothStores('A row whose patch was split', (openFresh) => {
  it('is answered once each piece is, and put right by the share of the pieces that are', async () => {
    const store = await openFresh();
    const { standing, patchId } = await matchedRow(store);
    const { pieces } = await cutInTwo(store, patchId);
    expect((await standing()).state).toMatchObject({ outcome: 'open', answered: false });
    const toClosed =
      'warn acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure resolve';
    const [west, east] = [...pieces].sort((a, b) => a.areaM2 - b.areaM2);
    await takeSteps(store, west.id, toClosed, { at: later });
    const { row, state } = await standing();
    expect(state).toMatchObject({ outcome: 'open', answered: false, judgement: 'illegal-construction' });
    expect(state.rectifiedM2 / row.areaM2!).toBeCloseTo(0.25, 2);
    await takeSteps(store, east.id, 'dismiss', { at: later });
    expect((await standing()).state).toMatchObject({ outcome: 'resolved', answered: true });
  });

  it('stands as the one that its pieces were made into again, and as the pieces once that is taken back', async () => {
    const store = await openFresh();
    const { standing, patchId } = await matchedRow(store);
    const original = await findPatch(store.db, patchId);
    const { pieces } = await cutInTwo(store, patchId);
    const { merged } = await mergePatches(store, { patches: pieces.map(({ id }) => id), ...deed });
    expect((await standing()).state.patchNumber).toBe(merged.number);
    await undoLineage(store, merged.id, deed);
    const { state } = await standing();
    expect(state).toMatchObject({ state: 'found', outcome: 'open', patchNumber: original!.number });
  });
});
