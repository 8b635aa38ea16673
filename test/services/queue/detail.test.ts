import { expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('patchDetail', (openFresh) => {
  it('finds a patch by id and by number', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const detail = await patchDetail(store, id);
    expect(detail.patch).toMatchObject({ id, number: '4304212025060001' });
    expect(await patchDetail(store, '4304212025060001')).toEqual(detail);
  });

  it('does not tell of a patch that is not there, or not for the asker', async () => {
    const store = await openFresh();
    const id = await plantPatch(store, { district: '430421' });
    const message = `There is no patch ${id}.`;
    await expect(patchDetail(store, id, '430481')).rejects.toMatchObject({ code: 'not-found', message });
    await expect(patchDetail(store, 'nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(patchDetail(store, id, '4304')).resolves.toMatchObject({ patch: { id } });
  });

  it('gives areas in m² and 亩, with the zones under it, largest first in each layer', async () => {
    const store = await openFresh();
    const [small, large] = [
      await plantZone(store, 'farmland', 'f1', 'Dry field'),
      await plantZone(store, 'farmland', 'f2', 'Paddy'),
    ];
    const overlaps = [
      { zoneId: small, layer: 'farmland', areaM2: 100 },
      { zoneId: large, layer: 'farmland', areaM2: 500 },
      { zoneId: await plantZone(store, 'approvals', 'a1', '批文 12'), layer: 'approvals', areaM2: 800.0001 },
    ];
    const detail = await patchDetail(store, await plantPatch(store, { areaM2: 800, overlaps }));
    expect(detail.areaMu).toBeCloseTo(1.2, 10);
    expect(detail.overlaps).toMatchObject([
      { layer: 'approvals', name: '批文 12', shareOfPatch: 1 },
      {
        layer: 'farmland',
        externalId: 'f2',
        name: 'Paddy',
        areaM2: 500,
        areaMu: 0.75,
        shareOfPatch: 0.625,
        properties: { DLBM: '0101' },
      },
      { layer: 'farmland', name: 'Dry field', areaM2: 100 },
    ]);
  });

  it('reads the evidence and the outline of what the detector saw', async () => {
    const store = await openFresh();
    const { detection } = await patchDetail(store, await plantPatch(store));
    expect(detection).toMatchObject({
      afterDate: '2025-06-18',
      evidence: { scenes: ['before', 'after'], detector: 'planted' },
      geometry: { type: 'Polygon' },
    });
  });

  it('tells the history in order and the steps possible now, those that hang on the judgement too', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const road = 'warn acknowledge verify judge submit approve approve approve';
    await takeSteps(store, id, road, { given: { judgement: 'facility' } });
    const detail = await patchDetail(store, id);
    expect(detail.history.map(({ action }) => action)).toEqual(['find', ...road.split(' ')]);
    expect(detail.history[1]).toMatchObject({
      fromState: 'found',
      toState: 'warned',
      payload: { note: 'seen on site' },
    });
    expect(detail.history[1].payload.due?.dueAt).toBe('2025-07-07T15:59:59.999Z');
    expect(detail.judgement).toBe('facility');
    const actions = detail.allowedActions.map(({ action }) => action);
    expect(actions).toEqual([
      ...['rejudge', 'close', 'evidence-changed', 'project-changed', 'field-report', 'assign', 'name-occupier'],
      ...['request-extension', 'extend', 'pause', 'note', 'supervise', 'interview'],
    ]);
    expect(detail.allowedActions[1]).toMatchObject({
      label: { zh: '审核结束' },
      to: 'closed',
      needs: [],
      reasons: null,
    });
  });

  it('tells of the cases that cover it and of the same place in other months', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const at = new Date('2025-07-02T01:00:00Z');
    const opened = await openCase(store, { title: 'Quarry', district: '430421', patchIds: [id], actor: 'li', at });
    const later = await plantPatch(store, { month: '2025-07', placeId: 'place-4304212025060001' });
    const detail = await patchDetail(store, id);
    expect(detail.cases).toMatchObject([{ id: opened.id, title: 'Quarry', state: 'clue' }]);
    expect(detail.samePlace).toEqual([{ id: later, number: '4304212025070001', month: '2025-07', state: 'found' }]);
  });

  it('says since when a clock stands still', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn pause');
    const { patch, stopped } = await patchDetail(store, id);
    expect(patch.dueAt).toBeNull();
    expect(stopped).toEqual({ at: '2025-07-02T02:00:00.000Z', heldDueAt: '2025-07-07T15:59:59.999Z' });
  });
});
