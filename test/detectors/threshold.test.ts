import { describe, expect, it } from 'vitest';
import { kittlerIllingworth, otsu, twoMeans } from '../../detectors/histogram-threshold.ts';
import { chooseThreshold, thresholdRule } from '../../detectors/threshold.ts';
import { seededNormal } from '../support/random.ts';

interface Body {
  count: number;
  mean: number;
  deviation: number;
}

function scoresOf(seed: number, ...bodies: Body[]): Float32Array {
  const normal = seededNormal(seed);
  return Float32Array.from(
    bodies.flatMap(({ count, mean, deviation }) => Array.from({ length: count }, () => mean + deviation * normal())),
  );
}

/** Where n₁ N(m₁, s₁) and n₂ N(m₂, s₂) cross between their means: the point of least error. */
function crossing(a: Body, b: Body): number {
  const density = ({ count, mean, deviation }: Body, x: number) =>
    (count / deviation) * Math.exp(-(((x - mean) / deviation) ** 2) / 2);
  let low = a.mean;
  let high = b.mean;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (density(a, middle) > density(b, middle)) low = middle;
    else high = middle;
  }
  return low;
}

function histogramOf(scores: Float32Array, top: number, bins = 512): Float64Array {
  const histogram = new Float64Array(bins);
  for (const score of scores) histogram[Math.min(bins - 1, Math.max(0, Math.floor((score / top) * bins)))]++;
  return histogram;
}

const share = (scores: Float32Array, above: number) => scores.filter((score) => score > above).length / scores.length;

/** What unchanged ground scores: the length of a vector of `dimensions` normal deviates. */
function noise(seed: number, dimensions: number, count = 40_000): Float32Array {
  const normal = seededNormal(seed);
  return Float32Array.from({ length: count }, () => {
    let squares = 0;
    for (let k = 0; k < dimensions; k++) squares += normal() ** 2;
    return Math.sqrt(squares);
  });
}

describe("Kittler and Illingworth's threshold between two normal bodies", () => {
  const unchanged = { count: 45_000, mean: 4, deviation: 1 };

  it.each([
    { count: 5_000, mean: 12, deviation: 2 },
    { count: 15_000, mean: 11, deviation: 1.5 },
    { count: 2_000, mean: 15, deviation: 2.5 },
  ])('lies near their crossing: $count of mean $mean and deviation $deviation', (changed) => {
    const threshold = kittlerIllingworth(histogramOf(scoresOf(1, unchanged, changed), 24), 24)!;
    expect(Math.abs(threshold - crossing(unchanged, changed))).toBeLessThan(0.4);
  });

  it('is null where there are not two bodies with a spread', () => {
    expect(kittlerIllingworth(new Float64Array(512), 1)).toBeNull();
    expect(kittlerIllingworth(histogramOf(new Float32Array(100).fill(3), 10), 10)).toBeNull();
  });
});

describe('the threshold of two means', () => {
  it('lies halfway between two equal bodies', () => {
    const [a, b] = [3, 9].map((mean) => ({ count: 20_000, mean, deviation: 0.8 }));
    expect(twoMeans(histogramOf(scoresOf(2, a, b), 12), 12)!).toBeCloseTo(6, 1);
  });

  it('is null where everything lies in one place', () => {
    expect(twoMeans(histogramOf(new Float32Array(100).fill(0.01), 10), 10)).toBeNull();
  });
});

describe('the chosen threshold', () => {
  it('parts two clear bodies with under 1 % of each on the wrong side', () => {
    const unchanged = { count: 45_000, mean: 4, deviation: 1 };
    const changed = { count: 5_000, mean: 14, deviation: 2 };
    const { value, chosen } = chooseThreshold(scoresOf(3, unchanged, changed));
    expect(chosen).toBe('kittler-illingworth');
    expect(share(scoresOf(3, unchanged), value)).toBeLessThan(0.01);
    expect(share(scoresOf(4, changed), value)).toBeGreaterThan(0.99);
  });

  it.each([1, 2, 3, 4, 8, 12, 20])('flags less than one in a hundred of pure noise in %i dimensions', (dimensions) => {
    const scores = noise(dimensions, dimensions);
    expect(share(scores, chooseThreshold(scores).value)).toBeLessThan(0.01);
  });

  it('never lies inside the unchanged body, however heavy the tail beside it', () => {
    const body = noise(5, 4);
    const heavy = body.map((score, i) => (i % 5 === 0 ? score * 2.5 : score));
    expect(share(body, chooseThreshold(heavy).value)).toBeLessThan(0.02);
  });

  it('leaves unobserved pixels out', () => {
    const scores = noise(6, 4);
    const holed = Float32Array.from({ length: 2 * scores.length }, (_, i) => (i % 2 ? Number.NaN : scores[i / 2]));
    expect(chooseThreshold(holed)).toEqual(chooseThreshold(scores));
  });

  it('calls nothing changed where all differences are rounding', () => {
    const rounding = noise(7, 4).map((score) => 1e-9 * score);
    expect(share(rounding, chooseThreshold(rounding).value)).toBe(0);
    expect(share(new Float32Array(50), chooseThreshold(new Float32Array(50)).value)).toBe(0);
  });

  it('finds a few pixels that changed where everything else is identical', () => {
    const scores = new Float32Array(100_000);
    scores.fill(40, 0, 30);
    expect(share(scores, chooseThreshold(scores).value)).toBeCloseTo(30 / 100_000, 12);
  });

  it('calls nothing changed where nothing was observed', () => {
    const threshold = chooseThreshold(new Float32Array(9).fill(Number.NaN));
    expect(threshold.chosen).toBe('none');
    expect(JSON.parse(JSON.stringify(threshold))).toEqual(threshold);
    expect(threshold.value).toBeGreaterThan(1e300);
  });
});

describe("Otsu's threshold", () => {
  it('lies where the variance between the classes is greatest, as tried one by one', () => {
    const scores = scoresOf(2, { count: 9_000, mean: 3, deviation: 1 }, { count: 1_000, mean: 9, deviation: 1 });
    const between = (value: number) => {
      const high = scores.filter((score) => score > value);
      const low = scores.filter((score) => score <= value);
      const mean = (part: Float32Array) => part.reduce((sum, score) => sum + score, 0) / part.length;
      return high.length * low.length * (mean(high) - mean(low)) ** 2;
    };
    const found = otsu(histogramOf(scores, 14), 14)!;
    for (let value = 0.5; value < 13; value += 0.25) {
      expect(between(value)).toBeLessThanOrEqual(between(found) * 1.001);
    }
  });

  it('is null where everything lies in one place', () => {
    expect(otsu(histogramOf(new Float32Array(100).fill(0.01), 10), 10)).toBeNull();
  });
});

describe('a rule asked for', () => {
  const scores = scoresOf(3, { count: 45_000, mean: 4, deviation: 1 }, { count: 5_000, mean: 14, deviation: 2 });

  it('is taken as it comes, and the others stay told', () => {
    const auto = chooseThreshold(scores);
    expect(chooseThreshold(scores, 'ki').value).toBe(auto.kittlerIllingworth);
    expect(chooseThreshold(scores, '2means').value).toBe(auto.twoMeans);
    expect(chooseThreshold(scores, 'otsu')).toMatchObject({
      value: auto.otsu,
      chosen: 'otsu',
      twoMeans: auto.twoMeans,
    });
    expect(chooseThreshold(scores, 'fixed:7.5')).toMatchObject({ value: 7.5, chosen: 'fixed' });
  });

  it.each([
    ['auto', 'auto'],
    ['2means', '2means'],
    ['fixed:3', 'fixed:3'],
    ['fdr:.05', 'fdr:0.05'],
    ['fixed:', null],
    ['fixed:-1', null],
    ['fdr:1.5', null],
    ['fdr:0', null],
    ['median', null],
  ])('%s is read as %s', (text, rule) => {
    expect(thresholdRule(text)).toBe(rule);
  });
});

describe('more than half of the scene changed', () => {
  it('is said where it seems so, and not where a fifth did', () => {
    const unchanged = { count: 20_000, mean: 2, deviation: 0.5 };
    const changed = (count: number) => ({ count, mean: 20, deviation: 2 });
    expect(chooseThreshold(scoresOf(3, unchanged, changed(30_000))).mostlyChanged).toBe(true);
    expect(chooseThreshold(scoresOf(3, unchanged, changed(5_000))).mostlyChanged).toBe(false);
    expect(chooseThreshold(noise(5, 4)).mostlyChanged).toBe(false);
  });
});
