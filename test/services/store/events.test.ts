import { expect, it } from 'vitest';
import { insertDetections, insertPlaces } from '../../../services/store/detections.ts';
import { appendEvent, eventsOf, eventsSince } from '../../../services/store/events.ts';
import { beginRun } from '../../../services/store/runs.ts';
import { detectionRow, eventRow, placeRow, runRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('The event log', (openFresh, place) => {
  it('keeps what happened to one subject in order', async () => {
    const { db } = await openFresh();
    await appendEvent(db, eventRow({ id: 'e1', action: 'found' }));
    await appendEvent(db, eventRow({ id: 'e2', subjectId: 't2' }));
    await appendEvent(db, eventRow({ id: 'e3', action: 'warn' }));
    await appendEvent(db, eventRow({ id: 'e4', subject: 'case' }));
    expect((await eventsOf(db, 'patch', 't1')).map(({ id, action }) => [id, action])).toEqual([
      ['e1', 'found'],
      ['e3', 'warn'],
    ]);
  });

  it('feeds readers from where they are, by district if they may see only a part', async () => {
    const { db } = await openFresh();
    const seqs: number[] = [];
    for (const [i, district] of ['500101', '500102', '510101', '500101'].entries()) {
      seqs.push(await appendEvent(db, eventRow({ id: `e${i}`, district })));
    }
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    const ids = async (...args: [number, number, string?]) => (await eventsSince(db, ...args)).map(({ id }) => id);
    expect(await ids(0, 3)).toEqual(['e0', 'e1', 'e2']);
    expect(await ids(seqs[1], 10)).toEqual(['e2', 'e3']);
    expect(await ids(0, 10, '5001')).toEqual(['e0', 'e1', 'e3']);
  });

  it('refuses the same event twice', async () => {
    const { db } = await openFresh();
    await appendEvent(db, eventRow());
    await expect(appendEvent(db, eventRow())).rejects.toThrow(/unique/i);
  });

  it('refuses to change or delete what was written, as do detections', async () => {
    const { db } = await openFresh();
    await appendEvent(db, eventRow());
    await beginRun(db, runRow());
    await insertPlaces(db, [placeRow()]);
    await insertDetections(db, [detectionRow()]);
    const changes = [
      db.updateTable('events').set({ actor: 'nobody' }),
      db.deleteFrom('events'),
      db.updateTable('detections').set({ score: 0 }),
      db.deleteFrom('detections'),
      db
        .insertInto('events')
        .values({ ...eventRow(), id: 'e1' })
        .onConflict((c) => c.column('id').doUpdateSet({ actor: '' })),
    ];
    for (const change of changes) await expect(change.execute()).rejects.toThrow('is append-only');
    if (place.dialect === 'sqlite') {
      const replace = db.replaceInto('events').values({ ...eventRow(), actor: 'nobody' });
      await expect(replace.execute()).rejects.toThrow('is append-only');
    }
    expect(await eventsOf(db, 'patch', 't1')).toMatchObject([{ actor: 'tuban' }]);
    expect(await db.selectFrom('detections').select('score').execute()).toEqual([{ score: 1.5 }]);
  });

  it('never shows an event before one that another transaction is still writing', async () => {
    const { db } = await openFresh();
    const [written, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = db.transaction().execute(async (trx) => {
      await appendEvent(trx, eventRow({ id: 'first' }));
      written.resolve();
      await release.promise;
    });
    await written.promise;
    const fast = db.transaction().execute((trx) => appendEvent(trx, eventRow({ id: 'second' })));
    const winner = await Promise.race([fast, new Promise((resolve) => setTimeout(resolve, 100, 'still waiting'))]);
    expect(winner).toBe('still waiting');
    release.resolve();
    await Promise.all([slow, fast]);
    expect((await eventsSince(db, 0, 10)).map(({ id }) => id)).toEqual(['first', 'second']);
  });
});
