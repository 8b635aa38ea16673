import { expect, it } from 'vitest';
import { transition } from '../../../services/lifecycle/transition.ts';
import { gaugeRows, monthsReported } from '../../../services/store/gauge-rows.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import type { Store } from '../../../services/store/open.ts';
import { insertOpinions } from '../../../services/store/opinions.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { insertZones, nextZoneId } from '../../../services/store/zones.ts';
import { plantPatch } from '../../support/patches.ts';
import { layerRow, zoneRow } from '../../support/rows.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const AT = new Date('2025-07-01T02:00:00Z');
const everything = { from: '2025-01', to: '2025-12', district: '', constructionTypes: ['bare', 'built'] };
const toReview = 'warn acknowledge verify judge submit approve approve approve';

/** A zone of a layer that is made with its first. */
async function zone(store: Store, layer: string, landClass: string | null, properties: object = {}): Promise<number> {
  const id = await nextZoneId(store.db);
  const known = await store.db.selectFrom('layers').select('id').where('id', '=', layer).executeTakeFirst();
  const { seq: _, ...version } = layerRow({ id: layer, name: layer, sha256: layer });
  if (!known) await insertLayer(store.db, version);
  await insertZones(store.db, [zoneRow({ id, layerId: layer, landClass, propertiesJson: JSON.stringify(properties) })]);
  return id;
}

function opinion(patchId: string, seq: number, opinion: string, kind: string | null) {
  const rules = { ruleSetId: 'national', ruleVersion: '1', ruleId: 'r1', factsJson: '{}', opinionJson: '{}' };
  return { id: `${patchId}-${seq}`, patchId, at: AT.toISOString(), opinion, kind, ...rules };
}

describeOnBothStores('Rows of the gauges', (openFresh) => {
  it('tell farmland by class, each survey by itself, and permanent basic farmland', async () => {
    const store = await openFresh();
    const [paddy, unclassed, woods] = [
      await zone(store, 'farmland', '0101'),
      await zone(store, 'farmland', null),
      await zone(store, 'farmland', '0301'),
    ];
    const dry = await zone(store, 'land-use', '0103');
    const basic = await zone(store, 'permanent-basic-farmland', null);
    const under = (layer: string, zoneId: number, areaM2: number) => ({ layer, zoneId, areaM2 });
    await plantPatch(store, {
      type: 'bare',
      areaM2: 1000,
      overlaps: [
        under('farmland', paddy, 300),
        under('farmland', unclassed, 200),
        under('farmland', woods, 400),
        under('land-use', dry, 450),
        under('permanent-basic-farmland', basic, 250),
      ],
    });
    await plantPatch(store, {
      type: 'water',
      areaM2: 700,
      overlaps: [under('land-use', dry, 600), under('farmland', woods, 100)],
    });
    expect(await gaugeRows(store.db, everything)).toMatchObject([
      { areaM2: 1000, farmlandM2: 500, basicFarmlandM2: 250, byNewConstruction: true, state: 'found', outcome: 'open' },
      { areaM2: 700, farmlandM2: 600, basicFarmlandM2: 0, byNewConstruction: false, opinion: null, opinionBy: null },
    ]);
  });

  it('take permanent basic farmland for the farmland where no survey was imported, and never more than the patch', async () => {
    const store = await openFresh();
    const basic = await zone(store, 'permanent-basic-farmland', null);
    await plantPatch(store, {
      areaM2: 400,
      overlaps: [{ layer: 'permanent-basic-farmland', zoneId: basic, areaM2: 400.001 }],
    });
    expect(await gaugeRows(store.db, everything)).toMatchObject([{ farmlandM2: 400, basicFarmlandM2: 400 }]);
  });

  it('keep to months and districts', async () => {
    const store = await openFresh();
    for (const month of ['2024-12', '2025-01', '2025-12', '2026-01']) await plantPatch(store, { month });
    await plantPatch(store, { district: '500101' });
    const numbers = (await gaugeRows(store.db, { ...everything, district: '4304' })).map(({ number }) => number);
    expect(numbers).toEqual(['4304212025010001', '4304212025120001']);
  });

  it('go by the newest opinion of the rules, and by a person’s judgement over it', async () => {
    const store = await openFresh();
    const [byRules, byPerson] = [await plantPatch(store), await plantPatch(store, { type: 'built' })];
    await insertOpinions(store.db, [opinion(byRules, 1, 'lawful', null), opinion(byPerson, 1, 'lawful', null)]);
    await insertOpinions(store.db, [opinion(byRules, 2, 'suspected-illegal', 'used-before-approval')]);
    await takeSteps(store, byPerson, toReview, { given: { judgement: 'non-grain' } });
    expect(await gaugeRows(store.db, everything)).toMatchObject([
      { patchId: byRules, opinion: 'suspected-illegal:used-before-approval', opinionBy: 'rules' },
      { patchId: byPerson, opinion: 'non-grain', opinionBy: 'person', byNewConstruction: false, state: 'reviewed' },
    ]);
  });

  it('know what was put back: as measured, all of it once images confirm it, nothing of it once it is reopened', async () => {
    const store = await openFresh();
    const paddy = await zone(store, 'farmland', '0101');
    const overlaps = [{ layer: 'farmland', zoneId: paddy, areaM2: 800 }];
    const [measured, confirmed, relapsed] = [
      await plantPatch(store, { overlaps }),
      await plantPatch(store, { overlaps }),
      await plantPatch(store, { overlaps }),
    ];
    const done = `${toReview} rectify-before-filing submit-closure resolve`;
    for (const id of [measured, confirmed, relapsed]) await takeSteps(store, id, done);
    const at = new Date('2025-08-01T00:00:00Z');
    const step = (id: string, action: string, more: object) =>
      transition(store, { subject: 'patch', id, action, actor: 'li', at, ...more });
    await step(measured, 'confirm-restored', { payload: { evidence: ['e'], restoredM2: 300 } });
    await step(confirmed, 'confirm-restored', { payload: { evidence: ['e'] } });
    await step(relapsed, 'confirm-restored', { payload: { evidence: ['e'], restoredM2: 800 } });
    await step(relapsed, 'reopen', { reason: 'relapse', payload: { evidence: ['e'] } });
    const rows = await gaugeRows(store.db, everything);
    expect(rows.map(({ state, restoredM2 }) => [state, restoredM2])).toEqual([
      ['restored', 300],
      ['restored', 800],
      ['reopened', 0],
    ]);
  });

  it('name who a person recorded, else the holder of the document that covers most', async () => {
    const store = await openFresh();
    const [small, large] = [
      await zone(store, 'approvals', null, { QLR: '乙公司' }),
      await zone(store, 'land-supply', null, { holder: '甲公司' }),
    ];
    const overlaps = [
      { layer: 'approvals', zoneId: small, areaM2: 100 },
      { layer: 'land-supply', zoneId: large, areaM2: 500 },
    ];
    const [held, recorded, unknown] = [
      await plantPatch(store, { overlaps }),
      await plantPatch(store, { overlaps }),
      await plantPatch(store),
    ];
    await takeSteps(store, recorded, 'warn acknowledge');
    const payload = { evidence: ['p'], occupier: ' 丙合作社 ' };
    await transition(store, { subject: 'patch', id: recorded, action: 'verify', actor: 'li', at: AT, payload });
    const actors = (await gaugeRows(store.db, everything)).map(({ patchId, actor }) => [patchId, actor]);
    expect(actors).toEqual([
      [held, '甲公司'],
      [recorded, '丙合作社'],
      [unknown, null],
    ]);
  });

  it('know the months that were reported on: those with a finished run', async () => {
    const store = await openFresh();
    expect(await monthsReported(store.db)).toBeNull();
    for (const month of ['2025-03', '2025-05', '2025-06']) await plantPatch(store, { month });
    for (const month of ['2025-03', '2025-05']) await finishRun(store.db, `run-${month}`, '{}', AT);
    expect(await monthsReported(store.db)).toEqual({ from: '2025-03', to: '2025-05' });
  });
});
