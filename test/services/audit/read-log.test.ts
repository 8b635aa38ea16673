import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Read, ReadLog } from '../../../services/audit/read-log.ts';
import type { Store } from '../../../services/store/open.ts';
import { listReads } from '../../../services/store/reads.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const read = (i: number, given: Partial<Read> = {}): Read => ({
  at: new Date(Date.UTC(2025, 6, 2, 0, 0, i)).toISOString(),
  ...{ actor: 'li', what: 'patch', patch: `p${i}`, filter: `/patches/p${i}`, rows: 1 },
  ...given,
});
const unheard = { onTrouble: () => {} };

describeOnBothStores('The read log', (openFresh) => {
  const count = async ({ db }: Store) => (await listReads(db, {}, 10_000)).length;

  it('is written in the background, and at once where many wait', async () => {
    const store = await openFresh();
    const log = new ReadLog(store, { ...unheard, everyMs: 60_000, most: 50 });
    for (let i = 0; i < 49; i++) log.record(read(i));
    await sleep(50);
    expect(await count(store)).toBe(0);
    log.record(read(49));
    await expect.poll(() => count(store)).toBe(50);
    const soon = new ReadLog(store, { ...unheard, everyMs: 10 });
    soon.record(read(50));
    await expect.poll(() => count(store)).toBe(51);
    await Promise.all([log.close(), soon.close()]);
  });

  it('loses nothing when it is closed, however much was recorded while it wrote', async () => {
    const store = await openFresh();
    const log = new ReadLog(store, { ...unheard, everyMs: 5, most: 100 });
    for (let i = 0; i < 3000; i++) {
      log.record(read(i));
      if (i % 250 === 0) await sleep(3);
    }
    await log.close();
    const rows = await listReads(store.db, {}, 10_000);
    expect(rows.map(({ patch }) => patch)).toEqual(Array.from({ length: 3000 }, (_, i) => `p${2999 - i}`));
    expect(() => log.record(read(0))).toThrow('The read log is closed');
  });

  it('keeps what could not be written, says so, and writes it when that is possible', async () => {
    const store = await openFresh();
    let broken = true;
    const db = { transaction: () => (broken ? refused : store.db.transaction()) };
    const refused = { execute: () => Promise.reject(new Error('disk full')) };
    const heard: unknown[] = [];
    const onTrouble = (error: unknown, waiting: number) => heard.push([(error as Error).message, waiting]);
    const log = new ReadLog({ ...store, db } as never, { everyMs: 5, onTrouble });
    log.record(read(1));
    await expect.poll(() => heard[0]).toEqual(['disk full', 1]);
    await expect(log.flush()).rejects.toThrow('disk full');
    broken = false;
    await expect.poll(() => count(store)).toBe(1);
    await log.close();
  });

  it('is asked by person, patch and time, and cannot be changed', async () => {
    const store = await openFresh();
    const log = new ReadLog(store, unheard);
    for (let i = 0; i < 4; i++) log.record(read(i, { actor: i % 2 ? 'li' : 'wang' }));
    await log.close();
    const asked = async (filter: Parameters<typeof listReads>[1]) =>
      (await listReads(store.db, filter, 100)).map(({ patch }) => patch);
    expect(await asked({ actor: 'li' })).toEqual(['p3', 'p1']);
    expect(await asked({ patch: ['p2', 'number'] })).toEqual(['p2']);
    expect(await asked({ from: read(1).at, to: read(2).at })).toEqual(['p2', 'p1']);
    await expect(store.db.deleteFrom('reads').execute()).rejects.toThrow('is append-only');
  });
});
