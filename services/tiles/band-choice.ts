import { type BandRole, type Scene, sarRoles } from '../../imagery/scene.ts';
import { ServiceError } from '../error.ts';

/** Colour combinations by name; which bands show red, green and blue. */
export const BAND_PRESETS = {
  natural: ['R', 'G', 'B'],
  'false-color': ['N', 'R', 'G'],
} as const satisfies Record<string, readonly BandRole[]>;

type BandPreset = keyof typeof BAND_PRESETS;

/** What is drawn of a scene. */
export interface ShownBands {
  /** Bands of the file, one (grey) or three. */
  indices: number[];
  /** What they show, for telling apart which scenes can share a stretch. */
  roles: string[];
  /** Backscatter is drawn in decibels, unless the numbers are such already. */
  radar: boolean;
}

const bandName = /^\s*(?:[A-Za-z]{1,2}\d?|\d{1,4})\s*$/;

/**
 * The bands of `text` in a scene: a preset's name, or one or three of its bands. A preset whose bands the scene lacks
 * shows what there is, in grey: no ground may look as if there were no image of it.
 * @throws ServiceError bad-input naming the band it does not have
 */
export function shownBands(scene: Pick<Scene, 'id' | 'bands'>, text: string): ShownBands {
  const { bands } = scene;
  if (!isPreset(text))
    return shown(
      bands,
      text.split(',').map((name) => indexOf(scene, name.trim())),
    );
  const indices = BAND_PRESETS[text].map((role) => bands.indexOf(role));
  return shown(bands, indices.includes(-1) ? [greyBand(bands)] : indices);
}

/** True for bands that may be asked of some scene. */
export function isBandChoice(text: string): boolean {
  const parts = text.split(',');
  return isPreset(text) || ((parts.length === 1 || parts.length === 3) && parts.every((name) => bandName.test(name)));
}

function isPreset(text: string): text is BandPreset {
  return Object.hasOwn(BAND_PRESETS, text);
}

function indexOf({ id, bands }: Pick<Scene, 'id' | 'bands'>, name: string): number {
  const index = /^\d+$/.test(name) ? Number(name) - 1 : (bands as readonly string[]).indexOf(name.toUpperCase());
  if (index >= 0 && index < bands.length) return index;
  const has = `${bands.length} ${bands.length === 1 ? 'band' : 'bands'} (${bands.join(',')})`;
  throw new ServiceError('bad-input', `Scene ${id} has no band '${name}': it has ${has}, by name or by number from 1.`);
}

function greyBand(bands: readonly BandRole[]): number {
  return Math.max(0, bands.indexOf('P'));
}

function shown(bands: readonly BandRole[], indices: number[]): ShownBands {
  const roles = indices.map((index) => bands[index]);
  return { indices, roles, radar: roles.every((role) => sarRoles.includes(role)) };
}
