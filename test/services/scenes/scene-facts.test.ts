import { describe, expect, it } from 'vitest';
import { maskKindByName, parseFacts } from '../../../services/scenes/scene-facts.ts';

const parse = (value: unknown) => parseFacts(typeof value === 'string' ? value : JSON.stringify(value), 'a.json');

describe('facts beside an image', () => {
  it('are read, each in the unit it is wanted in', () => {
    expect(
      parse({
        date: '2024-06-12',
        time: '10:55',
        sensor: ' GF-2 ',
        bands: ['b', 'G', 'R', 'N'],
        crs: 'EPSG:4547',
        scale: 0.0001,
        offset: -0.1,
        nodata: 0,
        saturation: 1023,
        licence: 'county',
        cloudFraction: 0.125,
        mask: { path: 'clouds.tif', kind: 'mask' },
      }),
    ).toEqual({
      date: '2024-06-12',
      time: '10:55:00',
      sensor: 'GF-2',
      bands: ['B', 'G', 'R', 'N'],
      crs: 'EPSG:4547',
      reflectance: { scale: 0.0001, offset: -0.1 },
      nodata: 0,
      saturation: 1023,
      licence: 'county',
      cloudFraction: 0.125,
      mask: { path: 'clouds.tif', kind: 'mask' },
    });
    expect(parse('{}')).toEqual({});
    expect(parse('\uFEFF{"bands":"B,G,R,N","mask":"a_SCL.tif","scale":2}')).toEqual({
      bands: ['B', 'G', 'R', 'N'],
      mask: { path: 'a_SCL.tif' },
      reflectance: { scale: 2, offset: 0 },
    });
  });

  it.each<[value: unknown, why: string]>([
    ['{"date":', 'is no JSON'],
    ['[]', 'wanted an object of facts'],
    ['null', 'wanted an object of facts'],
    [{ sensr: 'GF-2' }, "knows no field 'sensr'; wanted any of date, time, sensor"],
    [{ date: '2024-06-31' }, 'field \'date\': wanted a day as YYYY-MM-DD, got "2024-06-31"'],
    [{ date: 20240612 }, "field 'date': wanted a day as YYYY-MM-DD, got 20240612"],
    [{ time: '24:00' }, "field 'time': wanted a local time as HH:MM:SS"],
    [{ sensor: '' }, "field 'sensor': wanted text"],
    [{ bands: 'B,Q' }, "field 'bands': Band role 'Q': wanted one of B, G, R"],
    [{ crs: 'EPSG:1' }, "field 'crs': "],
    [{ nodata: '0' }, 'field \'nodata\': wanted a number, got "0"'],
    [{ cloudFraction: 12 }, "field 'cloudFraction': wanted a share from 0 to 1, got 12"],
    [{ mask: { path: 'a.tif', kind: 'cloudy' } }, "field 'mask': wanted a kind of mask (mask, landsat-qa, scl)"],
    [{ mask: 3 }, "field 'mask': wanted text"],
    [{ offset: -0.1 }, "field 'offset': wanted a scale with it"],
  ])('%j is refused in one line', (value, why) => {
    const parsing = () => parse(value);
    expect(parsing).toThrow(`a.json: ${why}`);
    expect(parsing).not.toThrow('\n');
  });

  it('know a quality band by its name', () => {
    const name = 'LC08_L2SP_123041_20240612_20240618_02_T1_QA_PIXEL.TIF';
    expect([maskKindByName(name), maskKindByName('T49RGL_SCL_20m.jp2'), maskKindByName('SCL.tif')]).toEqual([
      'landsat-qa',
      'scl',
      null,
    ]);
  });
});
