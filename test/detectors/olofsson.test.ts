import { describe, expect, it } from 'vitest';
import { estimateMap, type SampledMap } from '../../detectors/olofsson.ts';

/** Pixels of 30 m in hectares. */
const hectares = 0.09;

/** Olofsson et al. 2014, Table 8: 640 samples of a map of forest change. */
const table8: SampledMap = {
  classes: ['deforestation', 'forest gain', 'stable forest', 'stable non-forest'],
  samples: [
    [66, 0, 5, 4],
    [0, 55, 8, 12],
    [1, 0, 153, 11],
    [2, 1, 9, 313],
  ],
  mappedAreas: [200_000, 150_000, 3_200_000, 6_450_000].map((pixels) => pixels * hectares),
};

describe('the example of Olofsson et al. 2014', () => {
  const { overallAccuracy, classes } = estimateMap(table8);

  it('comes out with the overall accuracy, ± at 95 %, that they print', () => {
    expect([overallAccuracy.value.toFixed(3), overallAccuracy.margin.toFixed(3)]).toEqual(['0.947', '0.018']);
  });

  it('comes out with their accuracies of the deforestation class', () => {
    const { usersAccuracy, producersAccuracy } = classes[0];
    expect([usersAccuracy.value.toFixed(3), usersAccuracy.margin.toFixed(3)]).toEqual(['0.880', '0.074']);
    expect([producersAccuracy.value.toFixed(3), producersAccuracy.margin.toFixed(3)]).toEqual(['0.749', '0.213']);
  });

  it('comes out with their areas of all four classes, in hectares', () => {
    expect(classes.map(({ area }) => `${area.value.toFixed(0)} ± ${area.margin.toFixed(0)}`)).toEqual([
      '21158 ± 6158',
      '11686 ± 3756',
      '285770 ± 15510',
      '581386 ± 16282',
    ]);
  });
});

describe('the estimated areas', () => {
  it('add up to the mapped ones, and are those where the sample shows no error', () => {
    const total = (areas: number[]) => areas.reduce((sum, area) => sum + area, 0);
    const areas = estimateMap(table8).classes.map(({ area }) => area.value);
    expect(total(areas)).toBeCloseTo(total(table8.mappedAreas), 6);
    const faultless = estimateMap({
      classes: ['a', 'b'],
      samples: [
        [30, 0],
        [0, 70],
      ],
      mappedAreas: [10, 990],
    });
    expect(faultless.overallAccuracy).toEqual({ value: 1, margin: 0 });
    expect(faultless.classes.map(({ area }) => area)).toEqual([
      { value: 10, margin: 0 },
      { value: 990, margin: 0 },
    ]);
  });

  it('of a class that is mapped nowhere come from the samples of the others', () => {
    const { classes } = estimateMap({
      classes: ['a', 'b'],
      samples: [
        [0, 0],
        [5, 95],
      ],
      mappedAreas: [0, 1000],
    });
    expect(classes[0].area.value).toBeCloseTo(50, 9);
    expect(classes[0].usersAccuracy.value).toBeNaN();
    expect(classes[0].producersAccuracy.value).toBe(0);
  });

  it('agree with drawing the sample again and again: 95 % of the intervals hold the truth', () => {
    // Truth: 3 % of what is mapped unchanged (b) has changed, 20 % of what is mapped changed (a) has not.
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const draw = (n: number, p: number) => Array.from({ length: n }, random).filter((value) => value < p).length;
    const truth = 100 * 0.8 + 900 * 0.03;
    let held = 0;
    for (let round = 0; round < 2000; round++) {
      const [right, missed] = [draw(100, 0.8), draw(400, 0.03)];
      const samples = [
        [right, 100 - right],
        [missed, 400 - missed],
      ];
      const { area } = estimateMap({ classes: ['a', 'b'], samples, mappedAreas: [100, 900] }).classes[0];
      if (Math.abs(area.value - truth) <= area.margin) held++;
    }
    expect(held / 2000).toBeGreaterThan(0.925);
    expect(held / 2000).toBeLessThan(0.965);
  });
});

describe('a table that cannot be one is refused', () => {
  const cases: [said: string, table: SampledMap][] = [
    ['wanted at least 2 classes, got 1', { classes: ['a'], samples: [[3]], mappedAreas: [1] }],
    ['wanted classes of different names, got a, a', { ...small(), classes: ['a', 'a'] }],
    ['wanted 2 rows of sample counts, one per class, got 1', { ...small(), samples: [[3, 1]] }],
    ['wanted 2 sample counts in the row of b, got 1', { ...small(), samples: [[3, 1], [2]] }],
    ['wanted whole sample counts from 0 in the row of b, got -2', small([3, 1], [-2, 5])],
    ['wanted whole sample counts from 0 in the row of a, got 0.5', small([3, 0.5], [2, 5])],
    ['wanted at least 2 samples where b is mapped, got 1', small([3, 1], [0, 1])],
    ['wanted 2 mapped areas, one per class, got 3', { ...small(), mappedAreas: [1, 2, 3] }],
    ['wanted a mapped area of 0 or more for a, got -1', { ...small(), mappedAreas: [-1, 2] }],
    ['wanted a mapped area of 0 or more for b, got NaN', { ...small(), mappedAreas: [1, Number.NaN] }],
    ['wanted no samples of b, which covers nothing, got 7', { ...small(), mappedAreas: [1, 0] }],
    ['wanted a mapped area above 0 for some class, got none', { ...small([0, 0], [0, 0]), mappedAreas: [0, 0] }],
  ];

  it.each(cases)('%s', (said, table) => {
    expect(() => estimateMap(table)).toThrow(new RangeError(said));
  });
});

function small(a = [3, 1], b = [2, 5]): SampledMap {
  return { classes: ['a', 'b'], samples: [a, b], mappedAreas: [10, 20] };
}
