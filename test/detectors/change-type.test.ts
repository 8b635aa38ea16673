import { describe, expect, it } from 'vitest';
import { type ChangeType, changeTypes, type PatchColours, typeOf } from '../../detectors/change-type.ts';
import { type PatchShape, shapeOf } from '../../detectors/patch-shape.ts';
import { surfaces } from '../fixtures/reference-spectra.ts';
import { drawnRuns, turned } from '../support/drawn-shapes.ts';

type Ground = keyof typeof surfaces;

const bands = { blue: 0, green: 1, red: 2, nearInfrared: 3, shortWave: 4 };
const block = shapeOf(drawnRuns(60, (x, y) => x > 10 && x < 50 && y > 15 && y < 40));
const road = shapeOf(
  drawnRuns(
    200,
    turned(20, (u, v) => Math.abs(v - u ** 2 / 500) < 2),
  ),
);
const blob = shapeOf(drawnRuns(60, (x, y) => Math.hypot(x - 30, y - 30) < 20 + 3 * Math.sin(5 * x)));
const pixelM = 2;

function colours(before: Ground, after: Ground): PatchColours {
  return { before: surfaces[before], after: surfaces[after], bands, reflectance: true };
}

const typed = (before: Ground, after: Ground, shape: PatchShape = block) =>
  typeOf(colours(before, after), shape, pixelM);

describe('what a patch turned into', () => {
  it.each<[Ground, Ground, ChangeType]>([
    ['canopy', 'asphalt', 'built'],
    ['canopy', 'concrete', 'built'],
    ['canopy', 'metal', 'built'],
    ['fieldSoil', 'paint', 'built'],
    ['canopy', 'bluePaint', 'built'],
    ['canopy', 'laboratorySoil', 'bare'],
    ['lawn', 'redClay', 'bare'],
    ['canopy', 'fieldSoil', 'bare'],
    ['canopy', 'clearWater', 'water'],
    ['fieldSoil', 'river', 'water'],
    ['canopy', 'pond', 'water'],
    ['lawn', 'film', 'greenhouse'],
    ['fieldSoil', 'doubleFilm', 'greenhouse'],
    ['lawn', 'panels', 'solar'],
    ['loam', 'canopy', 'vegetation-gain'],
    ['pond', 'lawn', 'vegetation-gain'],
    ['canopy', 'stressed', 'vegetation-loss'],
    ['canopy', 'litter', 'vegetation-loss'],
    ['canopy', 'canopy', 'unknown'],
    ['pond', 'river', 'unknown'],
  ])('%s to %s is %s', (before, after, type) => {
    expect(typed(before, after).type).toBe(type);
  });

  it.each<Ground>(['asphalt', 'concrete', 'road'])('%s is a road where the patch is a bent band', (after) => {
    expect(typed('canopy', after, road).type).toBe('road');
  });

  it('a band of soil or water stays what it is, and one wider than roads are is no road', () => {
    expect(typed('canopy', 'redClay', road).type).toBe('bare');
    expect(typed('canopy', 'river', road).type).toBe('water');
    expect(typeOf(colours('canopy', 'concrete'), road, 30).type).toBe('built');
  });

  it('large straight blocks make greenhouses and panels likelier than small ragged patches do', () => {
    for (const after of ['film', 'panels'] as const) {
      const ragged = typeOf(colours('lawn', after), blob, 0.3);
      const straight = typed('lawn', after);
      const sure = ragged.type === straight.type ? ragged.confidence : 0;
      expect(straight.confidence).toBeGreaterThan(sure + 0.05);
    }
  });

  it('goes by roles, not by the order of the bands', () => {
    const reversed = { blue: 4, green: 3, red: 2, nearInfrared: 1, shortWave: 0 };
    const turnedRound = (ground: Ground) => surfaces[ground].toReversed();
    const same = { before: turnedRound('canopy'), after: turnedRound('redClay'), bands: reversed, reflectance: true };
    expect(typeOf(same, block, pixelM)).toEqual(typed('canopy', 'redClay'));
  });
});

describe('numbers of no known scale', () => {
  const counts = (after: Ground, gain: number): PatchColours => ({
    before: surfaces.canopy.map((value) => gain * value),
    after: surfaces[after].map((value) => gain * value),
    bands,
    reflectance: false,
  });

  it.each<Ground>(['concrete', 'redClay', 'pond', 'dryGrass'])('are judged by ratios alone: %s', (after) => {
    expect(typeOf(counts(after, 10_000), block, pixelM)).toEqual(typeOf(counts(after, 250), block, pixelM));
    expect(typeOf(counts(after, 250), block, pixelM).features).not.toHaveProperty('brightness');
  });

  it.each<Ground>(['concrete', 'redClay', 'clearWater', 'film'])('make %s less sure', (after) => {
    expect(typeOf(counts(after, 250), block, pixelM).confidence).toBeLessThan(typed('canopy', after).confidence);
  });
});

describe('the grounds of a type', () => {
  it('are indices, brightness and shape, to four digits', () => {
    const { features } = typed('canopy', 'laboratorySoil');
    expect(features).toMatchObject({
      ndviBefore: 0.7586,
      ndviAfter: 0.1039,
      ndwiAfter: -0.2749,
      mndwiAfter: -0.3431,
      ndbiAfter: 0.0753,
      bsiAfter: 0.1741,
      redness: 0.3521,
      greenness: -0.0271,
      whiteness: 0.7527,
      brightness: 0.279,
      brightening: 3.4875,
      pixels: block.pixels,
    });
    expect(features['fill']).toBe(1);
    expect(features['widthM']).toBeGreaterThan(40);
  });

  it('leave out what the sensor does not show', () => {
    const { features } = typeOf({ ...colours('canopy', 'pond'), bands: { ...bands, shortWave: null } }, block, null);
    expect(Object.keys(features).filter((name) => /mndwi|ndbi|bsi|widthM/.test(name))).toEqual([]);
    expect(Object.values(features).every(Number.isFinite)).toBe(true);
  });

  it('are finite where a band is zero or, by atmospheric correction, below', () => {
    const dark = { ...colours('canopy', 'pond'), after: [0, 0, 0, 0, 0] };
    const below = { ...colours('canopy', 'pond'), after: [-0.004, 0.01, -0.002, -0.01, 0] };
    for (const each of [dark, below]) {
      const { confidence, features } = typeOf(each, block, pixelM);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(Object.values(features).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('without the bands it needs', () => {
  it.each([
    ['near infrared', { ...bands, nearInfrared: null }],
    ['red', { ...bands, red: null }],
    ['blue', { ...bands, blue: null }],
  ])('%s, the type is unknown, with no confidence', (_name, some) => {
    const result = typeOf({ ...colours('canopy', 'redClay'), bands: some }, block, pixelM);
    expect([result.type, result.confidence]).toEqual(['unknown', 0]);
  });

  it('green, soil can still be told', () => {
    const some = { ...bands, green: null };
    expect(typeOf({ ...colours('canopy', 'redClay'), bands: some }, block, pixelM).type).toBe('bare');
  });
});

it('every type has an exchange code of its own and a name in both languages', () => {
  const all = Object.values(changeTypes);
  expect(new Set(all.map(({ tblx }) => tblx)).size).toBe(all.length);
  for (const { zh, en } of all) expect(zh.length * en.length).toBeGreaterThan(0);
});
