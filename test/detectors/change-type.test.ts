import { describe, expect, it } from 'vitest';
import { type ChangeType, changeTypes, typeOf } from '../../detectors/change-type.ts';

/** Mean reflectances, blue, green, red, near infrared: METHODS §10; water as over a turbid pond. */
const spectra = {
  canopy: [0.048, 0.118, 0.074, 0.539],
  stressed: [0.06, 0.12, 0.1, 0.3],
  asphalt: [0.053, 0.063, 0.075, 0.096],
  concrete: [0.143, 0.168, 0.188, 0.199],
  metal: [0.198, 0.227, 0.234, 0.268],
  paint: [0.251, 0.307, 0.376, 0.407],
  soil: [0.184, 0.269, 0.384, 0.473],
  fieldSoil: [0.092, 0.135, 0.192, 0.237],
  water: [0.06, 0.075, 0.055, 0.03],
  murky: [0.06, 0.075, 0.055, 0.068],
};
type Ground = keyof typeof spectra;

const bands = { blue: 0, green: 1, red: 2, nearInfrared: 3 };
const block = { pixels: 400, width: 22, height: 22 };
const strip = { pixels: 300, width: 60, height: 60 };

const typed = (before: Ground, after: Ground, shape = block) => typeOf(spectra[before], spectra[after], bands, shape);

describe('what a patch turned into', () => {
  it.each<[Ground, Ground, ChangeType]>([
    ['canopy', 'asphalt', 'built'],
    ['canopy', 'concrete', 'built'],
    ['canopy', 'metal', 'built'],
    ['fieldSoil', 'paint', 'built'],
    ['canopy', 'soil', 'bare'],
    ['canopy', 'fieldSoil', 'bare'],
    ['canopy', 'water', 'water'],
    ['fieldSoil', 'water', 'water'],
    ['canopy', 'murky', 'water'],
    ['soil', 'canopy', 'vegetation-gain'],
    ['water', 'canopy', 'vegetation-gain'],
    ['canopy', 'stressed', 'vegetation-loss'],
    ['canopy', 'canopy', 'unknown'],
  ])('%s to %s is %s', (before, after, type) => {
    expect(typed(before, after).type).toBe(type);
  });

  it.each<Ground>(['asphalt', 'concrete'])('%s is a road where the patch is slender', (after) => {
    expect(typed('canopy', after, strip).type).toBe('road');
  });

  it('a slender patch of soil or water stays what it is, and a few slender pixels are no road', () => {
    expect(typed('canopy', 'soil', strip).type).toBe('bare');
    expect(typed('canopy', 'water', strip).type).toBe('water');
    expect(typed('canopy', 'asphalt', { pixels: 20, width: 20, height: 20 }).type).toBe('built');
  });

  it('does not depend on the unit of the spectra', () => {
    const scaled = (ground: Ground) => spectra[ground].map((value) => value * 10_000);
    for (const after of Object.keys(spectra) as Ground[]) {
      expect(typeOf(scaled('canopy'), scaled(after), bands, block)).toEqual(typed('canopy', after));
    }
  });

  it('goes by roles, not by the order of the bands', () => {
    const reversed = { blue: 3, green: 2, red: 1, nearInfrared: 0 };
    const turned = (ground: Ground) => spectra[ground].toReversed();
    expect(typeOf(turned('canopy'), turned('soil'), reversed, block)).toEqual(typed('canopy', 'soil'));
  });
});

describe('the grounds of a type', () => {
  it('are the indices, to four digits', () => {
    const { features } = typed('canopy', 'soil');
    expect(features.ndviBefore).toBe(0.7586);
    expect(features.ndviAfter).toBe(0.1039);
    expect(features.ndwiAfter).toBe(-0.2749);
    expect(features.redness).toBe(0.3521);
    expect(features.brightening).toBe(3.4875);
    expect(features.fill).toBe(0.8264);
  });

  it('make a clear case more confident than a borderline one, always between 0 and 1', () => {
    expect(typed('canopy', 'water').confidence).toBeGreaterThan(typed('canopy', 'murky').confidence);
    for (const before of Object.keys(spectra) as Ground[]) {
      for (const after of Object.keys(spectra) as Ground[]) {
        const { confidence } = typed(before, after);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('without the bands it needs', () => {
  it.each([
    ['near infrared', { ...bands, nearInfrared: null }],
    ['red', { ...bands, red: null }],
    ['blue', { ...bands, blue: null }],
  ])('%s, the type is unknown, with no confidence', (_name, some) => {
    const result = typeOf(spectra.canopy, spectra.soil, some, block);
    expect([result.type, result.confidence]).toEqual(['unknown', 0]);
  });

  it('green, water cannot be told but soil can', () => {
    const some = { ...bands, green: null };
    expect(typeOf(spectra.canopy, spectra.soil, some, block).type).toBe('bare');
  });
});

it('every type has an exchange code of its own and a name in both languages', () => {
  const all = Object.values(changeTypes);
  expect(new Set(all.map(({ tblx }) => tblx)).size).toBe(all.length);
  for (const { zh, en } of all) expect(zh.length * en.length).toBeGreaterThan(0);
});
