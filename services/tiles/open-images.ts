import type { RasterSource } from '../../imagery/raster.ts';
import type { Scene } from '../../imagery/scene.ts';
import { levelFor, smallCopy } from '../../imagery/tiles/reduced.ts';
import { SourceCache } from '../detection/source-cache.ts';

/** Files kept open by a thread, and decoded tiles kept of each and of each of its overviews. */
const mostOpen = 8;
const cacheBytes = 8 * 2 ** 20;
/** The longer side of the copy made of an image without overviews, and how many such copies a thread keeps. */
const copyPx = 1024;
const mostCopies = 12;

/** The images a thread draws tiles of, each at the sharpness wanted. */
export class OpenImages {
  readonly #sources = new SourceCache(mostOpen, cacheBytes);
  readonly #levels = new WeakMap<RasterSource, Map<number, RasterSource>>();
  readonly #copies = new Map<string, Promise<RasterSource>>();

  /**
   * The image, its overview or a small copy of it: the coarsest that is fine enough for `reduction` of its pixels to
   * one of the tile's. `bare`: with what its mask hides.
   */
  async at(scene: Scene, reduction: number, bare: boolean): Promise<RasterSource> {
    const id = bare ? `${scene.id} bare` : scene.id;
    // What the mask hides is there to be looked at; what is too bright to be measured is white.
    const source = await this.#sources.open({ ...scene, id, saturation: null, ...(bare && { mask: null }) });
    const { grid, overviews } = source.info;
    const level = levelFor(source, reduction);
    if (level >= 0) return this.#overview(source, level);
    const copyFactor = 2 ** Math.ceil(Math.log2(Math.max(grid.width, grid.height) / copyPx));
    return overviews.length === 0 && copyFactor > 1 && copyFactor <= reduction ? this.#copy(id, source) : source;
  }

  /** What could not be decoded since the last call. */
  takeDamage(): string[] {
    return this.#sources.takeDamage();
  }

  async #overview(source: RasterSource, level: number): Promise<RasterSource> {
    const open = this.#levels.get(source) ?? new Map<number, RasterSource>();
    this.#levels.set(source, open);
    const reduced = open.get(level) ?? (await source.overview(level));
    open.set(level, reduced);
    return reduced;
  }

  async #copy(id: string, source: RasterSource): Promise<RasterSource> {
    const copy = this.#copies.get(id) ?? smallCopy(source, copyPx);
    this.#copies.delete(id);
    this.#copies.set(id, copy);
    const [oldest] = this.#copies.keys();
    if (this.#copies.size > mostCopies) this.#copies.delete(oldest);
    try {
      return await copy;
    } catch (error) {
      this.#copies.delete(id);
      throw error;
    }
  }
}
