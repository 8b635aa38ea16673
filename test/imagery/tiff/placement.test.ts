import { describe, expect, test } from 'vitest';
import { placeImage } from '../../../imagery/tiff/placement.ts';

const none = { pixelScale: undefined, tiepoints: undefined, transformation: undefined, geoKeys: null };
const area = { ProjectedCSTypeGeoKey: 4547, GTRasterTypeGeoKey: 1 };
const point = { ProjectedCSTypeGeoKey: 4547, GTRasterTypeGeoKey: 2 };
const scaleAndTie = { pixelScale: [2, 2, 0], tiepoints: [0, 0, 0, 500_000, 3_000_000, 0] };
const matrix = (m0: number, m1: number, m4: number, m5: number) => [m0, m1, 0, 500_000, m4, m5, 0, 3_000_000];
const homogeneous = [0, 0, 0, 0, 0, 0, 0, 1];
const place = (tags: object) => placeImage('x.tif', 10, 20, { ...none, ...tags });
const northUp = { crs: 'EPSG:4547', originX: 500_000, originY: 3_000_000, pixelWidth: 2, pixelHeight: -2 };

test('scale and tiepoint', () => {
  expect(place({ ...scaleAndTie, geoKeys: area })).toEqual({ width: 10, height: 20, ...northUp });
});

test('a tiepoint away from the corner', () => {
  const tiepoints = [5, 4, 0, 500_010, 2_999_992, 0];
  expect(place({ ...scaleAndTie, tiepoints, geoKeys: area })).toMatchObject(northUp);
});

test('a matrix without rotation', () => {
  const transformation = [...matrix(2, 0, 0, -2), ...homogeneous];
  expect(place({ transformation, geoKeys: area })).toMatchObject(northUp);
});

test('pixels counted as points lie half a pixel further up and left, by either way of telling', () => {
  const shifted = { ...northUp, originX: 499_999, originY: 3_000_001 };
  expect(place({ ...scaleAndTie, geoKeys: point })).toMatchObject(shifted);
  const transformation = [...matrix(2, 0, 0, -2), ...homogeneous];
  expect(place({ transformation, geoKeys: point })).toMatchObject(shifted);
});

describe('refused', () => {
  test.each([
    ['rotated', { transformation: [...matrix(1.9, 0.6, 0.6, -1.9), ...homogeneous] }, 'an image rotated by 17.5'],
    ['columns that run west', { transformation: [...matrix(-2, 0, 0, -2), ...homogeneous] }, 'columns that run west'],
    ['ground control points', { tiepoints: [0, 0, 0, 1, 1, 0, 9, 0, 0, 2, 1, 0] }, 'wanted a geotransform'],
    ['a CRS and nothing to place it', {}, 'wanted a geotransform'],
    ['pixels of no size', { ...scaleAndTie, pixelScale: [0, 2, 0] }, 'its pixels are 0 x -2'],
    ['an origin that is no number', { ...scaleAndTie, tiepoints: [0, 0, 0, Number.NaN, 0, 0] }, 'at NaN, 0'],
  ])('%s', (_, tags, words) => expect(() => place({ geoKeys: area, ...tags })).toThrow(words));
});
