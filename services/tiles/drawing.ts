import type { Stretch } from '../../imagery/picture.ts';
import type { Scene } from '../../imagery/scene.ts';
import type { TileAddress } from '../../imagery/tiles/web-mercator.ts';
import type { ShownBands } from './band-choice.ts';

/** A scene as a tile draws it. */
export interface Layer {
  scene: Scene;
  shown: ShownBands;
  /** Under which stretch: scenes of one radiometry share one. */
  group: string;
}

/** How the samples of a group become grey levels. */
export interface GroupStretch {
  stretch: Stretch;
  /** The numbers are backscatter as it is: drawn as 10 log10. */
  toDecibels: boolean;
}

/** A tile to be drawn, the first layer in front. */
export interface DrawTile {
  tile: TileAddress;
  sizePx: number;
  layers: Layer[];
  stretches: Record<string, GroupStretch>;
}

/** A drawn tile; null: nothing of the layers was observed there. */
export interface DrawnTile {
  png: Uint8Array | null;
  /** What could not be read; its pixels are transparent. */
  damage: string[];
}

/** Reflectance is reflectance, whoever measured it; raw counts are their sensor's own. */
export function groupOf({ reflectance, sensor, sampleType }: Scene, { roles, radar }: ShownBands): string {
  const radiometry = reflectance === null || radar ? `${sensor} ${sampleType}` : 'reflectance';
  return `${radiometry} ${roles.join()}`;
}

/** Decibels of backscatter, in place; what is not above 0 is as dark as radar gets. */
export function toDecibels(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) samples[i] = 10 * Math.log10(Math.max(1e-9, samples[i]));
}

/** Raw numbers as reflectance, in place, where the scene's are known to be such. */
export function toReflectance(samples: Float32Array, { reflectance }: Pick<Scene, 'reflectance'>): void {
  if (reflectance === null) return;
  for (let i = 0; i < samples.length; i++) samples[i] = samples[i] * reflectance.scale + reflectance.offset;
}
