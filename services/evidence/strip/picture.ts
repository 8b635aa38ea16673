import { fitNormalisation } from '../../../detectors/normalisation.ts';
import { readAligned } from '../../../imagery/aligned.ts';
import type { Grid } from '../../../imagery/grid.ts';
import type { Channels } from '../../../imagery/picture.ts';
import { type BandRole, type Scene, sarRoles } from '../../../imagery/scene.ts';
import { bandIndices } from '../../detection/scene-pair.ts';
import type { SourceCache } from '../../detection/source-cache.ts';
import type { Evidence } from '../../month/evidence.ts';

/** What is shown as red, green and blue: the ground as eyes see it, or what grows in red. */
export type Bands = 'natural' | 'false-color';

const compositions: Readonly<Record<Bands, readonly BandRole[]>> = {
  natural: ['R', 'G', 'B'],
  'false-color': ['N', 'R', 'G'],
};

/** What to show of a scene as red, green and blue; one that lacks a band shows its first. */
export function shownRoles(roles: readonly BandRole[], bands: Bands): BandRole[] {
  return compositions[bands].map((role) => (roles.includes(role) ? role : roles[0]));
}

/** Whether a scene has what the composition needs. */
export function canShow(roles: readonly BandRole[], bands: Bands): boolean {
  return compositions[bands].every((role) => roles.includes(role));
}

/** How a scene's raw numbers become those of another: other ≈ gain · own + offset, for each channel. */
type Ties = readonly { gain: number; offset: number }[];

/** Red, green and blue of a scene on a grid, in its own numbers. */
export async function readChannels(
  scene: Scene,
  roles: readonly BandRole[],
  target: Grid,
  shift: { dx: number; dy: number } | undefined,
  sources: SourceCache,
): Promise<Channels> {
  // A picture shows what the camera saw, cloud and all: what a mask that came with it hides is for counting.
  const bare = scene.mask === null ? scene : { ...scene, id: `${scene.id} bare`, mask: null };
  const raster = await readAligned(await sources.open(bare), target, bandIndices(scene, roles), shift);
  return { channels: raster.bands, mask: raster.mask };
}

/**
 * Brings a scene's channels into the numbers of `base`, as well as is known: by the tie that the detection or a later
 * look was judged with, by reflectance where both have it, or by the ground that did not change.
 * @param alike the scene's channels on the pixels on which the base is shown
 */
export function tieTo(
  own: Channels,
  scene: Scene,
  base: { scene: Scene; shown: Channels },
  known: Ties | null,
  alike: Channels = own,
): Channels {
  const ties = known ?? byReflectance(scene, base.scene) ?? byGround(alike, base.shown);
  const channels = own.channels.map((channel, k) => channel.map((value) => ties[k].gain * value + ties[k].offset));
  return { channels, mask: own.mask };
}

/** The ties that an after image was judged with, in the order of `roles`; null where it was not. */
export function knownTies({ pairs, bands }: Evidence, sceneId: string, roles: readonly BandRole[]): Ties | null {
  const pair = pairs.find(({ after }) => after.id === sceneId);
  const ties = bandIndices({ bands }, roles).map((at) => pair?.ties[at]);
  return ties.every((tie) => tie !== undefined) ? ties : null;
}

function byReflectance({ reflectance: own }: Scene, { reflectance: base }: Scene): Ties | null {
  if (own === null || base === null) return null;
  return Array(3).fill({ gain: own.scale / base.scale, offset: (own.offset - base.offset) / base.scale });
}

const mostSamples = 8000;

/** Samples are taken where both dates saw the ground, spread evenly over it. */
function byGround(own: Channels, base: Channels): Ties {
  const step = Math.max(1, Math.floor(own.mask.length / mostSamples));
  const at: number[] = [];
  for (let i = 0; i < own.mask.length; i += step) if (own.mask[i] && base.mask[i]) at.push(i);
  const sample = (channel: Float32Array) => Float32Array.from(at, (i) => channel[i]);
  return fitNormalisation(base.channels.map(sample), own.channels.map(sample));
}

/** Radar is shown for itself: its numbers have nothing in common with light. */
export function isRadar({ bands }: Scene): boolean {
  return bands.some((role) => sarRoles.includes(role));
}
