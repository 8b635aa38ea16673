import type { RasterSource } from '../../imagery/raster.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';

/** Files kept open by one thread. */
const mostOpen = 12;

/** Keeps the raster files that a thread works on open, the least recently used closed first. */
export class SourceCache {
  readonly #open = new Map<string, Promise<RasterSource>>();
  readonly #damage = new Set<string>();

  async open(path: string): Promise<RasterSource> {
    const source = this.#open.get(path) ?? openTiff(path, { onDamage: (error) => this.#damage.add(error.message) });
    this.#open.delete(path);
    this.#open.set(path, source);
    try {
      await source;
    } catch (error) {
      this.#open.delete(path);
      throw error;
    }
    await this.#closeBeyond(mostOpen);
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
    for (const [path, source] of this.#open) {
      if (this.#open.size <= count) return;
      this.#open.delete(path);
      await (await source).close();
    }
  }
}
