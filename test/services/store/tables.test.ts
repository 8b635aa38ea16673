import { expect, it } from 'vitest';
import { type CellRow, cellKeys, putCell, readCells } from '../../../services/store/cells.ts';
import { coverageOfRun, replaceCoverage } from '../../../services/store/coverage.ts';
import { detectionsUpTo, insertDetections, insertPlaces } from '../../../services/store/detections.ts';
import { findKeyByHash, insertKey, listKeys, revokeKey } from '../../../services/store/keys.ts';
import { findLayer, insertLayer, listLayers } from '../../../services/store/layers.ts';
import { readMeta, writeMeta } from '../../../services/store/meta.ts';
import type { Store } from '../../../services/store/open.ts';
import {
  findPatch,
  highestNumber,
  insertOverlaps,
  insertPatches,
  overlapsOfPatch,
  patchesOfMonth,
  projectPatch,
} from '../../../services/store/patches.ts';
import { beginRun, failRun, findRun, finishRun, listRuns } from '../../../services/store/runs.ts';
import { addScene, findScene, listScenes, removeScene } from '../../../services/store/scenes.ts';
import { insertZones } from '../../../services/store/zones.ts';
import { detectionRow, layerRow, patchRow, placeRow, runRow, sceneRow, zoneRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const AT = new Date('2024-07-01T08:00:00Z');
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

/** A run with one place, one detection and one zone, for what hangs on them. */
async function ground({ db }: Store): Promise<void> {
  await beginRun(db, runRow());
  await insertPlaces(db, [placeRow()]);
  await insertDetections(db, [detectionRow()]);
  await insertLayer(db, layerRow());
  await insertZones(db, [zoneRow({ id: 1 }), zoneRow({ id: 2 })]);
}

describeOnBothStores('Scenes', (openFresh) => {
  it('are the same scene when they are the same file', async () => {
    const { db } = await openFresh();
    expect(await addScene(db, sceneRow())).toMatchObject({ isNew: true, scene: { id: 's1', removedAt: null } });
    const again = await addScene(db, sceneRow({ date: '2020-01-01' }));
    expect(again).toMatchObject({ isNew: false, scene: { date: '2024-05-20', scale: 0.0001 } });
  });

  it('are listed by date, without those removed', async () => {
    const { db } = await openFresh();
    const dates = { s3: '2024-04-01', s1: '2024-05-01', s2: '2024-05-31', s4: '2024-06-01' };
    for (const [id, date] of Object.entries(dates)) await addScene(db, sceneRow({ id, date }));
    expect(ids(await listScenes(db))).toEqual(['s3', 's1', 's2', 's4']);
    expect(ids(await listScenes(db, { from: '2024-05-01', to: '2024-05-31' }))).toEqual(['s1', 's2']);
    await removeScene(db, 's1', AT);
    expect(ids(await listScenes(db, { to: '2024-05-31' }))).toEqual(['s3', 's2']);
    expect((await listScenes(db, { includeRemoved: true })).length).toBe(4);
    await expect(removeScene(db, 's9', AT)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('come back with a new description when they are added after being removed', async () => {
    const { db } = await openFresh();
    await addScene(db, sceneRow());
    await removeScene(db, 's1', AT);
    expect(await addScene(db, sceneRow({ date: '2024-05-21', nodata: Number.NaN }))).toMatchObject({ isNew: true });
    expect(await findScene(db, 's1')).toMatchObject({ date: '2024-05-21', removedAt: null, nodata: null });
  });
});

describeOnBothStores('Layers', (openFresh) => {
  it('keep all their versions, and know the file they came from', async () => {
    const { db } = await openFresh();
    await insertLayer(db, layerRow({ id: 'l2', validFrom: '2024-06-01', sha256: 'b' }));
    await insertLayer(db, layerRow({ id: 'l1', validFrom: '2024-01-01', sha256: 'a' }));
    expect(ids(await listLayers(db))).toEqual(['l1', 'l2']);
    expect(await findLayer(db, 'l2')).toMatchObject({ sha256: 'b', seq: 1 });
    expect(await findLayer(db, 'l3')).toBeNull();
  });
});

describeOnBothStores('Runs', (openFresh) => {
  it('are taken up again under the same id, and the latest come first', async () => {
    const { db } = await openFresh();
    await beginRun(db, runRow({ id: 'r1', startedAt: '2024-07-01T00:00:00.000Z' }));
    await failRun(db, 'r1', 'No imagery.', AT);
    expect(await findRun(db, 'r1')).toMatchObject({ state: 'failed', error: 'No imagery.' });
    expect(await beginRun(db, runRow({ id: 'r1' }))).toMatchObject({ state: 'running', error: null, finishedAt: null });
    await finishRun(db, 'r1', '{"patches":3}', AT);
    await beginRun(db, runRow({ id: 'r2', startedAt: '2024-07-02T00:00:00.000Z' }));
    expect(ids(await listRuns(db))).toEqual(['r2', 'r1']);
    expect(await findRun(db, 'r1')).toMatchObject({ state: 'done', summaryJson: '{"patches":3}' });
  });

  it('keep the bytes of their cells, more of them than are fetched at a time', async () => {
    const store = await openFresh();
    await beginRun(store.db, runRow());
    for (let i = 0; i < 70; i++) {
      const result = new Uint8Array(Float64Array.of(i, -i).buffer);
      await putCell(store.db, { runId: 'r1', key: String(i).padStart(2, '0'), district: null, result });
    }
    await putCell(store.db, { runId: 'r1', key: '00', district: '500101', result: new Uint8Array(0) });
    const read: CellRow[] = [];
    for await (const cell of readCells(store.db, 'r1')) read.push(cell);
    expect(read.map(({ key }) => key)).toEqual(await cellKeys(store.db, 'r1'));
    expect(read[0]).toEqual({ runId: 'r1', key: '00', district: '500101', result: new Uint8Array(0) });
    expect(read.slice(1).map(({ result }) => new Float64Array(result.buffer)[1])).toEqual(
      Array.from({ length: 69 }, (_, i) => -(i + 1)),
    );
  });

  it('say what they could see, once for each district', async () => {
    const { db } = await openFresh();
    await beginRun(db, runRow());
    const row = { runId: 'r1', district: '500101', totalM2: 10, observedM2: 8, cloudM2: 1.5, noImageM2: 0.5 };
    await replaceCoverage(db, 'r1', [
      { ...row, observedM2: 7 },
      { ...row, district: '500102' },
    ]);
    await replaceCoverage(db, 'r1', [row]);
    expect(await coverageOfRun(db, 'r1')).toEqual([row]);
  });
});

describeOnBothStores('Detections', (openFresh) => {
  it('written twice are one, and are read up to a month', async () => {
    const store = await openFresh();
    await ground(store);
    await insertDetections(store.db, [detectionRow(), detectionRow({ id: 'd0', month: '2024-05' })]);
    await insertDetections(store.db, [detectionRow()]);
    expect(ids(await detectionsUpTo(store.db, '2024-06'))).toEqual(['d0', 'd1']);
    expect(ids(await detectionsUpTo(store.db, '2024-05'))).toEqual(['d0']);
  });

  it('need their run and their place', async () => {
    const { db } = await openFresh();
    await expect(insertDetections(db, [detectionRow()])).rejects.toThrow(/foreign key/i);
  });
});

describeOnBothStores('Patches', (openFresh) => {
  it('have a number that is given once, and are in a month once for each place', async () => {
    const store = await openFresh();
    await ground(store);
    await insertPatches(store.db, [patchRow()]);
    expect(await findPatch(store.db, 't1')).toMatchObject({ number: '5001012024060001', areaM2: 800.25, version: 1 });
    const sameNumber = patchRow({ id: 't2', month: '2024-07' });
    const samePlace = patchRow({ id: 't2', number: '5001012024060002' });
    for (const row of [sameNumber, samePlace]) await expect(insertPatches(store.db, [row])).rejects.toThrow(/unique/i);
  });

  it('are numbered on from the highest number of their district and month', async () => {
    const store = await openFresh();
    await ground(store);
    await insertPlaces(store.db, [placeRow({ id: 'p2' })]);
    expect(await highestNumber(store.db, '500101202406')).toBeNull();
    const second = patchRow({ id: 't2', placeId: 'p2', number: '5001012024060012' });
    await insertPatches(store.db, [patchRow({ number: '5001012024060009' }), second]);
    expect(await highestNumber(store.db, '500101202406')).toBe('5001012024060012');
    expect(await highestNumber(store.db, '500101202407')).toBeNull();
    expect(ids(await patchesOfMonth(store.db, '2024-06'))).toEqual(['t1', 't2']);
  });

  it('move on by one version, from the version the actor saw', async () => {
    const store = await openFresh();
    await ground(store);
    await insertPatches(store.db, [patchRow()]);
    const warned = { state: 'warned', dueAt: '2024-07-10T16:00:00.000Z', updatedAt: AT.toISOString() };
    expect(await projectPatch(store.db, 't1', 1, warned)).toBe(2);
    expect(await findPatch(store.db, 't1')).toMatchObject({ ...warned, version: 2 });
    await expect(projectPatch(store.db, 't1', 1, warned)).rejects.toMatchObject({
      code: 'version-conflict',
      message: 'Patch t1 was changed in between: version 1 was expected, it is at 2.',
      details: { version: 2 },
    });
    await expect(projectPatch(store.db, 't9', 1, warned)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('list what lies under them, layer by layer, largest first', async () => {
    const store = await openFresh();
    await ground(store);
    await insertPatches(store.db, [patchRow()]);
    const overlap = { patchId: 't1', layer: 'farmland', district: '500101' };
    const small = { ...overlap, zoneId: 1, areaM2: 10.125 };
    const large = { ...overlap, zoneId: 2, areaM2: 790 };
    await insertOverlaps(store.db, [small, large]);
    expect(await overlapsOfPatch(store.db, 't1')).toEqual([large, small]);
  });
});

describeOnBothStores('Keys and facts', (openFresh) => {
  it('a key is found by its hash and keeps the date it was first revoked', async () => {
    const { db } = await openFresh();
    const key = { id: 'k1', hash: 'h', name: 'console', role: 'viewer', district: '' } as const;
    await insertKey(db, { ...key, createdAt: AT.toISOString(), expiresAt: null, revokedAt: null });
    expect(await findKeyByHash(db, 'h')).toMatchObject({ ...key, revokedAt: null });
    expect(await findKeyByHash(db, 'x')).toBeNull();
    await revokeKey(db, 'k1', AT);
    await revokeKey(db, 'k1', new Date('2025-01-01'));
    expect(await listKeys(db)).toMatchObject([{ id: 'k1', revokedAt: AT.toISOString() }]);
    await expect(revokeKey(db, 'k9', AT)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a fact is written over', async () => {
    const { db } = await openFresh();
    expect(await readMeta(db, 'simulated')).toBeNull();
    await writeMeta(db, 'simulated', '0');
    await writeMeta(db, 'simulated', '1');
    expect(await readMeta(db, 'simulated')).toBe('1');
  });
});
