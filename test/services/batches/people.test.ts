import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ageOf, campaignFigures } from '../../../services/batches/campaign-figures.ts';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { overruleMatch } from '../../../services/batches/overrule.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { routeRow } from '../../../services/batches/route-row.ts';
import { standingRows } from '../../../services/batches/row-states.ts';
import { PatchChips } from '../../../services/evidence/chips.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { batchRowNamed } from '../../../services/store/batch-files.ts';
import { linksOfRow } from '../../../services/store/batch-links.ts';
import type { Store } from '../../../services/store/open.ts';
import { type SentRow, sentGeojson } from '../../support/batch-files.ts';
import { plantedSquare } from '../../support/planted-square.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-10T02:00:00Z');
const days = { stock: { QSX: '2019-05-01', HSX: '2019-08-01' }, fresh: { QSX: '2021-05-01', HSX: '2021-08-01' } };
const rows: SentRow[] = [
  { JCBH: 'a', lon: 112.5, lat: 26.9, ...days.stock },
  { JCBH: 'b', lon: 112.6, lat: 26.9, ...days.stock, XZQDM: '430422' },
  { JCBH: 'c', lon: 112.7, lat: 26.9, ...days.fresh },
  { JCBH: 'd', lon: 112.8, lat: 26.9, QSX: '2019-05-01', HSX: '2021-08-01' },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-people-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function matched(store: Store, campaign?: { campaign: string; cutOff: string }) {
  const path = join(folder, 'sent.geojson');
  writeFileSync(path, sentGeojson(rows));
  const { batch } = await importBatch(store, {
    path,
    profile: await profileNamed('exchange'),
    by: '张三',
    now,
    ...campaign,
  });
  await matchBatch(store, batch, now);
  return batch;
}

describeOnBothStores('what people do with a batch', (openFresh) => {
  it('a match is overruled, the one before stays on record and nothing is doubled', async () => {
    const store = await openFresh();
    const patchId = await plantedSquare(store, { lon: 112.5, lat: 26.9, key: '0' });
    const batch = await matched(store);
    const row = await batchRowNamed(store.db, batch.id, 'a');
    const said = { by: '赵六', reason: '另一栋', now };
    const own = await overruleMatch(store, batch, row, { to: 'new', ...said });
    expect(own).toMatchObject({ kind: 'new', actor: '赵六', reason: '另一栋' });
    expect(own.patchId).not.toBe(patchId);
    await overruleMatch(store, batch, row, { to: patchId, ...said });
    const again = await overruleMatch(store, batch, row, { to: 'new', ...said });
    expect(again.patchId).toBe(own.patchId);
    const links = await linksOfRow(store.db, batch.id, row.row);
    expect(links.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      'same tuban',
      'new 赵六',
      'same 赵六',
      'new 赵六',
    ]);
    expect(await matchBatch(store, batch, now)).toMatchObject({ before: 4 });
    await expect(overruleMatch(store, batch, row, { to: 'nowhere', ...said })).rejects.toThrow(
      'There is no patch nowhere',
    );
    await expect(store.db.updateTable('batch_links').set({ kind: 'same' }).execute()).rejects.toThrow('append-only');
  });

  it('a patch made of a row has no pictures, and says so', async () => {
    const store = await openFresh();
    const batch = await matched(store);
    const [link] = await linksOfRow(store.db, batch.id, 0);
    const chips = new PatchChips(store);
    await expect(chips.picture(link.patchId, 'before', 256)).rejects.toThrow('there is no pair of images');
    await expect(chips.frame(link.patchId, 256)).rejects.toThrow('there is no pair of images');
    await chips.close();
  });

  it('a row goes to another department, which refuses it, or takes it', async () => {
    const store = await openFresh();
    const patchId = await plantedSquare(store, { lon: 112.5, lat: 26.9, key: '0' });
    const batch = await matched(store);
    const row = await batchRowNamed(store.db, batch.id, '#1');
    const step = (action: string, payload: Record<string, unknown> = {}) =>
      transition(store, { subject: 'patch', id: patchId, action, actor: '李四', payload, at: now });
    await step('warn', { note: '请核查' });
    // A task just sent down may be refused, too, but not by a department.
    await expect(routeRow(store, batch, row, { action: 'refuse', by: '农业农村局', now })).rejects.toThrow(
      'no department',
    );
    await step('acknowledge');
    await step('verify', { evidence: ['photo-1'] });
    const refer = { action: 'refer', department: '农业农村局', note: '农民建房', by: '李四', now } as const;
    expect(await routeRow(store, batch, row, refer)).toMatchObject({ state: 'referred' });
    const stage = async () => {
      for await (const { state } of standingRows(store, batch.id)) return state.department;
    };
    expect(await stage()).toEqual({ name: '农业农村局', stage: 'asked' });
    await routeRow(store, batch, row, { action: 'refuse', reason: 'other', note: '不属本局', by: '农业农村局', now });
    expect(await stage()).toEqual({ name: '农业农村局', stage: 'refused' });
    await routeRow(store, batch, row, refer);
    await routeRow(store, batch, row, { action: 'accept', by: '农业农村局', now });
    expect(await stage()).toEqual({ name: '农业农村局', stage: 'accepted' });
  });

  it('a campaign counts what was built before its cut-off, and its sums come out', async () => {
    const store = await openFresh();
    const patchId = await plantedSquare(store, { lon: 112.5, lat: 26.9, key: '0' });
    const campaign = { campaign: '历史违法清零', cutOff: '2020-07-03' };
    await matched(store, campaign);
    const before = await campaignFigures(store, campaign.campaign);
    expect(before.total).toMatchObject({ total: 4, stock: 2, fresh: 1, undated: 1, resolved: 0, remaining: 2 });
    await transition(store, {
      subject: 'patch',
      id: patchId,
      action: 'dismiss',
      actor: '李四',
      reason: 'season',
      at: now,
    });
    const figures = await campaignFigures(store, campaign.campaign);
    expect(figures.total).toMatchObject({ total: 4, stock: 2, dismissed: 1, remaining: 1 });
    expect(figures.byDistrict.map(({ district, stock, remaining }) => [district, stock, remaining])).toEqual([
      ['430421', 1, 0],
      ['430422', 1, 1],
    ]);
    expect(figures.places).toBe(4);
    expect(figures.checks.map(({ holds }) => holds)).toEqual([true, true, true, true]);
    await expect(matched(store, { ...campaign, cutOff: '2021-01-01' })).rejects.toThrow('has the cut-off 2020-07-03');
  });
});

describe('存量 or 新增', () => {
  const row = { builtDate: null, beforeDate: null, afterDate: null };
  it('is what the day of building says, else the images, else nobody knows', () => {
    expect(ageOf({ ...row, builtDate: '2020-07-02', beforeDate: '2021-01-01' }, '2020-07-03')).toBe('stock');
    expect(ageOf({ ...row, builtDate: '2020-07-03' }, '2020-07-03')).toBe('fresh');
    expect(ageOf({ ...row, afterDate: '2020-07-02' }, '2020-07-03')).toBe('stock');
    expect(ageOf({ ...row, beforeDate: '2020-07-03', afterDate: '2020-08-01' }, '2020-07-03')).toBe('fresh');
    expect(ageOf({ ...row, beforeDate: '2020-07-02', afterDate: '2020-07-03' }, '2020-07-03')).toBe('undated');
    expect(ageOf(row, '2020-07-03')).toBe('undated');
  });
});
