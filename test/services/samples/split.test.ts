import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Part, SHARES, splitByDate, splitByScene } from '../../../services/samples/split.ts';

const sample = fc.record({
  id: fc.uuid(),
  scenes: fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map(String), { minLength: 1, maxLength: 3 }),
  afterDate: fc.integer({ min: 1, max: 28 }).map((day) => `2025-06-${String(day).padStart(2, '0')}`),
});
const samples = fc.uniqueArray(sample, { minLength: 1, maxLength: 80, selector: ({ id }) => id });

describe('a split', () => {
  it('by scene lets no scene be in two parts, and gives every sample one', () => {
    fc.assert(
      fc.property(samples, fc.string(), (all, seed) => {
        const parts = splitByScene(all, seed);
        expect(parts.size).toBe(all.length);
        const home = new Map<string, Part>();
        for (const { id, scenes } of all) {
          for (const scene of scenes) {
            expect(home.get(scene) ?? parts.get(id)).toBe(parts.get(id));
            home.set(scene, parts.get(id)!);
          }
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('is the same in whatever order the samples come', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const back = all.toReversed().map((one) => ({ ...one, scenes: one.scenes.toReversed() }));
        expect(new Map([...splitByScene(back, '1')].sort())).toEqual(new Map([...splitByScene(all, '1')].sort()));
        expect(new Map([...splitByDate(back)].sort())).toEqual(new Map([...splitByDate(all)].sort()));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('by date puts no date in two parts, and nothing earlier after something later', () => {
    const order: Part[] = ['train', 'validation', 'test'];
    fc.assert(
      fc.property(samples, (all) => {
        const parts = splitByDate(all);
        const sorted = all.toSorted((a, b) => (a.afterDate < b.afterDate ? -1 : 1));
        const places = sorted.map(({ id }) => order.indexOf(parts.get(id)!));
        expect(places).toEqual(places.toSorted());
        const homes = Map.groupBy(all, ({ afterDate }) => afterDate).values();
        for (const day of homes) expect(new Set(day.map(({ id }) => parts.get(id))).size).toBe(1);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('comes near the shares where the samples hang together little', () => {
    const all = Array.from({ length: 400 }, (_, i) => ({
      id: `${i}`,
      scenes: [`${i >> 2}`],
      afterDate: new Date(Date.UTC(2025, 0, 1 + (i >> 1))).toISOString().slice(0, 10),
    }));
    for (const parts of [splitByScene(all, 'seed'), splitByDate(all)]) {
      for (const part of Object.keys(SHARES) as Part[]) {
        const share = [...parts.values()].filter((one) => one === part).length / all.length;
        expect(Math.abs(share - SHARES[part])).toBeLessThan(0.02);
      }
    }
  });
});
