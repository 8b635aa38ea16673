import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isGone, thisProcess } from '../../../services/store/lock-owner.ts';
import { releaseLock, takeLock, withLock } from '../../../services/store/locks.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const AT = new Date('2024-06-01T00:00:00Z');
const [HOST, PID, START] = thisProcess().split(':');

describeOnBothStores('A lock', (openFresh) => {
  it('is refused to a second owner, and to the same one again, naming the holder', async () => {
    const { db } = await openFresh();
    await takeLock(db, 'run', thisProcess(), AT);
    const message = `The lock 'run' is held by process ${PID} on ${HOST} since 2024-06-01T00:00:00.000Z.`;
    await expect(takeLock(db, 'run', 'elsewhere:1:2', AT)).rejects.toMatchObject({ code: 'busy', message });
    await expect(takeLock(db, 'run', thisProcess(), AT)).rejects.toMatchObject({ code: 'busy' });
    await takeLock(db, 'import', 'elsewhere:1:2', AT);
  });

  it('can be taken again once it was released by its holder, by nobody else', async () => {
    const { db } = await openFresh();
    await takeLock(db, 'run', thisProcess(), AT);
    await releaseLock(db, 'run', 'elsewhere:1:2');
    await expect(takeLock(db, 'run', 'elsewhere:1:2', AT)).rejects.toMatchObject({ code: 'busy' });
    await releaseLock(db, 'run', thisProcess());
    await takeLock(db, 'run', 'elsewhere:1:2', AT);
  });

  it('of a process that is gone is taken over; of one on another host it is not', async () => {
    const { db } = await openFresh();
    await takeLock(db, 'run', `${HOST}:${PID}:an-earlier-start`, AT);
    await takeLock(db, 'run', thisProcess(), AT);
    expect(await db.selectFrom('locks').select('owner').execute()).toEqual([{ owner: thisProcess() }]);
    await takeLock(db, 'import', 'elsewhere:1:an-earlier-start', AT);
    await expect(takeLock(db, 'import', thisProcess(), AT)).rejects.toMatchObject({ code: 'busy' });
  });

  it('is given to one of many that want it at once', async () => {
    const { db } = await openFresh();
    await takeLock(db, 'run', `${HOST}:${PID}:an-earlier-start`, AT);
    const attempts = Array.from({ length: 8 }, () => takeLock(db, 'run', thisProcess(), AT));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('is released after the work, also when the work fails', async () => {
    const { db } = await openFresh();
    expect(await withLock(db, 'run', AT, async () => 42)).toBe(42);
    const failing = withLock(db, 'run', AT, () => Promise.reject(new Error('no imagery')));
    await expect(failing).rejects.toThrow('no imagery');
    expect(await db.selectFrom('locks').selectAll().execute()).toEqual([]);
  });
});

describe('The owner of a lock', () => {
  it('is this process while it lives, and another one with the same pid is not it', () => {
    expect(isGone(thisProcess())).toBe(false);
    expect(isGone(`${HOST}:${PID}:${START}0`)).toBe(true);
    expect(isGone(`elsewhere:${PID}:${START}`)).toBe(false);
  });

  it('is gone when its process has ended, even where the start is not known', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isGone(`${hostname()}:${child.pid}:unknown`)).toBe(true);
    expect(isGone(`${hostname()}:${PID}:unknown`)).toBe(false);
  });
});
