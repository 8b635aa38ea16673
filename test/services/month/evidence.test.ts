import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectorVersion } from '../../../detectors/model.ts';
import { pixelCount } from '../../../detectors/runs.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { contentId, type Evidence, plainRuns, runsOfEvidence, significant } from '../../../services/month/evidence.ts';
import { runsAreaM2 } from '../../../services/zones/overlay/overlay.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { rectangleRuns } from '../../support/runs.ts';

describe('an id from content', () => {
  it('is the same for the same content, in any process and at any time', () => {
    expect(contentId('place', '2024-06', { a: 1, b: [2, 3] })).toBe('527e4ce2db1073874647e941');
  });

  it('is another for any other content', () => {
    const ids = [['a', 'b'], ['ab'], ['a', ['b']], ['b', 'a'], ['a', 'b', null]].map((content) =>
      contentId(...content),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('numbers are kept to six digits', () => {
  expect([1234567.8, 0.000123456789, 0, -2.5, 1e21].map(significant)).toEqual([1234570, 0.000123457, 0, -2.5, 1e21]);
});

it('runs survive being stored', () => {
  const runs = rectangleRuns(3, 5, 7, 2);
  expect(runsOfEvidence(JSON.parse(JSON.stringify(plainRuns(runs))))).toEqual(runs);
});

describe('the evidence of a detection', () => {
  let workspace: PlantedWorkspace;
  let scenes: { before: Scene; after: Scene };
  const built = [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }];
  const draw = async (into: PlantedWorkspace) => ({
    before: await into.scene('2024-05-20', { seed: 1 }),
    after: await into.scene('2024-06-20', { seed: 2, built, shiftPx: { dx: 1.5, dy: -1 }, gain: 1.2 }),
  });

  beforeAll(async () => {
    workspace = await PlantedWorkspace.create();
    scenes = await draw(workspace);
    await workspace.run('2024-06');
  });
  afterAll(() => workspace.remove());

  const detections = ({ store }: PlantedWorkspace) =>
    store.db.selectFrom('detections').selectAll().orderBy('areaM2', 'desc').execute();

  it('names the images by their hashes, the detector, the shift and the ties it was judged with', async () => {
    const [detection] = await detections(workspace);
    const evidence = JSON.parse(detection.evidenceJson) as Evidence;
    expect(evidence).toMatchObject({ detectorVersion, method: 'cva', bands: ['B', 'G', 'R', 'N'] });
    const [pair, ...none] = evidence.pairs;
    expect(none).toEqual([]);
    const named = ({ id, sha256, date, sensor }: Scene) => ({ id, sha256, date, sensor });
    expect(pair).toMatchObject({ before: named(scenes.before), after: named(scenes.after) });
    expect(Math.hypot(pair.shiftPx!.dx - 1.5, pair.shiftPx!.dy + 1)).toBeLessThan(0.15);
    expect(pair.threshold).toBeGreaterThan(0);
    for (const { gain } of pair.ties) expect(Math.abs(gain - 1 / 1.2)).toBeLessThan(0.03);
    const runs = runsOfEvidence(evidence.runs);
    expect(pair.pixels).toBe(pixelCount(runs));
    expect(runsAreaM2(runs, evidence.grid)).toBe(detection.areaM2);
    // Soil is brighter than what grew there, band by band.
    for (const [k, after] of evidence.meanAfter.entries())
      if (k < 3) expect(after).toBeGreaterThan(evidence.meanBefore[k]);
    expect([detection.beforeDate, detection.afterDate]).toEqual(['2024-05-20', '2024-06-20']);
  });

  it('and with it every id is the same in another workspace, at another time, on other threads', async () => {
    const other = await PlantedWorkspace.create();
    await draw(other);
    await other.run('2024-06', 2, new Date('2024-09-30T00:00:00Z'));
    expect(await detections(other)).toEqual(await detections(workspace));
    const ids = ({ store }: PlantedWorkspace) => store.db.selectFrom('patches').select(['id', 'placeId']).execute();
    expect(await ids(other)).toEqual(await ids(workspace));
    await other.remove();
  });
});
