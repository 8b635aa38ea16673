import { describe, expect, it } from 'vitest';
import { BoxedRing } from '../../../../services/zones/overlay/boxed-ring.ts';

const box = { minLon: 0, minLat: 0, maxLon: 10, maxLat: 10 };
const pulled = (...points: number[]) => {
  const ring = new BoxedRing();
  ring.pull(Float64Array.from(points), 0, points.length, box);
  return ring;
};

describe('a ring pulled onto a box', () => {
  it('inside it is itself', () => {
    const ring = pulled(1, 1, 9, 1, 5, 8, 1, 1);
    expect([...ring.points.subarray(0, ring.length)]).toEqual([1, 1, 9, 1, 5, 8, 1, 1]);
    expect(ring.enters).toBe(true);
  });

  it('round it is the box, with its turning', () => {
    expect(pulled(-100, -100, 100, -100, 100, 100, -100, 100, -100, -100).turnsRound()).toBe(1);
    expect(pulled(-100, -100, -100, 100, 100, 100, 100, -100, -100, -100).turnsRound()).toBe(-1);
  });

  it('round a corner of it enters only where it does', () => {
    const beside = pulled(-5, 8, 2, 15, -5, 15, -5, 8);
    expect([beside.enters, beside.turnsRound()]).toEqual([false, 0]);
    const through = pulled(-5, 4, 6, 15, -5, 15, -5, 4);
    expect(through.enters).toBe(true);
    expect([...through.points.subarray(2, 6)]).toEqual([0, 9, 1, 10]);
  });

  it('of many points beside it is a few', () => {
    const wave = Array.from({ length: 5000 }, (_, i) => [20 + Math.sin(i), i / 100 - 20]).flat();
    const ring = pulled(5, 5, 20, -20, ...wave, 20, 40, 5, 5);
    expect(ring.length).toBeLessThan(24);
  });
});
