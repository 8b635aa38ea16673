import type { Grid } from '../../../imagery/grid.ts';
import { type Channels, commonStretch, encodePng, type Stretch, stretchedPixels } from '../../../imagery/picture.ts';
import type { Scene } from '../../../imagery/scene.ts';
import type { SourceCache } from '../../detection/source-cache.ts';
import { sceneOfRow } from '../../scenes/scene-record.ts';
import { chipGrid } from '../chip-frame.ts';
import type { DateGroup } from './dates.ts';
import { type KnownPlace, shiftOn } from './known-place.ts';
import { type Bands, isRadar, knownTies, readChannels, shownRoles, tieTo } from './picture.ts';

/** Side of the pictures that a stretch is told from: the same for small and large ones. */
const stretchPx = 160;
const mostStretches = 200;
const mostPictures = 96;

interface Base {
  scene: Scene;
  /** Its channels where the stretch was told. */
  shown: Channels;
  stretch: Stretch;
}

/** Draws a place on its dates: all under the stretch of the two it was judged on. */
export class DatePictures {
  readonly #sources: SourceCache;
  readonly #bases = new Map<string, Promise<Base>>();
  readonly #drawn = new Map<string, Promise<Uint8Array>>();

  constructor(sources: SourceCache) {
    this.#sources = sources;
  }

  /** @throws ImageryError where a file cannot be read */
  draw(known: KnownPlace, group: DateGroup, sizePx: number, bands: Bands): Promise<Uint8Array> {
    const key = [known.patch.detectionId, ...group.scenes.map(({ id }) => id), sizePx, bands].join(' ');
    return kept(this.#drawn, mostPictures, key, () => this.#draw(known, group, sizePx, bands));
  }

  async #draw(known: KnownPlace, group: DateGroup, sizePx: number, bands: Bands): Promise<Uint8Array> {
    const target = chipGrid(known.place.evidence, sizePx);
    const base = group.radar ? null : await this.#base(known, bands);
    const shown = await this.#composite(known, group, target, bands, base);
    const stretch = base?.stretch ?? commonStretch([shown]);
    return encodePng(stretchedPixels(shown, sizePx, sizePx, stretch), sizePx, sizePx);
  }

  /** What all dates are brought to: the earlier image of the pair, and the stretch of both. */
  #base(known: KnownPlace, bands: Bands): Promise<Base> {
    const key = `${known.patch.detectionId} ${bands}`;
    return kept(this.#bases, mostStretches, key, async () => {
      const { evidence } = known.place;
      const [pair] = evidence.pairs;
      const scenes = known.groups.filter(({ radar }) => !radar).flatMap((group) => group.scenes);
      const named = (id: string | undefined) => scenes.find((row) => row.id === id);
      const scene = sceneOfRow(named(pair?.before.id) ?? scenes[0]);
      const later = named(pair?.after.id);
      const target = chipGrid(evidence, stretchPx);
      const roles = shownRoles(scene.bands, bands);
      const shown = await readChannels(scene, roles, target, undefined, this.#sources);
      if (later === undefined) return { scene, shown, stretch: commonStretch([shown]) };
      const after = await this.#tied(known, sceneOfRow(later), target, bands, { scene, shown });
      return { scene, shown, stretch: commonStretch([shown, after]) };
    });
  }

  /** The scenes of a day, that which covers most of the place in front. */
  async #composite(known: KnownPlace, group: DateGroup, target: Grid, bands: Bands, base: Base | null) {
    const [first, ...others] = group.scenes.map(sceneOfRow);
    const shown = await this.#tied(known, first, target, bands, base);
    for (const scene of others) {
      if (!shown.mask.includes(0)) break;
      const behind = await this.#tied(known, scene, target, bands, base);
      for (let i = 0; i < behind.mask.length; i++) {
        if (shown.mask[i] || !behind.mask[i]) continue;
        shown.mask[i] = 1;
        for (const [k, channel] of shown.channels.entries()) channel[i] = behind.channels[k][i];
      }
    }
    return shown;
  }

  async #tied(
    known: KnownPlace,
    scene: Scene,
    target: Grid,
    bands: Bands,
    base: Pick<Base, 'scene' | 'shown'> | null,
  ): Promise<Channels> {
    const { evidence } = known.place;
    const roles = shownRoles(scene.bands, bands);
    const shift = shiftOn(target, known)(scene.id);
    const own = await readChannels(scene, roles, target, shift, this.#sources);
    if (base === null || isRadar(scene) || scene.id === base.scene.id) return own;
    const ties = knownTies(evidence, scene.id, roles);
    if (ties !== null || base.shown.mask.length === own.mask.length) return tieTo(own, scene, base, ties);
    // The ground that did not change is looked for where the base was read.
    const small = await readChannels(scene, roles, chipGrid(evidence, stretchPx), undefined, this.#sources);
    return tieTo(own, scene, base, ties, small);
  }
}

/** What was made for a key, the least recently asked for dropped first; what failed is tried again. */
async function kept<Value>(
  made: Map<string, Promise<Value>>,
  most: number,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = made.get(key) ?? make();
  made.delete(key);
  made.set(key, value);
  const [oldest] = made.keys();
  if (made.size > most) made.delete(oldest);
  try {
    return await value;
  } catch (error) {
    made.delete(key);
    throw error;
  }
}
