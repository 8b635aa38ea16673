import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { type BatchProfile, parseProfile, profileNamed } from '../../../services/batches/profile.ts';
import { returnBatch } from '../../../services/batches/return/return-batch.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { type SentRow, sendBatch, sentGeojson } from '../../support/batch-files.ts';
import { gdalMissing } from '../../support/gdal.ts';
import { ogrLayer } from '../../support/ogr-layer.ts';
import { plantedSquare } from '../../support/planted-square.ts';

const now = new Date('2025-07-10T02:00:00Z');
const rows: SentRow[] = [
  { JCBH: '1', lon: 112.5, lat: 26.9 },
  { JCBH: '2', lon: 112.6, lat: 26.9, BZ: '一行"引号"与\\反斜杠' },
];
const note = '已核实，办理了设施农用地备案手续，备案号2024-077，现场照片三张，请予审核通过为盼';

let folder: string;
let store: Store;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-forms-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  store = await openStore({ sqlite: ':memory:' });
});
afterEach(() => store.close());

/** Imports, matches, judges the first row's patch as facility and returns. */
async function sentBack(path: string, out: string, profile?: BatchProfile) {
  const patchId = await plantedSquare(store, { lon: 112.5, lat: 26.9, key: '0' });
  const { batch } = await importBatch(store, {
    path,
    profile: profile ?? (await profileNamed('exchange')),
    by: '张三',
    now,
  });
  await matchBatch(store, batch, now);
  const step = (action: string, payload: Record<string, unknown> = {}) =>
    transition(store, { subject: 'patch', id: patchId, action, actor: '李四', payload, at: now });
  await step('warn', { note: '请核查' });
  await step('acknowledge');
  await step('verify', { evidence: ['photo-1'] });
  await step('judge', { judgement: 'facility', note });
  return returnBatch(store, batch, { out, by: '王五', now });
}

describe.skipIf(gdalMissing)('a batch goes back in the form it came in', () => {
  it('GeoPackage: same table, columns and shapes', async () => {
    const path = sendBatch(join(folder, '下发.gpkg'), rows, '-f', 'GPKG', '-nln', '图斑');
    const out = join(folder, '回传.gpkg');
    const { receipt } = await sentBack(path, out);
    const [sent, back] = [ogrLayer(path), ogrLayer(out)];
    expect({ ...back, features: [] }).toEqual({ ...sent, features: [] });
    const filled = { PDJG: '设施农用地', ZGMJ: 0, SHRQ: '2025-07-10', SHBZ: note };
    expect(back.features).toEqual(
      sent.features.map((one, i) => (i === 0 ? { ...one, properties: { ...one.properties, ...filled } } : one)),
    );
    expect(receipt.misfits).toEqual([]);
    expect(receipt.filled).toEqual({ PDJG: 1, ZGMJ: 1, SHRQ: 1, SHBZ: 1 });
  });

  it('GeoJSON: every byte but those of the answers', async () => {
    const path = join(folder, '下发.geojson');
    writeFileSync(path, sentGeojson(rows));
    const out = join(folder, '回传.geojson');
    await sentBack(path, out);
    const expected = JSON.parse(readFileSync(path, 'utf8'));
    Object.assign(expected.features[0].properties, { PDJG: '设施农用地', ZGMJ: 0, SHRQ: '2025-07-10', SHBZ: note });
    expect(readFileSync(out, 'utf8')).toBe(JSON.stringify(expected, null, 1));
  });

  it('UTF-8 shapefile: an answer too long is cut between characters, and the receipt says so', async () => {
    const path = sendBatch(join(folder, 'utf8.shp'), rows, '-lco', 'ENCODING=UTF-8');
    const out = join(folder, 'utf8-back.shp');
    const { receipt } = await sentBack(path, out);
    expect(receipt.misfits).toEqual([
      { number: '1', field: 'SHBZ', problem: expect.stringContaining('was cut to the 40') },
    ]);
    expect(ogrLayer(out).features[0].properties['SHBZ']).toBe(note.slice(0, 13));
  });

  it('another ending, or a file that is there, is refused', async () => {
    const path = sendBatch(join(folder, 'refused.shp'), rows);
    await expect(sentBack(path, join(folder, 'refused.gpkg'))).rejects.toThrow('wanted a name in .shp');
    const { batch } = await importBatch(store, { path, profile: await profileNamed('exchange'), by: '张三', now });
    await expect(returnBatch(store, batch, { out: path, by: '王五', now })).rejects.toThrow('is there already');
  });
});

describe.skipIf(gdalMissing)('a profile of its own', () => {
  const own = parseProfile(
    JSON.stringify({
      id: 'hunan-2025',
      title: { zh: '湖南', en: 'Hunan' },
      fields: { number: 'JCBH', area: { field: 'MJ', unit: 'mu' } },
      answers: [{ field: 'PDJG', from: 'judgement', words: { facility: '03' } }],
    }),
    'own.json',
  );

  it('reads other units and answers in the sender’s words', async () => {
    const path = sendBatch(join(folder, 'own.shp'), rows);
    const out = join(folder, 'own-back.shp');
    await sentBack(path, out, own);
    expect(ogrLayer(out).features.map(({ properties }) => properties['PDJG'])).toEqual(['03', null]);
    const stored = await store.db.selectFrom('batch_rows').select(['statedM2', 'number']).orderBy('row').execute();
    expect(stored).toEqual(rows.map(({ JCBH }) => ({ number: JCBH, statedM2: expect.closeTo(823_000, 0) })));
  });

  it('that says what it must not is refused in one line', () => {
    const refused = (change: object) => () => parseProfile(JSON.stringify({ ...own, ...change }), 'own.json');
    expect(refused({ answers: [] })).toThrow(/^own\.json: answers: /);
    expect(refused({ answers: [{ field: 'JCBH', from: 'note' }] })).toThrow("the column JCBH is the sender's");
    expect(
      refused({
        answers: [
          { field: 'A', from: 'note' },
          { field: 'A', from: 'date' },
        ],
      }),
    ).toThrow('A is filled twice');
    expect(refused({ colour: 1 })).toThrow('own.json');
  });

  it('whose number the file does not have is refused, and nothing is kept', async () => {
    const path = sendBatch(join(folder, 'other.shp'), rows);
    const profile = { ...own, fields: { number: 'TBBH' } };
    await expect(importBatch(store, { path, profile, by: '张三', now })).rejects.toThrow('wanted the column TBBH');
    expect(await store.db.selectFrom('batches').selectAll().execute()).toEqual([]);
  });
});
