import { expect, it } from 'vitest';
import { figuresOf } from '../../../services/cycle/figures.ts';
import type { ScopeFacts } from '../../../services/reports/facts.ts';
import { standardReport } from '../../../services/reports/parameters.ts';
import { rankCounties } from '../../../services/reports/ranking.ts';

/** A county of which this many patches, breaches, put right and still open are known. */
function county(code: string, base: number, violations: number, rectified: number, open: number): ScopeFacts {
  const nothing = figuresOf([]);
  const areaM2 = 1000 * base;
  const figures = {
    ...nothing,
    base: { count: base, areaM2 },
    outcomes: { open, resolved: base - open, dismissed: 0 },
    violations: { ...nothing.violations, count: violations },
    rectified: { count: rectified, areaM2: 0 },
  };
  return { code, name: code, figures } as ScopeFacts;
}

it('Counties are ranked by the share put right, then by what is done; equals share a place', () => {
  const ranked = rankCounties(
    [
      county('430401', 40, 10, 5, 20),
      county('430402', 40, 10, 9, 20),
      county('430403', 40, 20, 10, 20),
      county('430404', 40, 10, 5, 10),
    ],
    standardReport,
  );
  expect(ranked.map(({ scope, rank }) => [scope.code, rank])).toEqual([
    ['430402', 1],
    ['430404', 2],
    ['430401', 3],
    ['430403', 3],
  ]);
});

it('A small county is marked and takes nobody’s place; one with no breach has nothing to be ranked by', () => {
  const counties = [
    county('430401', 9, 2, 2, 0),
    county('430402', 40, 10, 5, 20),
    county('430403', 40, 0, 0, 0),
    county('430404', 10, 1, 0, 10),
    county('430405', 14, 2, 0, 10),
  ];
  const ranked = rankCounties(counties, standardReport);
  // 10 patches of 1000 m² are 15 亩: enough patches, too little area.
  expect(ranked.map(({ scope, rank, why }) => [scope.code.at(-1), rank, why])).toEqual([
    ['2', 1, null],
    ['5', 2, null],
    ['1', null, 'small'],
    ['3', null, 'no-breach'],
    ['4', null, 'small'],
  ]);
  const all = { ...standardReport, ranking: { smallPatches: 0, smallAreaMu: 0 } };
  expect(rankCounties(counties, all).filter(({ rank }) => rank !== null)).toHaveLength(4);
});
