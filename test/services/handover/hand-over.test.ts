import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { setAnchor } from '../../../services/audit/set-anchor.ts';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { writeBundle } from '../../../services/evidence/bundle/write-bundle.ts';
import { verifyBundle } from '../../../services/evidence/verify/verify-bundle.ts';
import { recordReceipt, sendHandOver } from '../../../services/handover/hand-over.ts';
import { readPaper } from '../../../services/handover/kept-papers.ts';
import { listHandOvers } from '../../../services/handover/list.ts';
import { prepareHandOver } from '../../../services/handover/prepare.ts';
import { attachStatement } from '../../../services/handover/statements.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { unpacked } from '../../support/bundles.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

/** The outline that planted patches have. */
const outline = {
  type: 'Polygon',
  coordinates: [
    [
      [112.5, 26.9],
      [112.501, 26.9],
      [112.501, 26.901],
      [112.5, 26.9],
    ],
  ],
} as const;
const areaM2 = geometryAreaM2(outline as never);
const day = (n: number) => new Date(Date.UTC(2025, 6, n, 2));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-handover-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const paperAt = async (name: string, content: string) => {
  await writeFile(join(home, name), content);
  return readPaper(join(home, name));
};

describeOnBothStores('a hand-over', (openFresh) => {
  async function filedCase(store: Store) {
    const patches = [await plantPatch(store, { areaM2 }), await plantPatch(store, { areaM2 })];
    const opening = { title: '某公司违法占地案', district: '430421', patchIds: patches, actor: '王', at: day(3) };
    const { id } = await openCase(store, opening);
    await transition(store, {
      subject: 'case',
      id,
      action: 'file',
      actor: '王',
      at: day(4),
      payload: { level: 'county' },
    });
    return { id, patches };
  }
  const prepare = (store: Store, caseId: string, name = 'out.zip', to = 'police') =>
    prepareHandOver(store, home, { caseId, to, path: join(home, name), actor: '王', at: day(5) });

  it('is a package of every patch with the case, which verifies; sent, it waits, is late, and is answered', async () => {
    const store = await openFresh();
    const { id } = await filedCase(store);
    const statement = { file: await paperAt('s.pdf', '%PDF-1.4 we had leave'), fromName: '某公司', note: null };
    await attachStatement(store, home, id, { ...statement, actor: '李', at: day(4) });
    const prepared = await prepare(store, id);
    expect(prepared).toMatchObject({ receiver: 'police', patches: 2, missing: [] });
    const path = join(home, 'out.zip');
    const verified = await verifyBundle(path);
    expect(verified).toMatchObject({ ok: true, kind: 'hand-over', subject: id });
    expect(verified.checks.filter(({ name }) => name.startsWith('patches/'))).toHaveLength(2);
    const names = [...(await unpacked(path)).keys()];
    expect(names).toContain('covering-list.pdf');
    expect(names.some((name) => name.startsWith('papers/statement-'))).toBe(true);

    const states = async (now: Date) => (await listHandOvers(store, { caseId: id }, now)).map(({ state }) => state);
    expect(await states(day(5))).toEqual(['prepared']);
    // 2025-07-07 is a Monday: three working days end on Thursday.
    const sent = await sendHandOver(store, id, path, { actor: '王', at: day(7) });
    expect(sent.dueAt).toBe('2025-07-10T15:59:59.999Z');
    const step = (await eventsOf(store.db, 'case', id)).at(-1)!;
    expect(JSON.parse(step.payloadJson)).toMatchObject({
      receiver: 'police',
      evidence: [prepared.id],
      package: prepared.sha256,
    });
    expect(await states(day(10))).toEqual(['waiting']);
    expect(await states(day(11))).toEqual(['late']);
    const receipt = { caseId: id, file: await paperAt('r.json', '{"no":7}'), number: '公收7号', date: '2025-07-11' };
    await recordReceipt(store, home, { ...receipt, actor: '李', at: day(12) });
    expect(await states(day(12))).toEqual(['received']);
    expect(await states(day(11))).toEqual(['late']);
    const actions = (await eventsOf(store.db, 'case', id)).map(({ action }) => action);
    expect(actions).toEqual(['open', 'file', 'attach-statement', 'hand-over', 'record-receipt']);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('with one byte changed does not go out, nor twice, nor unfiled, nor to nobody; and nothing is logged then', async () => {
    const store = await openFresh();
    const { id, patches } = await filedCase(store);
    await prepare(store, id);
    const path = join(home, 'out.zip');
    const bytes = await readFile(path);
    bytes[500] ^= 1;
    await writeFile(join(home, 'bad.zip'), bytes);
    const send = (file: string) => sendHandOver(store, id, join(home, file), { actor: '王', at: day(7) });
    await expect(send('bad.zip')).rejects.toThrow(/none has its sha256 .* was changed/);
    await send('out.zip');
    await expect(send('out.zip')).rejects.toThrow(/was handed over before/);
    const clue = await openCase(store, {
      title: '另案',
      district: '430421',
      patchIds: patches,
      actor: '王',
      at: day(5),
    });
    await prepare(store, clue.id, 'clue.zip', 'court');
    const early = sendHandOver(store, clue.id, join(home, 'clue.zip'), { actor: '王', at: day(7) });
    await expect(early).rejects.toThrow(/from where hand-over is not possible/);
    expect(await listHandOvers(store, { caseId: clue.id }, day(8))).toMatchObject([{ state: 'prepared' }]);
    await expect(prepare(store, id, 'x.zip', 'mayor')).rejects.toThrow(/one of discipline, police/);
    const receipt = { caseId: clue.id, file: await paperAt('r.txt', 'r'), number: '1', date: '2025-07-11' };
    const refused = recordReceipt(store, home, { ...receipt, actor: '李', at: day(12) });
    await expect(refused).rejects.toThrow(/waits for a receipt .*waiting: none/);
    expect((await eventsOf(store.db, 'case', id)).map(({ action }) => action)).toEqual(['open', 'file', 'hand-over']);
    expect((await eventsOf(store.db, 'case', clue.id)).map(({ action }) => action)).toEqual(['open']);
  });

  it('keeps a statement beside the evidence of a patch: once, in bundle and history, and its loss is told', async () => {
    const store = await openFresh();
    const id = await plantPatch(store, { areaM2 });
    await setAnchor(store, day(2));
    const file = await paperAt('s.txt', '并非我司所建');
    const given = { file, fromName: '某公司', note: '当面递交', actor: '李', at: day(4) };
    expect(await attachStatement(store, home, id, given)).toMatchObject({ isNew: true, subject: 'patch' });
    expect(await attachStatement(store, home, id, given)).toMatchObject({ isNew: false });
    const events = await eventsOf(store.db, 'patch', id);
    expect(events.map(({ action, toState }) => [action, toState])).toEqual([
      ['find', 'found'],
      ['attach-statement', 'found'],
    ]);
    const path = join(home, 'b.zip');
    const write = () => writeBundle(store, home, { patch: id, path, askedBy: '王', at: day(6) });
    await write();
    expect((await verifyBundle(path)).ok).toBe(true);
    const [paper] = JSON.parse((await unpacked(path)).get('papers.json')!.toString());
    expect(paper).toMatchObject({ kind: 'statement', from: '某公司', note: '当面递交', fileName: 's.txt' });
    const kept = join(home, 'papers', paper.sha256.slice(0, 2), `${paper.sha256}.txt`);
    expect((await readFile(kept, 'utf8')).toString()).toBe('并非我司所建');
    await rm(kept);
    expect((await write()).missing.map(({ why }) => why.zh).join()).toContain('陈述申辩原件');
  });

  it('refuses a paper that is not what its name says', async () => {
    await writeFile(join(home, 'a.pdf'), 'not a pdf');
    await expect(readPaper(join(home, 'a.pdf'))).rejects.toThrow(/none of the kind that its name says/);
    await expect(readPaper(join(home, 'none.pdf'))).rejects.toThrow(/cannot be read/);
    await writeFile(join(home, 'a.exe'), 'MZ');
    await expect(readPaper(join(home, 'a.exe'))).rejects.toThrow(/wanted a paper as pdf/);
  });
});
