import { describe, expect, it } from 'vitest';
import { parsePatchFilter } from '../../../services/queue/filter.ts';

const now = new Date('2025-07-10T00:00:00Z');
const parse = (values: Record<string, string>) => parsePatchFilter(values, now);

describe('a patch filter', () => {
  it('reads every name', () => {
    const values = {
      month: '2025-06',
      district: '4304',
      layer: 'farmland,red-line',
      state: 'found, warned',
      type: 'TD',
    };
    expect(parse({ ...values, minArea: '400', bbox: '112,26,113,27.5', overdue: 'true' })).toEqual({
      month: '2025-06',
      district: '4304',
      layers: ['farmland', 'red-line'],
      states: ['found', 'warned'],
      types: ['TD'],
      minAreaM2: 400,
      bbox: { minLon: 112, minLat: 26, maxLon: 113, maxLat: 27.5 },
      overdue: { is: true, at: now },
    });
  });

  it('is not restricted by what is absent or empty', () => {
    expect(parsePatchFilter({ month: '', state: undefined }, now)).toEqual({});
  });

  it('reads a stage as its states, and together with states as those of both', () => {
    expect(parse({ stage: 'find' }).states).toEqual(['found', 'dismissed']);
    expect(parse({ stage: 'find', state: 'found,warned' }).states).toEqual(['found']);
    expect(parse({ stage: 'find', state: 'warned' }).states).toEqual([]);
  });

  it.each([
    ['month', '2025-13', "The filter month is YYYY-MM; got '2025-13'."],
    ['district', 'Hengyang', "The filter district is the first 2 to 12 digits of a district code; got 'Hengyang'."],
    ['state', 'found,lost', /^The filter state is one or more of found, dismissed, .*; got 'lost'\.$/],
    ['stage', 'end', "The filter stage is find, warn or resolve; got 'end'."],
    ['minArea', '-1', "The filter minArea is an area in m², 0 or more; got '-1'."],
    ['minArea', '2亩', "The filter minArea is an area in m², 0 or more; got '2亩'."],
    ['bbox', '112,26,113', /minLon,minLat,maxLon,maxLat in degrees, longitude first; got '112,26,113'/],
    ['bbox', '113,26,112,27', /longitude first; got/],
    ['bbox', '26,112,27,113', /longitude first; got/],
    ['bbox', '112,,113,27', /longitude first; got/],
    ['overdue', 'yes', "The filter overdue is true or false; got 'yes'."],
    ['colour', 'red', /^There is no filter colour; there are month, district, .*\.$/],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => parse({ [name]: value })).toThrow(message);
    expect(() => parse({ [name]: value })).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});
