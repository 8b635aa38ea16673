import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import { ruleSetFor } from '../../../services/legality/known-rule-sets.ts';
import { expiredGround } from '../../../services/month/expired-ground.ts';
import type { MonthPlan } from '../../../services/month/plan.ts';
import { insertPlaces } from '../../../services/store/detections.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { importLayer } from '../../../services/zones/import/import-layer.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';
import { geodesicAreaM2 } from '../../support/geodesic.ts';

const folder = mkdtempSync(join(tmpdir(), 'tuban-expiry-'));
afterAll(() => rmSync(folder, { recursive: true }));

const grid: Grid = {
  crs: 'EPSG:4326',
  originX: 112.4,
  originY: 27,
  pixelWidth: 1e-4,
  pixelHeight: -1e-4,
  width: 4000,
  height: 4000,
};
const plan = (month: string) => ({ id: 'run', month, grid, afters: [], befores: [], layers: [] }) as never as MonthPlan;

let store: Store;
beforeEach(async () => {
  store = await openStore({ sqlite: ':memory:' });
  await take('districts', [land({ code: '430421', name: '衡阳县' }, 112.4, 26.8, 0.3)]);
  // An approval elsewhere: the layer is there, and vouches for what it does not hold.
  await take('approvals', [land({ id: 'A0', number: '批0', date: '2024-01-01' }, 112.6)]);
  await take('farmland', [land({ id: 'F', DLBM: '0101' }, 112.45, 26.85, 0.2)]);
});

let files = 0;
async function take(layer: string, features: object[]): Promise<void> {
  const path = join(folder, `${files++}.geojson`);
  writeFileSync(path, JSON.stringify(collection(...features)));
  const now = new Date('2026-01-05T01:00:00Z');
  await importLayer(store, { path, layer, validFrom: '2024-01-01', completeTo: '2026-12-31', now });
}

function land(properties: object, lon = 112.5, lat = 26.9, degrees = 0.002) {
  return feature({ type: 'Polygon', coordinates: [parcelRing(lon, lat, degrees)] }, properties);
}

const temporary = (id: string, expiry: string, lon = 112.5) =>
  land({ id, number: `临〔2024〕${id}`, date: '2024-03-01', expiry, holder: '某公司' }, lon);

describe('land whose document ran out', () => {
  it('becomes a lead in the month it ends, with nothing seen to change', async () => {
    await take('temporary-land', [temporary('T1', '2025-06-15')]);
    expect(await expiredGround(store, plan('2025-05'))).toEqual([]);
    const [{ detection, issue }, ...none] = await expiredGround(store, plan('2025-06'));
    expect(none).toEqual([]);
    expect(detection).toMatchObject({ type: 'no-change', screening: 'expired', beforeDate: '2025-06-15' });
    expect(issue.areaM2 / geodesicAreaM2(parcelRing())).toBeCloseTo(1, 6);
    expect(issue.district).toBe('430421');
    const opinion = formOpinion(issue.facts, await ruleSetFor(store, '2025-06-30', '430421'));
    expect(opinion).toMatchObject({ opinion: 'suspected-illegal', kind: 'temporary-overdue' });
    expect(opinion.figures.farmland.areaM2).toBeCloseTo(issue.areaM2, 1);
  });

  it('is found once, and shown with where it lies on the grid of the month', async () => {
    await take('temporary-land', [temporary('T1', '2025-06-15')]);
    const [{ detection, issue }] = await expiredGround(store, plan('2025-07'));
    const evidence = JSON.parse(detection.evidenceJson);
    const pixels = evidence.runs.end.reduce(
      (sum: number, end: number, i: number) => sum + end - evidence.runs.start[i],
      0,
    );
    expect(pixels).toBe(400);
    await insertPlaces(store.db, [{ id: issue.placeId, district: '430421', firstMonth: '2025-07' }]);
    expect(await expiredGround(store, plan('2025-08'))).toEqual([]);
  });

  it('is none where a newer document renews nine tenths of it', async () => {
    await take('temporary-land', [temporary('T1', '2025-06-15')]);
    await take('approvals', [land({ id: 'A1', number: '批1', date: '2025-06-01' })]);
    expect(await expiredGround(store, plan('2025-07'))).toEqual([]);
  });

  it('is one where the newer document covers half of it, or is dated later than the month', async () => {
    await take('temporary-land', [temporary('T1', '2025-06-15')]);
    await take('approvals', [land({ id: 'A1', number: '批1', date: '2025-06-01' }, 112.501)]);
    expect(await expiredGround(store, plan('2025-07'))).toHaveLength(1);
    await take('land-supply', [land({ id: 'A2', number: '供1', date: '2025-09-01' })]);
    expect(await expiredGround(store, plan('2025-07'))).toHaveLength(1);
  });

  it('of a document without an end on file is in doubt once the longest term has passed', async () => {
    await take('temporary-land', [land({ id: 'T2', number: '临2', date: '2024-03-01' })]);
    expect(await expiredGround(store, plan('2026-02'))).toEqual([]);
    const [{ issue }] = await expiredGround(store, plan('2026-03'));
    const opinion = formOpinion(issue.facts, await ruleSetFor(store, '2026-03-31', '430421'));
    expect(opinion).toMatchObject({ opinion: 'in-doubt', kind: 'expiry-unclear' });
  });
});
