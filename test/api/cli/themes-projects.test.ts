import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importLayer } from '../../../services/zones/import/import-layer.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { boxOfPart, type Part } from '../../support/planted-months.ts';
import { boxPolygon, gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

/** Parcels of 300 m × 200 m. */
const parcels: Record<string, Part> = {
  bare: [20, 20, 30, 20],
  built: [80, 20, 30, 20],
  hidden: [20, 120, 30, 20],
  ended: [140, 120, 30, 20],
};
/** The parcel with room round it: what is not seen is larger than the parcel. */
const roundly = ([column, row, width, height]: Part) => boxOfPart([column - 3, row - 3, width + 6, height + 6]);

let workspace: PlantedWorkspace;
const projects = (...args: string[]) => ['themes', 'projects', '--home', workspace.home, ...args];

beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  await workspace.layer('districts', { '430407': gridBox(plantedGrid, 100) });
  const features = Object.entries(parcels).map(([id, part]) => {
    const papers = { HTQDRQ: '20240210', YDDGRQ: '2024-02-10', SFJD: '是', SFZFYY: '否', BDCDYH: '430407001001GB1' };
    return { type: 'Feature', properties: { id, ...papers }, geometry: boxPolygon(boxOfPart(part)) };
  });
  const path = workspace.path('idle.geojson');
  await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features }));
  const now = new Date('2024-01-01T00:00:00Z');
  await importLayer(workspace.store, { path, layer: 'idle-land', validFrom: '2024-01-01', now });
  const built = [boxOfPart(parcels['built'])];
  await workspace.scene('2024-02-10', { seed: 1 });
  await workspace.scene('2024-06-10', { seed: 2, built, unobserved: [roundly(parcels['hidden'])] });
  await workspace.scene('2025-03-10', { seed: 3, built, unobserved: [roundly(parcels['ended'])] });
  await workspace.run('2024-06');
  await workspace.run('2025-03');
}, 60_000);
afterAll(() => workspace.remove());

describe('tuban themes projects', () => {
  it('tells idle land from images of three days, and what a later comparison saw over a hidden one', async () => {
    const report = await tubanJson(...projects('--day', '2025-03-31', '--layer', 'idle-land'));
    const state = Object.fromEntries(
      report.projects.map((project: { externalId: string; state: string }) => [project.externalId, project.state]),
    );
    expect(state).toEqual({
      bare: 'idle-not-started',
      built: 'started',
      hidden: 'idle-not-started',
      ended: 'unobserved',
    });
    const ended = report.projects.find(({ externalId }: { externalId: string }) => externalId === 'ended');
    expect(ended).toMatchObject({ asOf: '2025-03-10', gaps: [{ from: '2024-06-10', to: '2025-03-10' }] });
    expect(report).toMatchObject({ missing: [], signals: { sources: ['two-date-1'] } });
    expect(report.totals).toMatchObject([
      { side: 'market-clear', state: 'idle-not-started', zones: 2 },
      { side: 'market-clear', state: 'unobserved', zones: 1 },
      { side: 'market-clear', state: 'started', zones: 1 },
    ]);
    expect(report.totals[0].areaM2).toBeCloseTo(120_000, -3);
  });

  it('prints classes, areas, keys and gaps, Chinese first, what is not imported and what made the signal', async () => {
    const { stdout, exitCode } = await tuban(projects('--day', '2025-03-31'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /bare .*企业原因（净地） market-side, clear land +闲置：未动工 idle, not started +2025-02-10 +2025-03-10 +\d{5} +\d\d\.\d\d/,
    );
    expect(stdout).toContain('430407001001GB1（格式不符 malformed）');
    expect(stdout).toContain('不得认定未动工：2024-06-10～2025-03-10（2 期中观测 1 期）');
    expect(stdout).toContain('未导入图层 生态修复项目 Restoration projects');
    expect(stdout).toMatch(/4 宗 zones，2025-03-31；信号 signal：two-date-1。.*时序检测器尚未提供/);
  });

  it('refuses a layer or day it does not know in one line', async () => {
    for (const wrong of [
      ['--layer', 'farmland'],
      ['--day', '2025-02-30'],
    ]) {
      const { exitCode, stderr } = await tuban(projects(...wrong));
      expect(exitCode).not.toBe(0);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(wrong[1]);
    }
  });
});
