import { describe, expect, it } from 'vitest';
import type { BandTie } from '../../../detectors/normalisation.ts';
import type { BandRole } from '../../../imagery/scene.ts';
import {
  checkMethod,
  chooseMethod,
  lookAt,
  settleMethod,
  wantsLook,
} from '../../../services/detection/choose-method.ts';
import { plantedPair } from '../../support/planted-pair.ts';
import { speckledPair } from '../../support/speckled-pair.ts';

const never = () => false;
const facts = (roles: BandRole[], look: { grey: boolean; speckled: boolean } | null = null, reflectance = false) => ({
  roles,
  reflectance,
  look,
});

describe('the method of a pair', () => {
  it.each([
    { roles: ['VV'], look: null, method: 'log-ratio', radar: true, says: 'VV is radar' },
    { roles: ['VV', 'VH'], look: null, method: 'log-ratio', radar: true, says: 'VV and VH' },
    { roles: ['P'], look: { grey: true, speckled: true }, method: 'log-ratio', radar: true, says: 'grain of speckle' },
    { roles: ['R', 'G', 'B'], look: { grey: true, speckled: true }, method: 'log-ratio', radar: true, says: 'speckle' },
    { roles: ['R', 'G', 'B'], look: { grey: false, speckled: true }, method: 'cva', radar: false, says: '3 optical' },
    { roles: ['P'], look: { grey: true, speckled: false }, method: 'cva', radar: false, says: 'One optical band' },
    { roles: ['B', 'G', 'R', 'N'], look: null, method: 'cva', radar: false, says: '4 optical bands' },
  ])('of bands $roles that look like $look is $method', ({ roles, look, method, radar, says }) => {
    const chosen = chooseMethod(facts(roles as BandRole[], look), 'auto');
    expect(chosen).toMatchObject({ method, radar });
    expect(chosen.why).toContain(says);
  });

  it('is the one asked for, but radar stays radar: it is not registered', () => {
    expect(chooseMethod(facts(['VV', 'VH']), 'cva')).toMatchObject({ method: 'cva', radar: true });
  });

  it('is chronochrome where most bands cannot be tied, unless another was asked for', () => {
    const tie = (by: BandTie['by']): BandTie => ({ gain: 1, offset: 0, correlation: 0, heldOutError: 0, by });
    const cva = chooseMethod(facts(['B', 'G', 'R', 'N']), 'auto');
    const ties = (...by: BandTie['by'][]) => by.map(tie);
    const untied = ties('spread', 'spread', 'spread', 'pseudo-invariant');
    expect(settleMethod(cva, 'auto', untied)).toMatchObject({ method: 'chronochrome' });
    expect(settleMethod(cva, 'auto', untied).why).toContain('3 of 4 bands');
    expect(settleMethod(cva, 'auto', ties('spread', 'spread', 'pseudo-invariant', 'pseudo-invariant'))).toBe(cva);
    expect(settleMethod(cva, 'cva', untied)).toBe(cva);
  });

  it('is looked for in the pixels only where nothing else tells', () => {
    expect(wantsLook({ roles: ['P'], reflectance: false })).toBe(true);
    expect(wantsLook({ roles: ['P'], reflectance: true })).toBe(false);
    expect(wantsLook({ roles: ['VV'], reflectance: false })).toBe(false);
    expect(wantsLook({ roles: ['B', 'G', 'R', 'N', 'S1', 'S2'], reflectance: false })).toBe(false);
  });

  it('is told by the grain of the sample', () => {
    const radar = speckledPair({ seed: 1, side: 128, looks: [4, 1], step: 1, changed: never }).window;
    const optical = plantedPair({ seed: 1, side: 128, bands: 1, noise: 25 }).window;
    expect(lookAt([radar])).toEqual({ grey: true, speckled: true });
    expect(lookAt([optical])).toEqual({ grey: true, speckled: false });
    expect(lookAt([{ ...radar, before: optical.before }]).speckled).toBe(false);
    const two = { ...radar, before: [...radar.before, ...optical.before], after: [...radar.after, ...radar.after] };
    expect(lookAt([two]).grey).toBe(false);
  });
});

describe('an index rule', () => {
  it('is refused where its bands are missing, with what was wanted and got', () => {
    expect(() => checkMethod('index:ndbi', { path: 'a.tif' }, ['B', 'G', 'R', 'N'])).toThrow(
      'a.tif: index:ndbi wants band S1, got B,G,R,N.',
    );
    expect(() => checkMethod('index:ndvi', { path: 'a.tif' }, ['B', 'G', 'R', 'N'])).not.toThrow();
    expect(() => checkMethod('auto', { path: 'a.tif' }, ['P'])).not.toThrow();
  });
});
