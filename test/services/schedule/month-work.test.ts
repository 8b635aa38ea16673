import { expect, it } from 'vitest';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { dueMonths, type Reach, workMonth } from '../../../services/schedule/month-work.ts';
import { closedMonthNames, monthSteps } from '../../../services/store/cycle-months.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = () => new Date('2025-07-01T02:00:00+08:00');
const work = (store: Store, reach: Reach, run = async () => {}) =>
  workMonth(store, { month: '2025-06', reach, now, run });

it.each([
  ['the month before alone, at a monthly cadence', ['2025-05'], ['2025-05', '2025-06'], ['2025-06']],
  ['all three of a quarter', ['2025-03'], ['2025-04', '2025-05', '2025-06'], ['2025-04', '2025-05', '2025-06']],
  ['no month without images, but for its own, which is to be said', ['2025-03'], ['2025-05'], ['2025-05', '2025-06']],
  ['its own alone where nothing was run before', [], ['2025-01', '2025-06'], ['2025-06']],
  ['its own again where it was run', ['2025-05', '2025-06'], ['2025-06'], ['2025-06']],
])('A tick runs %s', (_, finished, imaged, due) => {
  expect(dueMonths('2025-06', finished, imaged)).toEqual(due);
});

describeOnBothStores('After a scheduled run', (openFresh) => {
  it('nothing more is done where it reaches to the run', async () => {
    const store = await openFresh();
    expect(await work(store, 'run')).toEqual([]);
    expect(await monthSteps(store.db, '2025-06')).toEqual([]);
  });

  it('the record is opened with what the run found', async () => {
    const store = await openFresh();
    const run = async () => void (await plantPatch(store));
    expect(await work(store, 'open', run)).toEqual(['Month 2025-06 is open with 1 patches.']);
    expect(await work(store, 'open')).toEqual(['Month 2025-06 was open; patches found since join at its next issue.']);
  });

  it('the tasks are sent, once', async () => {
    const store = await openFresh();
    await plantPatch(store);
    expect((await work(store, 'issue'))[1]).toBe('Month 2025-06: 1 tasks sent.');
    expect((await work(store, 'issue'))[1]).toBe('Month 2025-06: 0 tasks sent.');
  });

  it('the month before is closed first; where it cannot be, that is said and the run goes on', async () => {
    const store = await openFresh();
    await plantPatch(store, { month: '2025-05' });
    const may = { month: '2025-05', actor: 'wang', at: now() };
    await openMonth(store, may);
    let runs = 0;
    const run = async () => void runs++;
    const refused = await work(store, 'close', run);
    expect(refused[0]).toContain('Could not close 2025-05: Month 2025-05 is closed once its tasks are sent');
    expect(refused[1]).toContain('2025-05, which must be closed');
    await issueMonth(store, may);
    const [closed, opened] = await work(store, 'close', run);
    expect(closed).toMatch(/^Month 2025-05 is closed \(sha256 [0-9a-f]{12}\)\.$/);
    expect(opened).toContain('Month 2025-06 is open');
    expect(await closedMonthNames(store.db)).toEqual(['2025-05']);
    expect(runs).toBe(2);
  });
});
