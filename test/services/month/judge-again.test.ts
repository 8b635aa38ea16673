import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeAgain } from '../../../services/month/judge-again.ts';
import { opinionsOf } from '../../../services/store/opinions.ts';
import { overlapsOfPatch } from '../../../services/store/patches.ts';
import { importLayer } from '../../../services/zones/import/import-layer.ts';
import { boxPolygon, gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const box = (x: number, y: number) => ({ x: 224_000 + x, y: 3_000_000 - y, width: 120, height: 120 });
const [approved, other] = [box(300, 300), box(1500, 1000)];
const now = new Date('2024-07-10T02:00:00Z');

let workspace: PlantedWorkspace;
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  const whole = gridBox(plantedGrid, 50);
  await take('districts', { properties: { XZQDM: '430421' }, box: whole });
  await take('farmland', { properties: { id: 'F', DLBM: '0101' }, box: whole });
  for (const layer of ['permanent-basic-farmland', 'built-up', 'balance-plans', 'red-line']) {
    await take(layer, { properties: { id: layer }, box: box(2300, 1900) });
  }
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', { seed: 2, built: [approved, other] });
  await workspace.run('2024-06');
});
afterAll(() => workspace.remove());

async function take(layer: string, zone: { properties: object; box: typeof approved }): Promise<void> {
  const path = workspace.path(`${layer}.geojson`);
  const feature = { type: 'Feature', properties: zone.properties, geometry: boxPolygon(zone.box) };
  await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
  await importLayer(workspace.store, { path, layer, validFrom: '2024-01-01', completeTo: '2024-12-31', now });
}

describe('judging open patches anew', () => {
  it('adds an opinion where a document that came late covers one, and leaves those before on file', async () => {
    const patches = await workspace.store.db.selectFrom('patches').select(['id', 'number']).orderBy('number').execute();
    expect(patches).toHaveLength(2);
    const first = await opinionsOf(workspace.store.db, patches[0].id);
    expect(first.map(({ opinion }) => opinion)).toEqual(['in-doubt']);

    const wide = { x: approved.x - 30, y: approved.y + 30, width: 180, height: 180 };
    await take('approvals', { properties: { id: 'A', number: '批1', date: '2024-03-01' }, box: wide });
    const again = await judgeAgain(workspace.store, { month: '2024-06' }, now);
    expect(again).toMatchObject({ patches: 2, renewed: 2 });

    const lawful = await opinionsOf(workspace.store.db, patches[0].id);
    expect(lawful).toHaveLength(2);
    expect(lawful[0]).toEqual(first[0]);
    expect(lawful[1].factsJson).toContain('approvals/A');
    const overlaps = await overlapsOfPatch(workspace.store.db, patches[0].id);
    expect(overlaps.map(({ layer }) => layer)).toContain('approvals');
    const untouched = await opinionsOf(workspace.store.db, patches[1].id);
    expect(untouched[1].factsJson).not.toContain('approvals/A');
    expect(again.changed.map(({ number }) => number)).toContain(patches[0].number);
  });

  it('adds nothing where nothing is known otherwise', async () => {
    expect(await judgeAgain(workspace.store, {}, now)).toEqual({ patches: 2, renewed: 0, changed: [] });
  });
});
