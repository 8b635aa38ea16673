import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from '../../../services/lineage/apportion.ts';
import { cutByLines, cutByParts, united } from '../../../services/lineage/cut.ts';
import { drawnLines, drawnParts } from '../../../services/lineage/drawn.ts';
import { seenAgain } from '../../../services/lineage/seen-again.ts';
import type { ZoneGeometry } from '../../../services/zones/geometry/zone-geometry.ts';
import { prepareShape } from '../../../services/zones/overlay/shape-patch.ts';
import { line, part, rectangle } from '../../support/lineage-ground.ts';

const areaOf = (geometry: ZoneGeometry) => prepareShape(geometry).totalM2;
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('An area shared out', () => {
  it('adds up to the hundredth, and no share is a hundredth from what its weight asks for', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e7, noNaN: true }), weights, (areaM2, given) => {
        const shares = apportion(areaM2, given);
        expect(sum(shares.map((share) => Math.round(share * 100)))).toBe(Math.round(areaM2 * 100));
        const whole = Math.round(areaM2 * 100) / 100;
        shares.forEach((share, i) => {
          expect(Math.abs(share - (whole * given[i]) / sum(given))).toBeLessThan(0.01 + 1e-6);
        });
      }),
      { numRuns: 1000, seed: 20_260_522 },
    );
  });
});

describe('A cut', () => {
  const outline = part(0, 0, 10, 6);

  it('along any lines leaves pieces that lie apart and cover the outline', () => {
    const end = fc.double({ min: 0.5, max: 9.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(end, end), { minLength: 1, maxLength: 3 }), (ends) => {
        const pieces = cutByLines(
          outline,
          ends.map(([a, b]) => line([a, -1], [b, 7])),
        );
        expect(pieces.length).toBeGreaterThan(ends.length);
        expect(sum(pieces.map(areaOf))).toBeCloseTo(areaOf(outline), 2);
        expect(areaOf(united(pieces))).toBeCloseTo(areaOf(outline), 2);
      }),
      { numRuns: 200, seed: 20_260_523 },
    );
  });

  it('follows a line with corners, whose ends lie inside the outline, straight on', () => {
    const pieces = cutByLines(outline, [line([2, 2], [2, 4], [5, 4], [5, 5])]);
    // South of the line: the corner that x = 2 cuts off below y = 2 goes on to the border.
    const areas = pieces.map(areaOf).sort((a, b) => a - b);
    expect(areas[0] / areaOf(outline)).toBeCloseTo((2 * 6 + 3 * 2) / 60, 3);
  });

  it('by one part leaves the rest, holes and all', () => {
    const [hole, rest] = cutByParts(outline, [part(3, 2, 2, 2)]);
    expect(areaOf(hole) / areaOf(outline)).toBeCloseTo(4 / 60, 4);
    expect(rest.parts[0]).toHaveLength(2);
  });

  it('makes good what is drawn a hair apart, and refuses slips', () => {
    const hair = [part(0, 0, 5, 6), part(5.0001, 0, 4.9999, 6)];
    const pieces = cutByParts(outline, hair);
    expect(sum(pieces.map(areaOf))).toBeCloseTo(areaOf(outline), 2);
    expect(() => cutByParts(outline, [part(0, 0, 0.001, 0.1)])).toThrow(/at least 1 m²; the part 1 has 0\.0\d m²/);
  });

  it('is read from GeoJSON turned either way, and from nothing else', () => {
    const turned = rectangle(0, 0, 5, 6);
    turned.coordinates[0].reverse();
    const { parts } = drawnParts(JSON.stringify({ type: 'Feature', properties: {}, geometry: turned }), 'p.geojson');
    expect(areaOf(cutByParts(outline, parts)[0]) / areaOf(outline)).toBeCloseTo(0.5, 4);
    expect(() => drawnLines(JSON.stringify(turned), 'p.geojson')).toThrow(
      /^p\.geojson: wanted a GeoJSON line; the feature 1/,
    );
    expect(() => drawnParts('{', 'p.geojson')).toThrow(/^p\.geojson: wanted a GeoJSON polygon; /);
  });
});

describe('A place seen again', () => {
  const ended = { state: 'closed', type: 'built', areaM2: 1000, endedOn: '2025-07-01', reason: null };
  const seen = { type: 'built', beforeDate: '2025-06-20', beyondM2: 0 };

  it.each([
    ['open, as it was', { state: 'warned' }, {}, 'continues', 'linked'],
    ['open, grown', { state: 'warned' }, { beyondM2: 500 }, 'grows', 'linked'],
    ['closed, as it was', {}, {}, 'repeats', 'linked'],
    ['closed, grown by too little', {}, { beyondM2: 199 }, 'repeats', 'linked'],
    ['closed, grown by too small a share', { areaM2: 5000 }, { beyondM2: 900 }, 'repeats', 'linked'],
    ['closed, grown', {}, { beyondM2: 200 }, 'grows', 'reinstated'],
    ['closed, the same type since', {}, { beforeDate: '2025-08-01' }, 'repeats', 'linked'],
    ['closed, another type since', {}, { beforeDate: '2025-08-01', type: 'bare' }, 'repeats', 'issued'],
    ['closed, another type from before', {}, { type: 'bare' }, 'repeats', 'linked'],
    [
      'dismissed as cloud, any type since',
      { state: 'dismissed', reason: 'cloud' },
      { beforeDate: '2025-08-01' },
      'repeats',
      'issued',
    ],
    ['put right, changed since', { state: 'resolved' }, { beforeDate: '2025-07-01' }, 'repeats', 'reopened'],
    ['put right, by this very change perhaps', { state: 'resolved' }, {}, 'repeats', 'linked'],
    ['confirmed restored, grown', { state: 'restored' }, { beyondM2: 300 }, 'grows', 'reopened'],
  ])('%s', (_, known, change, relation, effect) => {
    expect(seenAgain({ ...ended, ...known }, { ...seen, ...change })).toEqual({ relation, effect });
  });
});
