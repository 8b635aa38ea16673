import { describe, expect, it } from 'vitest';
import { finderFigures, medianOf } from '../../../services/field/clues/finder-figures.ts';
import { type FirstFinder, firstFinders } from '../../../services/field/clues/first-finder.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { listClues, sightings } from '../../../services/store/field-clues.ts';
import { stoppingEvents } from '../../../services/store/stopping.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const reviewed = 'warn acknowledge verify judge submit approve approve approve';

describeOnBothStores('The first-finder ledger', (openFresh) => {
  it('goes on to the first step, not undone, after which it is put right or was seen stopped', async () => {
    const store = await openFresh();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await plantPatch(store));
    const [rectified, undone, seen, dismissed, open] = ids;
    // Found on 1 July; the ninth step is taken eight hours after the first.
    await takeSteps(store, rectified, `${reviewed} rectify-before-filing`, { at: new Date('2025-07-10T01:00:00Z') });
    await takeSteps(store, undone, `${reviewed} rectify-before-filing`, { at: new Date('2025-07-10T01:00:00Z') });
    const at = new Date('2025-07-10T10:00:00Z');
    await transition(store, { subject: 'patch', id: undone, action: 'undo', actor: 'li', at });
    await takeSteps(store, seen, 'warn acknowledge');
    const payload = { evidence: ['photo'], stopped: true };
    await transition(store, { subject: 'patch', id: seen, action: 'verify', actor: 'li', payload, at });
    await takeSteps(store, dismissed, 'dismiss');
    await takeSteps(store, open, 'warn');
    const ledger = firstFinders(await sightings(store.db), await listClues(store.db), await stoppingEvents(store.db));
    const of = (id: string) => ledger.find(({ placeId }) => placeId === id.replace('patch', 'place'))!;
    expect(of(rectified)).toMatchObject({ ending: 'stopped', stoppedAt: '2025-07-10T09:00:00.000Z', daysToStop: 9 });
    expect(of(seen)).toMatchObject({ ending: 'stopped', stoppedAt: at.toISOString(), daysToStop: 9 });
    expect(of(undone)).toMatchObject({ ending: 'going-on', stoppedAt: null, daysToStop: null });
    expect(of(dismissed)).toMatchObject({ ending: 'nothing', daysToStop: null });
    expect(of(open)).toMatchObject({ ending: 'going-on' });
    expect(finderFigures(ledger)).toMatchObject([
      {
        ...{
          month: '2025-07',
          district: '430421',
          foundBy: 'satellite',
          places: 5,
          stopped: 2,
          goingOn: 2,
          nothing: 1,
        },
        ...{ onsetToFoundAtLeast: { days: 13, count: 5 }, onsetToFoundAtMost: { days: 42, count: 5 } },
        foundToStopped: { days: 9, count: 2 },
      },
    ]);
  });
});

describe('its figures', () => {
  const row = (given: Partial<FirstFinder>): FirstFinder => {
    const found = { placeId: 'p', district: '430421', foundBy: 'patrol', foundAt: '2025-06-30T16:00:00Z' } as const;
    return {
      ...found,
      byAll: {},
      daysAtLeast: 1,
      daysAtMost: null,
      ending: 'going-on',
      stoppedAt: null,
      daysToStop: null,
      ...given,
    };
  };

  it('are by month in Asia/Shanghai, district and source, and add up to the ledger', () => {
    const ledger = [
      row({}),
      row({ foundBy: 'public', daysAtLeast: null }),
      row({ foundBy: 'satellite', ending: 'stopped', daysToStop: 4 }),
      row({ district: '430422', daysAtLeast: 5 }),
      row({ foundAt: '2025-06-30T15:00:00Z', ending: 'nothing' }),
    ];
    const figures = finderFigures(ledger);
    expect(figures.map(({ month, district, foundBy, places }) => [month, district, foundBy, places])).toEqual([
      ['2025-06', '430421', 'patrol', 1],
      ['2025-07', '430421', 'satellite', 1],
      ['2025-07', '430421', 'patrol', 1],
      ['2025-07', '430421', 'public', 1],
      ['2025-07', '430422', 'patrol', 1],
    ]);
    expect(figures[3].onsetToFoundAtLeast).toEqual({ days: null, count: 0 });
    const whole = finderFigures(ledger, { months: false, districts: false });
    expect(whole.find(({ foundBy }) => foundBy === 'patrol')).toMatchObject({
      ...{ month: '', district: '', places: 3, nothing: 1, goingOn: 2 },
      onsetToFoundAtLeast: { days: 1, count: 3 },
    });
    for (const { places, stopped, goingOn, nothing } of [...figures, ...whole])
      expect(stopped + goingOn + nothing).toBe(places);
  });

  it('have the middle for a median, of an even number the mean of two', () => {
    expect(medianOf([9, null, 1, 4])).toEqual({ days: 4, count: 3 });
    expect(medianOf([4, 1])).toEqual({ days: 2.5, count: 2 });
    expect(medianOf([10, 9])).toEqual({ days: 9.5, count: 2 });
    expect(medianOf([null])).toEqual({ days: null, count: 0 });
  });
});
