import { describe, expect, it } from 'vitest';
import { districtChain } from '../../../../services/zones/overlay/district-chain.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { rectangleRuns } from '../../../support/runs.ts';
import { gridsOfHengyang, rectangle, zoneAt } from './zone-shapes.ts';

const [, grid] = gridsOfHengyang[0];
const unit = (code: string, x: number, width: number) => ({
  code,
  geometry: zoneAt(grid, rectangle(1000 + x, 1900, width, 300)),
});
const patch = prepareRuns(rectangleRuns(1000, 2000, 100, 10), grid);

/** County, town, village: code, and shares in hundredths. */
const chain = (...districts: ReturnType<typeof unit>[]) =>
  districtChain(patch, districts).map(({ level, code, share, nowhere }) => [
    level,
    code,
    Math.round(100 * share),
    Math.round(100 * nowhere),
  ]);

describe('the county, town and village of a patch', () => {
  it('are those with the largest shares', () => {
    const villages = [unit('430421100201', -50, 60), unit('430421100202', 10, 500)];
    expect(chain(unit('430421', -500, 1000), unit('430421100', -500, 1000), ...villages)).toEqual([
      ['county', '430421', 100, 0],
      ['town', '430421100', 100, 0],
      ['village', '430421100202', 90, 0],
    ]);
  });

  it('follow one another: a larger share of another county’s town does not count', () => {
    const counties = [unit('430421', -500, 560), unit('430422', 60, 500)];
    const towns = [unit('430421100', -500, 530), unit('430421101', 30, 30), unit('430422100', 60, 500)];
    expect(chain(...towns, ...counties)).toEqual([
      ['county', '430421', 60, 0],
      ['town', '430421100', 30, 0],
      ['village', null, 0, 100],
    ]);
  });

  it('say how much lies in no unit that is known', () => {
    expect(chain(unit('430421', -500, 575), unit('430421100', -500, 520))).toEqual([
      ['county', '430421', 75, 25],
      ['town', '430421100', 20, 80],
      ['village', null, 0, 100],
    ]);
    expect(chain()).toEqual([
      ['county', null, 0, 100],
      ['town', null, 0, 100],
      ['village', null, 0, 100],
    ]);
  });

  it('are told where no county is known, of what is known', () => {
    expect(chain(unit('430421100', -500, 530), unit('430422100', 30, 500)).slice(0, 2)).toEqual([
      ['county', null, 0, 100],
      ['town', '430422100', 70, 0],
    ]);
  });

  it('are the lower code where halves are even, in any order, and add the parts of one', () => {
    const halves = [unit('430422', 50, 500), unit('430421', -500, 550)];
    expect(chain(...halves)[0]).toEqual(['county', '430421', 50, 0]);
    expect(chain(...halves.toReversed())[0]).toEqual(['county', '430421', 50, 0]);
    const parts = [unit('430421', -500, 540), unit('430422', 40, 20), unit('430421', 60, 500)];
    expect(chain(...parts)[0]).toEqual(['county', '430421', 80, 0]);
  });
});
