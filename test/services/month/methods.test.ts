import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeRun } from '../../../api/cli/run.ts';
import type { ChangeModel } from '../../../detectors/model.ts';
import type { BandRole } from '../../../imagery/scene.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { detectPair } from '../../../services/detection/detect-pair.ts';
import type { PairModel } from '../../../services/detection/scene-pair.ts';
import type { Evidence } from '../../../services/month/evidence.ts';
import { methodsTaken } from '../../../services/month/methods.ts';
import { planMonth } from '../../../services/month/plan.ts';
import { runMonth } from '../../../services/month/run.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { findRun } from '../../../services/store/runs.ts';
import { readWhole } from '../../support/found-changes.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { sharedData } from '../../support/shared-data.ts';
import { speckledPair } from '../../support/speckled-pair.ts';

const month = '2024-06';
const now = new Date('2024-07-01T00:00:00Z');
const grid = { ...plantedGrid, width: 192, height: 192 };
/** Changed: a square of 30 × 30 pixels. */
const changed = (column: number, row: number) => column >= 100 && column < 130 && row >= 60 && row < 90;

let workspace: PlantedWorkspace;
beforeEach(async () => {
  workspace = await PlantedWorkspace.create();
});
afterEach(() => workspace.remove());

async function add(before: string, after: string, said: { sensor: string; bands?: BandRole[] }): Promise<void> {
  await addSceneFile(workspace.store, before, { date: '2024-05-20', ...said }, now);
  await addSceneFile(workspace.store, after, { date: '2024-06-20', ...said }, now);
}

const run = (given: Partial<Parameters<typeof runMonth>[1]> = {}) =>
  runMonth(workspace.store, { month, workers: 1, now, ...given });
const planned = async (id: string) => JSON.parse((await findRun(workspace.store.db, id))!.planJson);
const evidence = async () =>
  (await workspace.store.db.selectFrom('detections').selectAll().orderBy('areaM2', 'desc').execute()).map(
    ({ evidenceJson }) => JSON.parse(evidenceJson) as Evidence,
  );

describe('a month of radar, when nobody asks for a method', () => {
  it.each<[string, BandRole[], string]>([
    ['called so', ['VV'], 'VV is radar: speckle multiplies, so ratios tell.'],
    ['told by its grain', ['P'], 'One band, not in reflectance, with the even grain of speckle on both dates'],
  ])('%s is compared as log-ratio, as detect does, and what changed is found', async (_, bands, why) => {
    const { window } = speckledPair({ seed: 5, side: 192, looks: [4, 4], step: 9, changed });
    const [before, after] = [workspace.path('before.tif'), workspace.path('after.tif')];
    await writeTiff(before, grid, [Uint8Array.from(window.before[0])]);
    await writeTiff(after, grid, [Uint8Array.from(window.after[0])]);
    await add(before, after, { sensor: 'own radar', bands });
    const summary = await run();
    expect(summary.methods).toEqual([{ method: 'log-ratio', why: expect.stringContaining(why), pairs: 1 }]);
    const { method, methods } = await planned(summary.runId);
    expect([method, methods]).toEqual(['auto', summary.methods]);
    expect(describeRun(summary)).toContain(`\nmethod log-ratio, 1 pair: ${why}`);
    const found = await evidence();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ method: 'log-ratio', pairs: [{ method: 'log-ratio' }] });
    const pixels = found[0].runs.end.reduce((sum, end, i) => sum + end - found[0].runs.start[i], 0);
    expect(pixels).toBeGreaterThan(0.8 * 900);
    expect(pixels).toBeLessThan(1.25 * 900);
    const alone = await detectPair(before, after, { method: 'auto', bands, workers: 1, needsPlace: false });
    expect(summary.methods?.[0].why).toBe(alone.model.why);
    expect(found[0].pairs[0].threshold).toBeCloseTo(alone.model.change!.threshold.value, 4);
  });
});

describe('a month of optical scenes', () => {
  const built = [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }];
  beforeEach(async () => {
    await workspace.scene('2024-05-20', { seed: 1 });
    await workspace.scene('2024-06-20', { seed: 2, built });
  });

  it('is compared by change vectors, and finds what it finds where they are asked for', async () => {
    const chosen = await run();
    expect(chosen.methods).toEqual([
      { method: 'cva', why: expect.stringMatching(/^4 optical bands: change vectors/), pairs: 1 },
    ]);
    const other = await workspace.fork();
    const asked = await runMonth(other.store, { month, workers: 1, now, method: 'cva' });
    expect(asked.methods).toEqual([{ method: 'cva', why: 'Asked for.', pairs: 1 }]);
    expect(asked.runId).not.toBe(chosen.runId);
    // The fork began with the run that chose: the same places are found again, and none is new.
    expect([asked.detections, asked.known, asked.issued]).toEqual([chosen.detections, chosen.issued, 0]);
    await other.remove();
  });

  it('is compared by the index that is asked for, or refused by name where its bands are missing', async () => {
    expect((await run({ method: 'index:ndvi' })).methods).toMatchObject([{ method: 'index:ndvi', pairs: 1 }]);
    await expect(planMonth(workspace.store, month, 'index:ndbi')).rejects.toThrow(
      /2024-06-20-2\.tif: index:ndbi wants band S1, got B,G,R,N\.$/,
    );
  });
});

const season = sharedData('landsat_pa_season');

describe.skipIf(season === null)('a month of another season than the look before it', () => {
  it('compares each kind of ground with what became of its like, as detect does', async () => {
    const [before, after] = [workspace.path('july.tif'), workspace.path('november.tif')];
    for (const [path, name] of Object.entries({ [before]: 'LE7_20020720.tif', [after]: 'LE7_20021125.tif' })) {
      const { bands, grid: pixels } = await readWhole(`${season}${name}`);
      await writeTiff(path, { ...plantedGrid, width: pixels.width, height: pixels.height }, bands as Uint8Array[]);
    }
    await add(before, after, { sensor: 'own' });
    const { methods } = await run();
    const alone = await detectPair(before, after, { method: 'auto', workers: 1, needsPlace: false });
    expect(methods).toEqual([{ method: 'chronochrome', why: alone.model.why, pairs: 1 }]);
  });
});

describe('what the pairs of a run were judged by', () => {
  const ties = [{ gain: 1, offset: 0, correlation: 1, heldOutError: 0, by: 'pseudo-invariant' as const }];
  const model = (method: ChangeModel['method'] | null, why?: string): PairModel => {
    const change = method === null ? null : ({ method } as ChangeModel);
    return { key: '', shift: null, ties, change, warnings: [], ...(why !== undefined && { why }) };
  };
  const models = [
    model('cva', 'a'),
    model('chronochrome', 'z'),
    model(null),
    model('cva', 'b'),
    model('cva', 'b'),
    { ...model(null), ties: null },
  ];

  it('is told most pairs first, with the commonest reason; pairs that could not be compared are none', () => {
    const taken = [
      { method: 'cva', why: 'b', pairs: 3 },
      { method: 'chronochrome', why: 'z', pairs: 1 },
      { method: 'crop-state', why: expect.stringMatching(/^Enough farmland parcels/), pairs: 1 },
    ];
    expect(methodsTaken(models)).toEqual(taken);
    expect(methodsTaken(models.toReversed())).toEqual(taken);
    expect(methodsTaken([])).toEqual([]);
  });
});
