import { describe, expect, it } from 'vitest';
import { Ranking } from '../../detectors/ranking.ts';

/** 5,000 scores with many ties, 385 of them unobserved, of which 1,765 are of changed pixels. */
const scores = Array.from({ length: 5000 }, (_, i) => {
  const score = ((i * 7919) % 1009) / 8 + ((i * i * 31) % 23) + (isChanged(i) ? 20 : 0);
  return i % 13 === 0 ? Number.NaN : score;
});

function isChanged(i: number): boolean {
  return (i * i * 31 + i * 7) % 17 < 4;
}

function ranked(mostExact?: number): Ranking {
  const ranking = new Ranking(scores.length, mostExact);
  for (const [i, score] of scores.entries()) ranking.add(score, isChanged(i));
  return ranking;
}

// scipy 1.17: mannwhitneyu and rankdata for the ROC-AUC; numpy: scikit-learn's sum for the average precision.
const scipy = {
  all: { rocAuc: 0.6244809996891296, averagePrecision: 0.534694290783729 },
  observed: { rocAuc: 0.6467242572029984, averagePrecision: 0.5499842894553327 },
};

describe('figures of ranked scores', () => {
  it('are what scipy finds, with the unobserved lowest and without them', () => {
    const { all, observed } = ranked().figures();
    expect(all.rocAuc).toBeCloseTo(scipy.all.rocAuc, 12);
    expect(all.averagePrecision).toBeCloseTo(scipy.all.averagePrecision, 12);
    expect(observed.rocAuc).toBeCloseTo(scipy.observed.rocAuc, 12);
    expect(observed.averagePrecision).toBeCloseTo(scipy.observed.averagePrecision, 12);
    expect(ranked().isExact).toBe(true);
  });

  it('stay what they are when the scores no longer fit, where ties are ties in classes too', () => {
    // The scores are multiples of 1/8 under 256: each is a class of its own.
    const ranking = ranked(1000);
    expect(ranking.isExact).toBe(false);
    expect(ranking.figures()).toEqual(ranked().figures());
  });

  it('in classes differ by less than 1e-5 from exact ones, over all magnitudes and both signs', () => {
    const [exact, classes] = [new Ranking(20_000), new Ranking(20_000, 16)];
    for (let i = 0; i < 20_000; i++) {
      const magnitude = 10 ** (((i * 7919) % 601) / 100 - 3);
      const score = Math.fround((i % 3 === 0 ? -1 : 1) * magnitude * (1 + ((i * 104_729) % 7919) / 1e6));
      for (const ranking of [exact, classes]) ranking.add(score, (i * 31) % 7 < 2 + (i % 3));
    }
    const [wanted, got] = [exact.figures().all, classes.figures().all];
    expect(wanted.rocAuc).toBeGreaterThan(0.55);
    expect(Math.abs(got.rocAuc - wanted.rocAuc)).toBeLessThan(1e-5);
    expect(Math.abs(got.averagePrecision - wanted.averagePrecision)).toBeLessThan(1e-5);
  });

  it('order negative numbers, both zeros and infinities as numbers are ordered, in classes too', () => {
    for (const mostExact of [undefined, 0]) {
      const ranking = new Ranking(6, mostExact);
      const unchanged = [-Infinity, -2, -0];
      const changed = [0, 1e-30, Infinity];
      for (const score of unchanged) ranking.add(score, false);
      for (const score of changed) ranking.add(score, true);
      // Of 9 pairs only 0 and -0 is a tie.
      expect(ranking.figures().all.rocAuc).toBeCloseTo(8.5 / 9, 12);
    }
  });

  it('are nothing where one of the two classes is empty', () => {
    const ranking = new Ranking(2);
    ranking.add(1, true);
    ranking.add(Number.NaN, false);
    expect(ranking.figures()).toEqual({
      all: { rocAuc: 1, averagePrecision: 1 },
      observed: { rocAuc: Number.NaN, averagePrecision: Number.NaN },
    });
  });
});
