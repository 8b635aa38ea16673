import type { ColourBands } from '../../detectors/change-type.ts';
import type { VegetationBands } from '../../detectors/features.ts';
import type { ChangeModel, Smoothing } from '../../detectors/model.ts';
import type { BandTie } from '../../detectors/normalisation.ts';
import type { ThresholdRule } from '../../detectors/threshold.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { PairShift } from '../../imagery/registration/shift.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { MethodChoice } from './choose-method.ts';

/** Two scenes to be compared, and the bands they are compared in. */
export interface ScenePair {
  before: Scene;
  after: Scene;
  /** Roles compared, in the before scene's order. */
  roles: BandRole[];
  method: MethodChoice;
  /** Default: guarded, see ThresholdRule. */
  threshold?: ThresholdRule;
  /** Default: the method's own. */
  smoothing?: Smoothing;
}

/** What was estimated once for a pair and holds for every window of it. */
export interface PairModel {
  key: string;
  /** Null: registration found no hold or was not asked (radar), and the pair is compared as it lies. */
  shift: PairShift | null;
  /** Null: the two scenes share no observed pixel, or cannot be compared. */
  ties: BandTie[] | null;
  /** Null: nobody needed the change score, or there are no ties. */
  change: ChangeModel | null;
  /** What the before image's darkest pixels have, raw, by band: the air, for the most part. */
  darkest?: number[] | null;
  /** Why this method; absent where no method was needed. */
  why?: string;
  warnings: string[];
}

export function pairKey(before: Scene, after: Scene): string {
  return `${before.id}-${after.id}`;
}

/**
 * Roles present in every scene, in the first one's order. X (unnamed) bands take part only where all
 * scenes have the same bands throughout; A (atmosphere) never.
 * @throws ImageryError bands-differ when there is none.
 */
export function commonRoles(scenes: readonly Scene[]): BandRole[] {
  const [first, ...others] = scenes;
  const same = others.every((scene) => scene.bands.join() === first.bands.join());
  const ground = first.bands.filter((role) => role !== 'A');
  if (same && ground.length > 0) return ground;
  const named = [...new Set(ground)].filter(
    (role) => role !== 'X' && others.every((scene) => scene.bands.includes(role)),
  );
  if (named.length > 0) return named;
  const odd = others.find((scene) => !scene.bands.some((role) => role !== 'X' && first.bands.includes(role)));
  throw new ImageryError(
    'bands-differ',
    `${odd?.path ?? others[0].path}: bands ${odd?.bands.join(',') ?? ''} share no role with ${first.bands.join(',')} of ${first.path}.`,
  );
}

/** Where the roles lie in a scene's file. Repeated X bands are taken in order. */
export function bandIndices(scene: Pick<Scene, 'bands'>, roles: readonly BandRole[]): number[] {
  if (scene.bands.join() === roles.join()) return roles.map((_, i) => i);
  const nth = (i: number) => roles.slice(0, i).filter((role) => role === roles[i]).length;
  return roles.map((role, i) => scene.bands.flatMap((band, at) => (band === role ? [at] : []))[nth(i)] ?? -1);
}

export function vegetationBands(roles: readonly BandRole[]): VegetationBands | null {
  const red = roles.indexOf('R');
  const nearInfrared = roles.indexOf('N');
  return red < 0 || nearInfrared < 0 ? null : { red, nearInfrared };
}

export function colourBands(roles: readonly BandRole[]): ColourBands {
  const at = (role: BandRole) => (roles.includes(role) ? roles.indexOf(role) : null);
  return { blue: at('B'), green: at('G'), red: at('R'), nearInfrared: at('N'), shortWave: at('S1') };
}
