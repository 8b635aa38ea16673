import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Canvas, fillRing } from '../../../services/simulation/canvas.ts';
import {
  band,
  centroid,
  contains,
  disc,
  inset,
  moved,
  rectangle,
  ringAreaM2,
  scaled,
} from '../../../services/simulation/geometry.ts';
import { seeded } from '../../../services/simulation/random.ts';

const box = rectangle(20, 30, 10, 6, 0.4);

describe('rings', () => {
  it('keep the area and middle they were drawn with, wherever they lie and however they turn', () => {
    expect(ringAreaM2(box)).toBeCloseTo(60, 9);
    expect(ringAreaM2([...box].reverse())).toBeCloseTo(60, 9);
    expect(centroid(moved(box, 1e6, -1e6))[0]).toBeCloseTo(1_000_020, 6);
    expect(ringAreaM2(scaled(box, 2))).toBeCloseTo(240, 9);
  });

  it('shrink and grow by the same distance on every side', () => {
    expect(ringAreaM2(inset(box, 1))).toBeCloseTo(8 * 4, 6);
    expect(ringAreaM2(inset(box, -1))).toBeCloseTo(12 * 8, 6);
    expect(ringAreaM2(inset([...box].reverse(), 1))).toBeCloseTo(8 * 4, 6);
  });

  it('become a band along a line', () => {
    const straight = band(
      [
        [0, 0],
        [50, 0],
        [100, 0],
      ],
      6,
    );
    expect(ringAreaM2(straight)).toBeCloseTo(600, 9);
  });
});

describe('filling', () => {
  it('sets exactly the pixels whose centre lies inside', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 45, noNaN: true }),
        fc.double({ min: 0.5, max: 18, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (at, size, turn) => {
          const ring = rectangle(at, 40 - at, size, size * 1.4, turn);
          const canvas: Canvas = { left: 3, top: -2, size: 40, pixels: new Uint8Array(1600) };
          fillRing(canvas, ring, 1);
          for (let i = 0; i < 1600; i++) {
            const inside = contains(ring, 3 + (i % 40) + 0.5, -2 + Math.floor(i / 40) + 0.5);
            if ((canvas.pixels[i] === 1) !== inside) return false;
          }
          return true;
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  it('draws a disc of its area', () => {
    const canvas: Canvas = { left: 0, top: 0, size: 64, pixels: new Uint16Array(4096) };
    fillRing(canvas, disc(32, 32, 20, 64), 7);
    const filled = Array.from(canvas.pixels).filter((value) => value === 7).length;
    expect(Math.abs(filled - Math.PI * 400)).toBeLessThan(15);
  });
});

it('streams of random numbers depend on all their keys and on nothing else', () => {
  const draw = (...keys: (number | string)[]) => {
    const random = seeded(...keys);
    return [random(), random(), random()];
  };
  expect(draw(1, 'a', 2)).toEqual(draw(1, 'a', 2));
  expect(draw(1, 'a', 2)).not.toEqual(draw(1, 'a', 3));
  expect(draw(12, 'a')).not.toEqual(draw(1, '2a'));
});
