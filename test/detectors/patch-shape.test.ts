import { describe, expect, it } from 'vitest';
import { type PatchShape, shapeOf } from '../../detectors/patch-shape.ts';
import { drawnRuns, turned } from '../support/drawn-shapes.ts';

const angles = [0, 10, 27, 45, 63, 90, 134];

const rectangle = (long: number, short: number, degrees: number): PatchShape =>
  shapeOf(
    drawnRuns(
      200,
      turned(degrees, (u, v) => Math.abs(u) < long / 2 && Math.abs(v) < short / 2),
    ),
  );

describe('a rectangle of 80 by 24 pixels, at any angle', () => {
  it.each(angles)('%i°', (degrees) => {
    const shape = rectangle(80, 24, degrees);
    expect(shape.pixels).toBeGreaterThan(0.97 * 80 * 24);
    expect(shape.elongation).toBeGreaterThan(0.93 * (80 / 24));
    expect(shape.elongation).toBeLessThan(1.07 * (80 / 24));
    expect(shape.fill).toBeGreaterThan(0.9);
    expect(shape.fill).toBeLessThanOrEqual(1);
    expect(shape.perimeterPx).toBeGreaterThan(0.97 * 208);
    expect(shape.perimeterPx).toBeLessThan(1.09 * 208);
    expect(shape.straightness).toBeGreaterThan(0.4);
  });
});

describe('a bent road', () => {
  it.each([3, 5, 8])('%i pixels wide has its width and length told', (width) => {
    const shape = shapeOf(drawnRuns(200, (x, y) => Math.abs(Math.hypot(x - 10, y - 10) - 150) < width / 2));
    expect(shape.widthPx).toBeGreaterThan(0.8 * width);
    expect(shape.widthPx).toBeLessThan(1.25 * width);
    // A quarter of a circle of radius 150 and a bit.
    expect(shape.slenderness * shape.widthPx).toBeGreaterThan(200);
    expect(shape.fill).toBeLessThan(0.25);
  });
});

describe('what is as wide as long', () => {
  it('a disc is compact, fills 0.785 of its box and runs nowhere straight', () => {
    const disc = shapeOf(drawnRuns(200, (x, y) => Math.hypot(x - 100, y - 100) < 60));
    expect(disc.compactness).toBeGreaterThan(0.85);
    expect(disc.fill).toBeCloseTo(Math.PI / 4, 1);
    expect(disc.elongation).toBeLessThan(1.03);
    expect(disc.slenderness).toBeLessThan(3);
    expect(disc.straightness).toBeLessThan(0.1);
  });

  it('an L fills less of its box than a square, and is as straight', () => {
    const letter = shapeOf(drawnRuns(100, (x, y) => x > 10 && y < 90 && x < 90 && y > 10 && (x < 40 || y > 60)));
    expect(letter.fill).toBeLessThan(0.65);
    expect(letter.straightness).toBeGreaterThan(0.4);
    expect(letter.slenderness).toBeLessThan(8);
  });

  it('noise along its edge makes nothing slender', () => {
    const ragged = shapeOf(
      drawnRuns(200, (x, y) => Math.hypot(x - 100, y - 100) < 50 + 6 * Math.sin(71 * x + 13 * y) ** 3),
    );
    expect(ragged.slenderness).toBeLessThan(4);
  });
});

it('pixels twice as wide as high are counted as what they cover', () => {
  const flat = shapeOf(
    drawnRuns(120, (x, y) => Math.abs(2 * x - 120) < 40 && Math.abs(y - 60) < 40),
    { x: 2, y: 1 },
  );
  expect(flat.elongation).toBeCloseTo(1, 5);
  expect(flat.fill).toBeCloseTo(1, 5);
});

it('one pixel is a shape, too', () => {
  const shape = shapeOf(drawnRuns(3, (x, y) => Math.hypot(x - 1.5, y - 1.5) < 0.4));
  expect(shape).toMatchObject({ pixels: 1, fill: 1, elongation: 1, straightness: 0 });
  expect(Object.values(shape).every(Number.isFinite)).toBe(true);
});
