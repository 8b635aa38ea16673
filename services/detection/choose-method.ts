import type { PairWindow } from '../../detectors/features.ts';
import { indexNames, missingRoles } from '../../detectors/index-rules.ts';
import type { Method } from '../../detectors/model.ts';
import type { BandTie } from '../../detectors/normalisation.ts';
import { grainOf, isSpeckled } from '../../detectors/speckle.ts';
import { ImageryError } from '../../imagery/error.ts';
import { type BandRole, type Scene, sarRoles } from '../../imagery/scene.ts';

/** `auto`: whatever fits the pair. */
export type MethodChoice = Method | 'auto';

/** What is known of a pair when its method is chosen. */
export interface PairFacts {
  roles: readonly BandRole[];
  /** True: both scenes' numbers are known to be reflectance. */
  reflectance: boolean;
  /** What a sample of the pixels looks like; null where nobody looked, because `wantsLook` did not ask. */
  look: Look | null;
}

/** What a sample of the pixels shows. */
export interface Look {
  /** All bands hold the same numbers: a grey image stored as colour. */
  grey: boolean;
  /** Both dates have the even grain of speckle. */
  speckled: boolean;
}

export interface ChosenMethod {
  method: Method;
  /** One sentence for the person who asks. */
  why: string;
  /** Radar: speckle is no hold for registration, which found shifts that are not there. */
  radar: boolean;
}

/** True where only the pixels tell radar from optics: up to four bands of numbers that nobody calls reflectance. */
export function wantsLook({ roles, reflectance }: Pick<PairFacts, 'roles' | 'reflectance'>): boolean {
  return !reflectance && roles.length <= 4 && !roles.some((role) => sarRoles.includes(role));
}

/** What the sample shows; the first band stands for the others. */
export function lookAt(sample: readonly PairWindow[]): Look {
  const grey = sample.every(({ before, after }) => [before, after].every((bands) => bands.every(sameAs(bands[0]))));
  const speckled = (bands: (window: PairWindow) => Float32Array[]) => {
    const grains = sample.map((window) => grainOf(bands(window)[0], window.mask, window.width));
    const told = grains.filter((grain) => grain !== null);
    return told.length > 0 && told.filter(isSpeckled).length * 2 > told.length;
  };
  return { grey, speckled: speckled((window) => window.before) && speckled((window) => window.after) };
}

/** The method for a pair: the one asked for, or by what the pair is. The reason is part of the result. */
export function chooseMethod(facts: PairFacts, asked: MethodChoice): ChosenMethod {
  const named = facts.roles.every((role) => sarRoles.includes(role));
  const { look, roles } = facts;
  const seen = look?.speckled === true && (look.grey || roles.length === 1);
  const radar = named || seen;
  if (asked !== 'auto') return { method: asked, why: 'Asked for.', radar };
  if (named) {
    return {
      method: 'log-ratio',
      why: `${facts.roles.join(' and ')} is radar: speckle multiplies, so ratios tell.`,
      radar,
    };
  }
  if (seen) {
    const why = 'One band, not in reflectance, with the even grain of speckle on both dates: taken for radar.';
    return { method: 'log-ratio', why, radar };
  }
  const optical = facts.roles.filter((role) => !sarRoles.includes(role)).length;
  const bands = optical === 1 ? 'One optical band' : `${optical} optical bands`;
  const why =
    optical >= 3
      ? `${bands}: change vectors, each direction in units of what unchanged ground differs by, and change of texture.`
      : `${bands}: too few for canonical variates, so change of value and of texture.`;
  return { method: 'cva', why, radar };
}

/**
 * The last word of `auto`, once the pair is tied: where most bands have no gain and offset that holds on any ground,
 * another season lies between the dates, and differences of values say little.
 */
export function settleMethod(chosen: ChosenMethod, asked: MethodChoice, ties: readonly BandTie[]): ChosenMethod {
  const untied = ties.filter((tie) => tie.by === 'spread').length;
  if (asked !== 'auto' || chosen.method !== 'cva' || ties.length < 3 || untied * 2 <= ties.length) return chosen;
  const why =
    `${untied} of ${ties.length} bands have no gain and offset that holds on any ground, as between seasons: ` +
    'each kind of ground is compared with what became of its like.';
  return { ...chosen, method: 'chronochrome', why };
}

/**
 * Refuses an index rule whose bands the pair does not have, before any pixel is read.
 * @throws ImageryError bands-differ
 */
export function checkMethod(method: MethodChoice, scene: Pick<Scene, 'path'>, roles: readonly BandRole[]): void {
  const name = indexNames.find((one) => method === `index:${one}`);
  if (name === undefined) return;
  const missing = missingRoles(name, roles);
  if (missing.length === 0) return;
  const wanted = missing.join(' and ');
  throw new ImageryError('bands-differ', `${scene.path}: ${method} wants band ${wanted}, got ${roles.join(',')}.`);
}

function sameAs(first: Float32Array): (band: Float32Array) => boolean {
  return (band) => band === first || band.every((value, i) => value === first[i] || Number.isNaN(value));
}
