import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearing, distanceM, nearestM } from '../../../api/console/field/geo.ts';
import {
  type Answer,
  afterAnswer,
  type Item,
  isNeeded,
  nextItem,
  outcomeOf,
  waitMs,
  waitsFor,
} from '../../../api/console/field/item.ts';
import { headingOf } from '../../../api/console/field/sensors.ts';

const now = new Date('2025-07-02T02:00:00Z');
const said = {
  lon: 112.5,
  lat: 26.9,
  accuracyM: 5,
  azimuth: 10,
  azimuthBy: 'hand',
  takenAt: now.toISOString(),
} as const;
const photo = { file: new Blob(['x']), type: 'image/jpeg', thumb: null, said };
const form = { seen: ['dug'], use: null, occupier: null, stopped: null, remedyM2: null, note: null };

function item(seq: number, given: Partial<Item> = {}): Item {
  const kind = given.kind ?? 'photo';
  return {
    ...{ seq, key: `key-${seq}`, kind, owner: 'li', patch: { id: 'p', number: '4304212025060001' }, visit: 'v' },
    ...{ state: 'waiting', tries: 0, notBefore: 0, trouble: null, addedAt: now.toISOString(), sentAt: null, bytes: 1 },
    ...(kind === 'photo' ? { photo } : { form: { ...form, done: true, filledAt: now.toISOString() } }),
    ...{ sha256: null, after: null },
    ...given,
  };
}

const answer = (status: number, body: Answer['body'] = {}, retryAfterS: number | null = null): Answer => {
  return { status, body, retryAfterS };
};

describe('what waits on the phone', () => {
  it.each([
    [201, 'sent'],
    [200, 'sent'],
    [0, 'again'],
    [408, 'again'],
    [409, 'again'],
    [429, 'again'],
    [500, 'again'],
    [503, 'again'],
    [401, 'log-in'],
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [415, 'refused'],
  ])('that is answered %i is %s', (status, outcome) => {
    expect(outcomeOf(answer(status))).toBe(outcome);
  });

  it('is never lost by an answer: its file goes only where the server has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), fc.double({ min: 0, max: 1, noNaN: true }), (status, chance) => {
        const after = afterAnswer(item(1), answer(status), now, chance);
        return after.photo!.file !== null || (status >= 200 && status < 300 && after.state === 'sent');
      }),
      { seed: 7, numRuns: 600 },
    );
  });

  it('is tried again later each time, at most five minutes apart, and not before the server says', () => {
    const waits = Array.from({ length: 12 }, (_, i) => waitMs(i + 1, null, 0.5));
    expect(waits.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000]);
    expect(waits.at(-1)).toBe(300_000);
    expect(waitMs(1, 60, 0)).toBe(60_000);
    expect(new Set([0, 0.3, 0.9].map((chance) => waitMs(3, null, chance))).size).toBe(3);
  });

  it('keeps why the server refused it, in its own words', () => {
    const after = afterAnswer(item(1), answer(404, { code: 'not-found', detail: 'There is no patch p.' }), now, 0);
    expect(after).toMatchObject({ state: 'refused', trouble: { code: 'not-found', detail: 'There is no patch p.' } });
  });

  it('goes in order, photos before their form, and only under the name it was taken', () => {
    const all = [item(1), item(2, { owner: 'wang' }), item(3, { state: 'held' }), item(4, { kind: 'form' })];
    expect(nextItem(all, 'li', 0).item?.seq).toBe(1);
    all[0] = { ...all[0], state: 'sent', sha256: 'a' };
    expect(nextItem(all, 'li', 0).item).toBeNull();
    expect(waitsFor(all[3], all)).toBe('photos');
    all[1] = { ...all[1], state: 'sent' };
    all[2] = { ...all[2], state: 'refused' };
    expect([waitsFor(all[3], all), nextItem(all, 'li', 0).item]).toEqual(['refused', null]);
    expect(nextItem(all.toSpliced(2, 1), 'li', 0).item?.seq).toBe(4);
  });

  it('tells when to look again', () => {
    const all = [item(1, { notBefore: 5000 }), item(2, { notBefore: 3000 })];
    expect(nextItem(all, 'li', 1000)).toEqual({ item: null, atMs: 3000 });
    expect(nextItem(all, 'li', 4000).item?.seq).toBe(2);
  });

  it('is not cleared away while the form of its visit is still to name it', () => {
    const arrived = item(1, { state: 'sent', sha256: 'a' });
    expect(isNeeded(arrived, [arrived])).toBe(true);
    expect(isNeeded(arrived, [arrived, item(2, { kind: 'form' })])).toBe(true);
    expect(isNeeded(arrived, [arrived, item(2, { kind: 'form', state: 'sent' })])).toBe(false);
  });
});

describe('where one stands', () => {
  const outline = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [112.5, 26.9],
        [112.501, 26.9],
        [112.501, 26.901],
        [112.5, 26.901],
        [112.5, 26.9],
      ],
    ],
  };

  it('is inside the outline, or so far from its edge', () => {
    expect(nearestM({ lon: 112.5004, lat: 26.9003 }, { outline })).toEqual({ metres: 0, inside: true });
    expect(nearestM({ lon: 112.5005, lat: 26.899 }, { outline }).metres).toBeCloseTo(111.3, 0);
    expect(nearestM({ lon: 112.503, lat: 26.9005 }, { outline }).metres).toBeCloseTo(198.6, 0);
  });

  it('is told from another place by distance and bearing', () => {
    const here = { lon: 112.5, lat: 26.9 };
    expect(distanceM(here, { lon: 112.51, lat: 26.9 })).toBeCloseTo(992.8, 0);
    expect(bearing(here, { lon: 112.51, lat: 26.9 })).toBeCloseTo(90, 6);
    expect(bearing(here, { lon: 112.5, lat: 26.8 })).toBeCloseTo(180, 6);
    expect(bearing(here, { lon: 112.4999, lat: 26.9001 })).toBeGreaterThan(315);
  });

  it('and whither the camera looks, is told by the phone held flat or upright', () => {
    const turned = (alpha: number, beta: number, gamma = 0) =>
      headingOf({ absolute: true, alpha, beta, gamma } as DeviceOrientationEvent);
    expect(turned(0, 0)).toBe(0);
    expect(turned(270, 10)).toBe(90);
    expect(turned(270, 90)).toBeCloseTo(90, 6);
    expect(turned(180, 80)).toBeCloseTo(180, 6);
    expect(headingOf({ absolute: false, alpha: 10, beta: 0, gamma: 0 } as DeviceOrientationEvent)).toBeNull();
    expect(headingOf({ webkitCompassHeading: 75 } as never)).toBe(75);
  });
});
