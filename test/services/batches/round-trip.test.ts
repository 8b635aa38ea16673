import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { returnBatch } from '../../../services/batches/return/return-batch.ts';
import { type StandingRow, standingRows } from '../../../services/batches/row-states.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import type { Store } from '../../../services/store/open.ts';
import { latestOpinion } from '../../../services/store/opinions.ts';
import { sendBatch } from '../../support/batch-files.ts';
import { gdalMissing } from '../../support/gdal.ts';
import { geodesicAreaM2 } from '../../support/geodesic.ts';
import { ogrLayer } from '../../support/ogr-layer.ts';
import { plantedSquare } from '../../support/planted-square.ts';
import { dumpOf } from '../../support/store-dump.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-10T02:00:00Z');
const answers = ['PDJG', 'ZGMJ', 'SHYJ', 'SHRQ', 'SHBZ'];

/** One is a known patch, one grows over it, one lies in one, two are new and lie on each other. */
const rows = [
  { JCBH: '430000202507000001', lon: 112.5, lat: 26.9 },
  { JCBH: '430000202507000002', lon: 112.6, lat: 26.9, side: 0.002, BZ: '扩大' },
  { JCBH: '430000202507000003', lon: 112.7002, lat: 26.9002, side: 0.0005 },
  { JCBH: '430000202507000004', lon: 112.8, lat: 26.9 },
  { JCBH: '430000202507000005', lon: 112.80005, lat: 26.9, BZ: '重复' },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-batches-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function known(store: Store): Promise<string[]> {
  return Promise.all([112.5, 112.6, 112.7].map((lon, i) => plantedSquare(store, { lon, lat: 26.9, key: String(i) })));
}

async function received(store: Store, path: string, options: { pieceSize?: number } = {}) {
  return importBatch(store, { path, profile: await profileNamed('exchange'), by: '张三', now, ...options });
}

/** Judges the patch of the first row and rectifies that of the second. */
async function deal(store: Store, patchId: string, judgement: string): Promise<void> {
  const step = (action: string, payload: Record<string, unknown> = {}) =>
    transition(store, { subject: 'patch', id: patchId, action, actor: '李四', payload, at: now });
  await step('warn', { note: '请核查' });
  await step('acknowledge');
  await step('verify', { evidence: ['photo-1'] });
  await step('judge', { judgement, note: '有批文，编号湘政地〔2024〕5号' });
}

describe.skipIf(gdalMissing)('a batch that comes as a shapefile in GBK', () => {
  describeOnBothStores('round trip', (openFresh) => {
    it('is matched by shares of area, and only what is new is issued', async () => {
      const store = await openFresh();
      const [same, grown, whole] = await known(store);
      const { batch } = await received(store, sendBatch(join(folder, 'match', '省厅.shp'), rows));
      expect(batch).toMatchObject({ encoding: 'gbk', crs: 'EPSG:4526', state: 'ready', readTo: 5, month: '2025-07' });
      const result = await matchBatch(store, batch, now);
      expect(result).toEqual({
        rows: 5,
        linked: { same: 2, grows: 1, 'part-of': 1, new: 1 },
        before: 0,
        unusable: 0,
      });
      const standing = await standingOf(store, batch.id);
      expect(standing.map(({ link }) => link?.kind)).toEqual(['same', 'grows', 'part-of', 'new', 'same']);
      expect(standing.slice(0, 3).map(({ link }) => link?.patchId)).toEqual([same, grown, whole]);
      expect(standing[4].link?.patchId).toBe(standing[3].link?.patchId);
      const [compared] = JSON.parse(standing[1].link!.comparedJson);
      expect([compared.ofRow, compared.ofKnown]).toEqual([expect.closeTo(0.25, 4), expect.closeTo(1, 4)]);
      const patches = await store.db.selectFrom('patches').selectAll().where('month', '=', '2025-07').execute();
      expect(patches).toHaveLength(1);
      expect(patches[0].areaM2).toBeCloseTo(squareM2(112.8, 26.9, 0.001), 1);
      const detection = await store.db.selectFrom('detections').selectAll().where('screening', '=', 'batch').execute();
      expect(JSON.parse(detection[0].evidenceJson).batch.stated).toMatchObject({
        number: rows[3].JCBH,
        statedM2: 1234.5,
      });
      expect(await latestOpinion(store.db, patches[0].id)).not.toBeNull();
      const before = await dumpOf(store, { withTimes: true });
      expect(await matchBatch(store, batch, new Date('2025-08-01T02:00:00Z'))).toMatchObject({ before: 5 });
      expect(await dumpOf(store, { withTimes: true })).toEqual(before);
    });

    it('goes back with nothing changed but its answers', async () => {
      const store = await openFresh();
      const [same] = await known(store);
      const path = sendBatch(join(folder, `back-${store.dialect}`, '省厅下发.shp'), rows);
      const { batch } = await received(store, path);
      await matchBatch(store, batch, now);
      await deal(store, same, 'lawful');
      const out = join(folder, `back-${store.dialect}`, '回传.shp');
      const { receipt, files } = await returnBatch(store, batch, { out, by: '王五', now });
      expect(files.map((file) => file.slice(out.length - 4)).sort()).toEqual([
        '.cpg',
        '.dbf',
        '.prj',
        '.shp',
        '.shp.receipt.json',
        '.shx',
      ]);
      const [sent, back] = [ogrLayer(path), ogrLayer(out)];
      expect(back.fields).toEqual(sent.fields);
      expect(back.epsg).toBe(sent.epsg);
      expect(withoutAnswers(back)).toEqual(withoutAnswers(sent));
      for (const ending of ['.shp', '.shx', '.prj', '.cpg'])
        expect(readFileSync(out.replace('.shp', ending))).toEqual(readFileSync(path.replace('.shp', ending)));
      expect(back.features[0].properties).toMatchObject({
        PDJG: '合法',
        ZGMJ: 0,
        SHRQ: '2025-07-10',
        SHBZ: '有批文，编号湘政地〔2024〕5号',
      });
      for (const { properties } of back.features.slice(1))
        expect(answers.map((name) => properties[name])).toEqual([null, null, null, null, null]);
      expect(receipt.counts).toEqual({ rows: 5, matched: 4, new: 1, unmatched: 0, answered: 1, open: 4 });
      expect(receipt.checks.every(({ holds }) => holds)).toBe(true);
      expect(receipt.received.sha256).toBe(batch.sha256);
      expect(receipt.returned.sha256).not.toBe(batch.sha256);
    });

    it('with nothing answered goes back to the byte', async () => {
      const store = await openFresh();
      const path = sendBatch(join(folder, `same-${store.dialect}`, 'a.shp'), rows);
      const { batch } = await received(store, path);
      const { receipt } = await returnBatch(store, batch, { out: path.replace('a.shp', 'b.shp'), by: '王五', now });
      expect(receipt.returned.sha256).toBe(batch.sha256);
      expect(receipt.counts).toMatchObject({ unmatched: 5, open: 5 });
    });

    it('imported again changes nothing, and broken off goes on', async () => {
      const store = await openFresh();
      const path = sendBatch(join(folder, `twice-${store.dialect}`, 'a.shp'), rows);
      await received(store, path, { pieceSize: 2 });
      const whole = await dumpOf(store);
      expect((await received(store, path)).alreadyImported).toBe(true);
      expect(await dumpOf(store)).toEqual(whole);
      // As a kill after the first piece leaves it.
      await store.db.deleteFrom('batch_rows').where('row', '>=', 2).execute();
      await store.db.deleteFrom('batch_files').where('ending', '=', '.shx').execute();
      await store.db.updateTable('batches').set({ readTo: 2, state: 'importing' }).execute();
      const resumed = await received(store, path, { pieceSize: 2 });
      expect(resumed).toMatchObject({ alreadyImported: false, resumedFrom: 2, rows: 5 });
      expect(await dumpOf(store)).toEqual(whole);
    });
  });
});

async function standingOf(store: Store, batchId: string): Promise<StandingRow[]> {
  const all: StandingRow[] = [];
  for await (const one of standingRows(store, batchId)) all.push(one);
  return all;
}

function squareM2(lon: number, lat: number, side: number): number {
  const [east, north] = [lon + side, lat + side];
  return geodesicAreaM2([
    [lon, lat],
    [east, lat],
    [east, north],
    [lon, north],
    [lon, lat],
  ]);
}

function withoutAnswers({ features }: ReturnType<typeof ogrLayer>) {
  return features.map(({ properties, ...rest }) => ({
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !answers.includes(name))),
  }));
}
