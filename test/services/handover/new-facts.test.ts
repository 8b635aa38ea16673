import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBundle } from '../../../services/evidence/bundle/write-bundle.ts';
import { verifyBundle } from '../../../services/evidence/verify/verify-bundle.ts';
import { readPaper } from '../../../services/handover/kept-papers.ts';
import { attachDocument, attachFinding } from '../../../services/handover/statements.ts';
import { factsOf } from '../../../services/legality/recorded.ts';
import { judgeAgain } from '../../../services/month/judge-again.ts';
import { paperJudgementsOf } from '../../../services/store/handovers.ts';
import { opinionsOf } from '../../../services/store/opinions.ts';
import { findPatchNamed } from '../../../services/store/queue.ts';
import { boxPolygon, gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
const said = {
  kind: 'approval',
  number: '湘政地1号',
  date: '2024-01-05',
  expiry: null,
  areaM2: null,
  holder: '某公司',
} as const;
const at = new Date('2024-07-10T02:00:00Z');

let workspace: PlantedWorkspace;
let id: string;
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  await workspace.layer('districts', { '430421': gridBox(plantedGrid, 500) });
  await workspace.layer('land-use', { L1: gridBox(plantedGrid, 400) });
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', { seed: 2, built: [site] });
  await workspace.run('2024-06');
  const largest = workspace.store.db.selectFrom('patches').selectAll().orderBy('areaM2', 'desc');
  id = (await largest.executeTakeFirstOrThrow()).id;
}, 60_000);
afterAll(() => workspace.remove());

async function paper(content: string) {
  await writeFile(workspace.path('paper.txt'), content);
  return { file: await readPaper(workspace.path('paper.txt')), fromName: '某公司', note: null, actor: '李', at };
}

describe('a document that was produced late', () => {
  it('over half of the patch covers that half and no more; over nothing of it, it is refused', async () => {
    const fork = await workspace.fork();
    const { store, home } = fork;
    const whole = boxPolygon({ ...site, x: site.x - 500, width: 500 + site.width / 2, y: site.y - 300, height: 900 });
    const given = { ...said, over: whole, polygonM2: 450_000 };
    const judged = await attachDocument(store, home, id, await paper('half'), given);
    const covered = judged.differences.find(({ what }) => what === 'figures.coveredM2');
    const { areaM2 } = (await findPatchNamed(store.db, id))!;
    expect(covered?.before).toBe(0);
    expect(Math.abs(Number(covered?.after) / areaM2 - 0.5)).toBeLessThan(0.1);
    const away = boxPolygon({ ...site, x: site.x + 2000 });
    const refused = attachDocument(store, home, id, await paper('away'), { ...said, over: away, polygonM2: 1 });
    await expect(refused).rejects.toThrow(/touches no ground of patch/);
    await fork.remove();
  });

  it('is judged, the difference kept with both opinions; once; and later judging does not forget it', async () => {
    const { store, home } = workspace;
    const before = await opinionsOf(store.db, id);
    const given = { ...said, over: 'whole' as const, polygonM2: null };
    const judged = await attachDocument(store, home, id, await paper('whole'), given);
    expect(judged.isNew).toBe(true);
    expect(judged.after?.opinion).toBe('lawful');
    expect(judged.differences[0]).toMatchObject({ what: 'opinion', after: 'lawful' });
    expect(await attachDocument(store, home, id, await paper('whole'), given)).toMatchObject({ isNew: false });
    const after = await opinionsOf(store.db, id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(factsOf(after.at(-1)!).instruments.at(-1)).toMatchObject({
      id: `late/${judged.paperId}`,
      layer: 'approvals',
    });
    const [row] = await paperJudgementsOf(store.db, id);
    expect(row).toMatchObject({ paperId: judged.paperId, beforeId: after.at(-2)!.id, afterId: after.at(-1)!.id });
    expect(JSON.parse(row.differencesJson)).toEqual(judged.differences);
    expect(await judgeAgain(store, {}, at)).toMatchObject({ changed: [] });
    expect((await opinionsOf(store.db, id)).at(-1)!.opinion).toBe('lawful');
    const path = workspace.path('b.zip');
    await writeBundle(store, home, { patch: id, path, askedBy: '王', at, pictureSide: 240 });
    const { ok, checks } = await verifyBundle(path);
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === 'opinions')?.said).toContain(`${after.length}/${after.length}`);
  });

  it('is a fact beside what is established on site', async () => {
    const { store, home } = workspace;
    const judged = await attachFinding(store, home, id, await paper('seen'), { ruralRoad: true });
    expect(judged).toMatchObject({ isNew: true });
    const facts = factsOf((await opinionsOf(store.db, id)).at(-1)!);
    expect(facts.established).toEqual({ ruralRoad: true });
    expect(facts.instruments.some(({ id: ref }) => ref.startsWith('late/'))).toBe(true);
    await expect(attachFinding(store, home, id, await paper('none'), {})).rejects.toThrow(/establishes something/);
  });
});
