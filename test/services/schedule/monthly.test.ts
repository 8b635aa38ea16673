import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { isCronLine, monthlyTick, scheduleMonthlyRuns } from '../../../services/schedule/monthly.ts';
import { thisProcess } from '../../../services/store/lock-owner.ts';
import { takeLock, withLock } from '../../../services/store/locks.ts';
import { openStore } from '../../../services/store/open.ts';

/** Runs that end when the test says so. */
function heldRuns() {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const run = (month: string) =>
    new Promise<void>((resolve) => {
      started.push(month);
      ends.push(resolve);
    });
  return { started, run, endOne: () => ends.shift()?.() };
}

const at = (time: string) => () => new Date(time);

describe('a tick', () => {
  it.each([
    ['2024-09-01T02:00:00+08:00', '2024-08'],
    ['2024-09-01T00:00:00+08:00', '2024-08'],
    // Still August in Shanghai, and in Greenwich already; then the other way round.
    ['2024-08-31T23:59:59+08:00', '2024-07'],
    ['2024-08-31T16:00:00Z', '2024-08'],
    ['2024-08-31T15:59:59Z', '2024-07'],
    ['2025-01-01T02:00:00+08:00', '2024-12'],
    ['2024-03-31T02:00:00+08:00', '2024-02'],
  ])('at %s runs the month %s', async (time, month) => {
    const months: string[] = [];
    await monthlyTick({ now: at(time), run: async (name) => void months.push(name), log: () => {} })();
    expect(months).toEqual([month]);
  });

  it('is refused and said while the run before it is under way, and comes through afterwards', async () => {
    const { started, run, endOne } = heldRuns();
    const said: string[] = [];
    const tick = monthlyTick({ now: at('2024-09-01T02:00:00+08:00'), run, log: (line) => said.push(line) });
    const first = tick();
    await tick();
    await tick();
    expect(started).toEqual(['2024-08']);
    endOne();
    await first;
    const third = tick();
    endOne();
    await third;
    expect(started).toEqual(['2024-08', '2024-08']);
    const refused = 'Scheduled run of 2024-08 refused: the run before it is still under way.';
    const whole = ['Scheduled run of 2024-08 starts.', 'Scheduled run of 2024-08 is done.'];
    expect(said).toEqual([whole[0], refused, refused, whole[1], ...whole]);
  });

  it('is refused where another holds the lock of the run, and names who', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const now = at('2024-09-01T02:00:00+08:00');
    await takeLock(store.db, 'monthly-run', thisProcess(), now());
    const said: string[] = [];
    const run = () => withLock(store.db, 'monthly-run', now(), async () => {});
    await monthlyTick({ now, run, log: (line) => said.push(line) })();
    expect(said[1]).toMatch(/^Scheduled run of 2024-08 refused: The lock 'monthly-run' is held by process \d+ on /);
    await store.close();
  });

  it('says why a run failed, and the next tick runs again', async () => {
    const said: string[] = [];
    let runs = 0;
    const run = async () => {
      if (++runs === 1) throw new ServiceError('month-empty', 'Month 2024-08: no scene of it was added.');
    };
    const tick = monthlyTick({ now: at('2024-09-01T02:00:00+08:00'), run, log: (line) => said.push(line) });
    await tick();
    await tick();
    expect(said[1]).toBe('Scheduled run of 2024-08 failed: Month 2024-08: no scene of it was added.');
    expect(said.at(-1)).toBe('Scheduled run of 2024-08 is done.');
  });
});

describe('the schedule', () => {
  beforeEach(() => {
    // 01:58 on the first of September in Shanghai.
    vi.useFakeTimers({ now: new Date('2024-08-31T17:58:00Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ticks by the clock of Shanghai, wherever the machine stands, once, and no more when stopped', async () => {
    const months: string[] = [];
    const scheduled = scheduleMonthlyRuns({
      cron: '0 2 1 * *',
      now: () => new Date(),
      run: async (month) => void months.push(month),
      log: () => {},
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(months).toEqual([]);
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    expect(months).toEqual(['2024-08']);
    await vi.advanceTimersByTimeAsync(30 * 86_400_000);
    expect(months).toEqual(['2024-08', '2024-09']);
    await scheduled.stop();
    await vi.advanceTimersByTimeAsync(40 * 86_400_000);
    expect(months).toEqual(['2024-08', '2024-09']);
  });

  it('does not double a run that takes longer than to the next tick', async () => {
    const { started, run, endOne } = heldRuns();
    const said: string[] = [];
    const log = (line: string) => void said.push(line);
    const scheduled = scheduleMonthlyRuns({ cron: '* * * * *', now: () => new Date(), run, log });
    await vi.advanceTimersByTimeAsync(3.5 * 60_000);
    expect(started).toEqual(['2024-08']);
    expect(said.filter((line) => line.includes('refused')).length).toBeGreaterThanOrEqual(2);
    endOne();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started).toEqual(['2024-08', '2024-08']);
    await scheduled.stop();
  });

  it('takes cron lines only', () => {
    expect(isCronLine('0 2 1 * *')).toBe(true);
    expect(isCronLine('0 2 32 * *')).toBe(false);
    expect(isCronLine('monthly')).toBe(false);
  });
});
