import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { awaitChanges, readChanges } from '../../../services/queue/changes.ts';
import { appendEvent } from '../../../services/store/events.ts';
import { openStore } from '../../../services/store/open.ts';
import { seededRandom } from '../../support/random.ts';
import { eventRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const hidden = async () => [];
const everywhere = { limit: 100, district: '', hidden };

describeOnBothStores('The change feed', (openFresh, place) => {
  it('misses and repeats nothing while four writers append, some of whom think again', async () => {
    const location = await place.freshLocation();
    const stores = [await openStore(location)];
    for (let i = 0; i < 4; i++) stores.push(await openStore(location));
    const [reader, ...writers] = stores;
    let writing = true;
    const kept: string[] = [];
    const write = async (store: (typeof stores)[number], writer: number) => {
      const random = seededRandom(writer + 1);
      for (let i = 0; i < 25; i++) {
        const id = `w${writer}-${i}`;
        const takenBack = random() < 0.2;
        const work = store.db.transaction().execute(async (trx) => {
          await appendEvent(trx, eventRow({ id, subjectId: id, district: i % 2 === 0 ? '430421' : '430422' }));
          await sleep(random() * 4);
          if (takenBack) throw new Error('thought again');
        });
        if (takenBack) await expect(work).rejects.toThrow('thought again');
        else await work.then(() => kept.push(id));
      }
    };
    const follow = async (district: string) => {
      const told: string[] = [];
      let since = '0';
      for (let last = false; ; ) {
        const page = await readChanges(reader, { since, limit: 3, district, hidden });
        expect(Number(page.next)).toBeGreaterThanOrEqual(Number(since));
        told.push(...page.changes.map(({ id }) => id));
        since = page.next;
        if (last && !page.more) return told;
        last = !writing && !page.more;
        await sleep(1);
      }
    };
    const reading = Promise.all([follow(''), follow('430422')]);
    await Promise.all(writers.map(write));
    writing = false;
    const [all, part] = await reading;
    expect(all.length).toBeGreaterThan(50);
    expect(all.toSorted()).toEqual(kept.toSorted());
    expect(part.toSorted()).toEqual(kept.filter((id) => Number(id.split('-')[1]) % 2 === 1).toSorted());
    await Promise.all(stores.map((store) => store.close()));
  });

  it('counts versions by subject, and goes on past what a key may not see', async () => {
    const store = await openFresh();
    for (const [i, district] of ['430421', '430422', '430421', '430422'].entries()) {
      await appendEvent(store.db, eventRow({ id: `e${i}`, subjectId: `t${district}`, district }));
    }
    const page = await readChanges(store, { since: '0', limit: 10, district: '430421', hidden });
    expect(page.changes.map(({ id, version }) => [id, version])).toEqual([
      ['e0', 1],
      ['e2', 2],
    ]);
    expect(page).toMatchObject({ next: '4', more: false });
  });

  it('lets who waits go as soon as something happens, and in time where nothing does', async () => {
    const store = await openFresh();
    const waiting = awaitChanges(store, { since: '0', ...everywhere }, { waitMs: 20_000 });
    await sleep(50);
    await appendEvent(store.db, eventRow());
    expect((await waiting).changes).toHaveLength(1);
    expect(await awaitChanges(store, { since: '1', ...everywhere }, { waitMs: 20 })).toMatchObject({
      changes: [],
      next: '1',
    });
    const signal = AbortSignal.abort();
    expect(await awaitChanges(store, { since: '1', ...everywhere }, { waitMs: 20_000, signal })).toMatchObject({
      next: '1',
    });
  });

  it('refuses a cursor that the log has not reached', async () => {
    const store = await openFresh();
    await expect(readChanges(store, { since: '7', ...everywhere })).rejects.toThrow(/from 0 to 0; got the cursor 7/);
  });
});
