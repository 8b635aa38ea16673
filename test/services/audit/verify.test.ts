import { expect, it } from 'vitest';
import { setAnchor } from '../../../services/audit/set-anchor.ts';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { appendEvent, eventsSince } from '../../../services/store/events.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { eventRow } from '../../support/rows.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { liftTriggers, logOf, remove } from '../../support/tampering.ts';

const AT = new Date('2025-07-02T01:00:00Z');

describeOnBothStores('Verification', (openFresh, place) => {
  const moved = async (): Promise<[Store, string]> => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn acknowledge verify');
    return [store, id];
  };

  it('of an empty record finds it whole, and its anchor holds when events have come', async () => {
    const store = await openFresh();
    expect(await verifyAudit(store)).toMatchObject({ ok: true, events: 0, head: { seq: 0, count: 0 } });
    await setAnchor(store, AT);
    await plantPatch(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, events: 1, anchors: { checked: 1 } });
  });

  it('names the first event that is not what was written', async () => {
    const [store] = await moved();
    await liftTriggers(store);
    const log = await logOf(store);
    await store.db.updateTable('events').set({ reason: 'typo' }).where('seq', '=', log[2].seq).execute();
    const { chain, firstBroken } = await verifyAudit(store);
    expect(firstBroken).toBe(log[2].seq);
    expect(chain).toMatchObject({ count: 1, first: [{ kind: 'edited', eventId: log[2].id }] });
    await remove(store, [log[0].seq]);
    expect(await verifyAudit(store)).toMatchObject({
      firstBroken: log[1].seq,
      chain: { count: 2, first: [{ kind: 'unlinked', eventId: log[1].id }, { kind: 'edited' }] },
    });
  });

  it('from an event on takes what is before as it stands', async () => {
    const [store] = await moved();
    await liftTriggers(store);
    const log = await logOf(store);
    await store.db.updateTable('events').set({ actor: 'nobody' }).where('seq', '=', log[1].seq).execute();
    expect(await verifyAudit(store, { from: log[1].seq })).toMatchObject({ ok: false, events: 3 });
    expect(await verifyAudit(store, { from: log[2].seq })).toMatchObject({ ok: true, events: 2, projections: null });
  });

  it('knows an end that was cut off by an anchor kept elsewhere, though the one in the store is gone too', async () => {
    const [store] = await moved();
    const kept = await setAnchor(store, AT);
    await liftTriggers(store);
    const log = await logOf(store);
    await store.db.deleteFrom('audit_anchors').execute();
    await remove(store, [log[3].seq]);
    await store.db.updateTable('patches').set({ state: 'acknowledged' }).execute();
    for (const anchor of [kept, { hash: kept.hash, seq: null, count: null, at: null }]) {
      const { anchors } = await verifyAudit(store, { anchors: [anchor] });
      expect(anchors.faults).toHaveLength(1);
    }
    expect((await verifyAudit(store)).anchors).toEqual({ checked: 0, faults: [] });
  });

  it('says of a patch what it is and what it is by its events', async () => {
    const [store, id] = await moved();
    await store.db.updateTable('patches').set({ state: 'closed', dueAt: null }).where('id', '=', id).execute();
    const { projections } = await verifyAudit(store);
    expect(projections!.faults.first).toEqual([
      {
        subject: 'patch',
        id,
        problem: expect.stringMatching(/^state is 'closed', by its events 'verified'; dueAt is nothing/),
      },
    ]);
  });

  it('finds nothing wrong while others work on', async () => {
    const store = await openFresh();
    const ids = [await plantPatch(store), await plantPatch(store), await plantPatch(store)];
    const work = Promise.all(
      ids.map((id) => takeSteps(store, id, 'warn acknowledge verify judge submit approve approve')),
    );
    const reports = [];
    for (let i = 0; i < 8; i++) reports.push(await verifyAudit(store));
    await work;
    expect(reports.filter(({ ok }) => !ok)).toEqual([]);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, events: 24 });
  });

  it('holds for events that many connections append at once', async () => {
    const location = await place.freshLocation();
    const stores = await Promise.all([openStore(location), openStore(location), openStore(location)]);
    const one = (store: Store, i: number, k: number) => appendEvent(store.db, eventRow({ id: `e${i}-${k}` }));
    const all = stores.map(async (store, i) => {
      for (let k = 0; k < 8; k++) await one(store, i, k);
    });
    await Promise.all(all);
    expect(await eventsSince(stores[0].db, 0, 100)).toHaveLength(24);
    expect((await verifyAudit(stores[0])).chain).toEqual({ count: 0, first: [] });
    for (const store of stores) await store.close();
  });

  it('takes text for what the database makes of it', async () => {
    const store = await openFresh();
    await appendEvent(store.db, eventRow({ actor: '王\ud800', reason: '"][",\u2028', payloadJson: '{"note":"📷"}' }));
    expect((await verifyAudit(store)).chain).toEqual({ count: 0, first: [] });
  });
});
