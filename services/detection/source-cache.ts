import type { RasterSource } from '../../imagery/raster.ts';
import type { Scene } from '../../imagery/scene.ts';
import { type OpenedScene, openSceneFile } from '../../imagery/scene-file.ts';

/** Keeps the raster files that a thread works on open, the least recently used closed first. */
export class SourceCache {
  readonly #open = new Map<string, Promise<RasterSource>>();
  readonly #damage = new Set<string>();
  readonly #mostOpen: number;
  readonly #cacheBytes: number | undefined;

  /** @param cacheBytes decoded tiles kept per file; unsaid: the reader's own measure */
  constructor(mostOpen = 12, cacheBytes?: number) {
    this.#mostOpen = mostOpen;
    this.#cacheBytes = cacheBytes;
  }

  async open(scene: Pick<Scene, 'id'> & OpenedScene): Promise<RasterSource> {
    const onDamage = (error: Error) => this.#damage.add(error.message);
    const source = this.#open.get(scene.id) ?? openSceneFile(scene, onDamage, this.#cacheBytes);
    this.#open.delete(scene.id);
    this.#open.set(scene.id, source);
    try {
      await source;
    } catch (error) {
      this.#open.delete(scene.id);
      throw error;
    }
    await this.#closeBeyond(this.#mostOpen);
    return source;
  }

  /** What could not be decoded since the last call; its pixels came back unobserved. */
  takeDamage(): string[] {
    const messages = [...this.#damage].sort();
    this.#damage.clear();
    return messages;
  }

  async close(): Promise<void> {
    await this.#closeBeyond(0);
  }

  async #closeBeyond(count: number): Promise<void> {
    for (const [id, source] of this.#open) {
      if (this.#open.size <= count) return;
      this.#open.delete(id);
      await (await source).close();
    }
  }
}
