import { describe, expect, it } from 'vitest';
import type { ChangeType } from '../../../detectors/change-type.ts';
import { greeningState, greeningTest } from '../../../services/themes/greening-state.ts';
import { type IdleParcel, idleClass } from '../../../services/themes/idle-class.ts';
import { changedBetween, type PlaceSignal, twoDateSignal, unobserved } from '../../../services/themes/place-signal.ts';

const zone = { id: 'p', areaM2: 10_000 };

/** Signals of month after month from the first of `from` on; what changed and how much was seen, by place in the row. */
function months(
  from: string,
  count: number,
  changes: Record<number, [ChangeType, number]> = {},
  seen: Record<number, number> = {},
): PlaceSignal[] {
  const [year, month] = from.split('-').map(Number);
  const day = (i: number) => new Date(Date.UTC(year, month - 1 + i, 1)).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, i) =>
    twoDateSignal({
      zone,
      month: day(i).slice(0, 7),
      beforeDate: day(i),
      afterDate: day(i + 1),
      observedM2: (seen[i] ?? 1) * zone.areaM2,
      detections: changes[i] ? [{ type: changes[i][0], areaM2: changes[i][1] }] : [],
    }),
  );
}

const parcel: IdleParcel = {
  zoneId: 'p',
  supplied: '2023-06-01',
  agreedStart: '2024-01-01',
  clear: true,
  governmentCause: false,
  investedShare: null,
  startedOn: null,
};
const today = '2025-07-01';
const all = months('2023-05', 26);
const state = (given: Partial<IdleParcel>, signals = all, day = today) =>
  idleClass({ ...parcel, ...given }, signals, day).state;

describe('a two-date signal', () => {
  it('gives shares of the zone, by type, and of what was seen', () => {
    const signal = twoDateSignal({
      zone,
      month: '2025-06',
      beforeDate: '2025-05-20',
      afterDate: '2025-06-12',
      observedM2: 8000,
      detections: [
        { type: 'built', areaM2: 500 },
        { type: 'built', areaM2: 700 },
        { type: 'vegetation-gain', areaM2: 2000 },
      ],
    });
    expect(signal).toMatchObject({ observedShare: 0.8, greenedShare: 0.2, since: '2025-05-20', until: '2025-06-12' });
    expect(signal.changedShare['built']).toBeCloseTo(0.12, 12);
  });

  it('a stretch is unobserved unless one look after another spans it', () => {
    const gappy = months('2025-01', 4, {}, { 1: 0.5 });
    expect(unobserved(gappy, '2025-01-01', '2025-05-01', 0.9)).toEqual([{ from: '2025-02-01', to: '2025-03-01' }]);
    expect(unobserved(gappy, '2024-12-01', '2025-06-01', 0.4)).toEqual([
      { from: '2024-12-01', to: '2025-01-01' },
      { from: '2025-05-01', to: '2025-06-01' },
    ]);
    // A later look that goes back before the cloud closes the gap.
    const bridged = [...gappy, { ...gappy[2], since: '2025-01-20', until: '2025-03-15' }];
    expect(unobserved(bridged, '2025-01-01', '2025-05-01', 0.9)).toEqual([]);
  });

  it('changes add up over time to at most the whole', () => {
    const signals = months('2025-01', 3, { 0: ['built', 6000], 2: ['built', 6000] });
    expect(changedBetween(signals, ['built'], '2025-01-15', '2025-02-15')).toBe(0.6);
    expect(changedBetween(signals, ['built'], '2025-01-01', '2025-12-31')).toBe(1);
    expect(changedBetween(signals, ['road'], '2025-01-01', '2025-12-31')).toBe(0);
  });
});

describe('idle land', () => {
  it('not started a year past the agreed start, all of it seen', () => {
    expect(idleClass(parcel, all, today)).toMatchObject({
      side: 'market-clear',
      state: 'idle-not-started',
      idleSince: '2025-01-01',
    });
  });

  it.each<[string, Partial<IdleParcel>, string]>([
    ['clear', {}, 'market-clear'],
    ['not clear', { clear: false }, 'market-not-clear'],
    ['delayed by the government, though clear', { governmentCause: true }, 'government'],
    ['not yet supplied', { supplied: null }, 'government'],
    ['of which nobody says', { clear: null }, 'unknown'],
  ])('land %s', (_, given, side) => expect(idleClass({ ...parcel, ...given }, all, today).side).toBe(side));

  it('unobserved is never not started, and the gap is named', () => {
    const cloudy = months('2023-05', 26, {}, { 12: 0 });
    expect(idleClass(parcel, cloudy, today)).toMatchObject({
      state: 'unobserved',
      idleSince: null,
      gaps: [{ from: '2024-05-01', to: '2024-06-01' }],
    });
    expect(state({}, [])).toBe('unobserved');
    expect(state({}, months('2024-02', 17))).toBe('unobserved');
    expect(
      state(
        {},
        all.map((signal) => ({ ...signal, zoneId: 'q' })),
      ),
    ).toBe('unobserved');
  });

  it.each<[string, Partial<IdleParcel>, string]>([
    ['approved and not supplied', { supplied: null }, 'not-supplied'],
    ['no agreed start on file', { agreedStart: null }, 'start-unknown'],
    ['less than a year past the agreed start', { agreedStart: '2024-07-02' }, 'not-due'],
    ['a year past it to the day', { agreedStart: '2024-07-01' }, 'idle-not-started'],
  ])('%s', (_, given, wanted) => expect(state(given)).toBe(wanted));

  it.each<[string, Record<number, [ChangeType, number]>, Partial<IdleParcel>, string]>([
    ['a hut of 4 % is no start', { 10: ['built', 400] }, {}, 'idle-not-started'],
    ['greening is no start', { 10: ['vegetation-gain', 9000] }, {}, 'idle-not-started'],
    ['a third developed and stopped is no idle land', { 10: ['built', 3400] }, {}, 'started'],
    ['less than a third and stopped for a year is', { 10: ['built', 3300] }, {}, 'idle-stopped'],
    ['less than a third, and work half a year ago, is not', { 20: ['bare', 2000] }, {}, 'started'],
    ['all built with less than 25 % invested is', { 10: ['built', 9000] }, { investedShare: 0.24 }, 'idle-stopped'],
    ['a change nobody could name is neither work nor none', { 10: ['unknown', 900] }, {}, 'unclear'],
    ['a start before the agreed day counts', { 2: ['built', 5000] }, {}, 'started'],
    ['a start that people established counts, though no image shows it', {}, { startedOn: '2025-02-01' }, 'started'],
  ])('%s', (_, changes, given, wanted) => expect(state(given, months('2023-05', 26, changes))).toBe(wanted));

  it('stopped is not said where the time since was not seen, and idle begins a year after the last work', () => {
    expect(state({}, months('2023-05', 26, { 10: ['built', 2000] }, { 20: 0.2 }))).toBe('unobserved');
    expect(state({}, months('2023-05', 26, { 10: ['built', 2000], 20: ['unknown', 600] }))).toBe('unclear');
    expect(idleClass(parcel, months('2023-05', 26, { 10: ['built', 2000] }), today).idleSince).toBe('2025-04-01');
  });
});

describe('a restoration project', () => {
  const project = { zoneId: 'p', began: '2024-01-01', due: '2024-12-01' };
  it.each<[string, Record<number, [ChangeType, number]>, Record<number, number>, string, string]>([
    ['green in time', { 5: ['vegetation-gain', 7000] }, {}, '2025-01-01', 'green'],
    [
      'earth moved before the green came',
      { 1: ['bare', 9000], 5: ['vegetation-gain', 7000] },
      {},
      '2025-01-01',
      'green',
    ],
    ['built on after it was green', { 5: ['vegetation-gain', 7000], 8: ['built', 2000] }, {}, '2025-01-01', 'lost'],
    [
      'built on, though a little elsewhere turned green afterwards',
      { 5: ['vegetation-gain', 7000], 8: ['built', 2000], 9: ['vegetation-gain', 100] },
      {},
      '2025-01-01',
      'lost',
    ],
    [
      'green again where it was taken',
      { 5: ['vegetation-gain', 7000], 8: ['vegetation-loss', 2000], 9: ['vegetation-gain', 1500] },
      {},
      '2025-01-01',
      'green',
    ],
    [
      'less than half of it, twice',
      { 3: ['vegetation-gain', 4000], 6: ['bare', 4000], 9: ['vegetation-gain', 4000] },
      {},
      '2025-01-01',
      'due',
    ],
    ['not green when due', { 5: ['vegetation-gain', 3000] }, {}, '2025-01-01', 'due'],
    ['not green when due, with a month unseen', {}, { 5: 0 }, '2025-01-01', 'unobserved'],
    ['not green before it is due', {}, {}, '2024-11-30', 'not-due'],
  ])('%s', (_, changes, seen, day, wanted) => {
    expect(greeningState(project, months('2024-01', 12, changes, seen), day).state).toBe(wanted);
  });

  it('new farmland that is harvested is not lost, and a building on it is', () => {
    const season = { types: ['bare' as const], months: [10] };
    const after = (type: ChangeType) => months('2024-01', 12, { 5: ['vegetation-gain', 7000], 9: [type, 6000] });
    const states = (['bare', 'built'] as const).map(
      (type) => greeningState(project, after(type), '2025-01-01', { ...greeningTest, season }).state,
    );
    expect(states).toEqual(['green', 'lost']);
  });
});
