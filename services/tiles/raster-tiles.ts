import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import { remoteSettings } from '../../imagery/remote/settings.ts';
import { emptyTile } from '../../imagery/tiles/png.ts';
import { type TileAddress, tileLonLatBox } from '../../imagery/tiles/web-mercator.ts';
import { ServiceError } from '../error.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import type { Store } from '../store/open.ts';
import { findScene, type SceneRow } from '../store/scenes.ts';
import { scenesInBox, scenesNamed } from '../store/tile-rows.ts';
import { shownBands } from './band-choice.ts';
import { ByteCache } from './byte-cache.ts';
import { type DrawnTile, type GroupStretch, groupOf, type Layer } from './drawing.ts';
import { MonthsImagery, type Side } from './month-imagery.ts';
import { rangeOf, type TileRange } from './tile-range.ts';

/** A tile as asked for: two pixels for one on sharp screens. */
export interface RasterTileRequest extends TileAddress {
  bands: string;
  scale: 1 | 2;
  /** District code prefix the asker may see; '' = all. */
  within: string;
}

/** A tile that can be told from any other by its tag, and is drawn when its picture is wanted. */
export interface RasterTile {
  tag: string;
  /** PNG; where nothing is seen, the one empty tile that all share. */
  picture(): Promise<Uint8Array>;
}

/** range null: there are no images that the asker may see. dates: local days, the earliest first. */
export interface AboutImages {
  range: TileRange | null;
  dates: string[];
}

const tilePx = 256;
/** Drawn otherwise, tiles have other tags. */
const drawingVersion = 1;
const mostCachedBytes = 64 * 2 ** 20;
/** Tiles drawn or waiting: one who asks for more is told to come back. */
const mostAtOnce = 512;
/** Scenes that a month's stretch is told from, spread over those of both sides. */
const mostSampled = 24;
/** Scenes that one tile is drawn of. */
const mostLayers = 64;
const nothing = new Uint8Array();

/** Map tiles of scenes and of what a month's run compared, drawn in threads of their own. */
export class RasterTiles {
  readonly #store: Store;
  readonly #months: MonthsImagery;
  readonly #threads: ThreadPool;
  readonly #drawn = new ByteCache(mostCachedBytes);
  readonly #drawing = new Map<string, Promise<Uint8Array>>();
  readonly #stretches = new Map<string, Promise<GroupStretch>>();
  readonly #onDamage: (message: string) => void;

  constructor(store: Store, options: { threads?: number; onDamage?: (message: string) => void } = {}) {
    const { threads = Math.max(1, Math.min(4, availableParallelism())), onDamage = () => {} } = options;
    this.#store = store;
    this.#months = new MonthsImagery(store);
    this.#onDamage = onDamage;
    const limits = { resourceLimits: { maxOldGenerationSizeMb: 512 }, limitMs: () => 60_000 };
    this.#threads = new ThreadPool(threads, new URL('./thread.ts', import.meta.url), limits);
  }

  /** @throws ServiceError not-found; bad-input for bands it does not have */
  async ofScene(id: string, request: RasterTileRequest): Promise<RasterTile> {
    const row = await this.#scene(id, request.within);
    const [layer] = layersOf([row], request.bands);
    return this.#tile(
      [row].filter((scene) => meets(scene, request)),
      request,
      async () => [layer],
      id,
    );
  }

  /** The month's scenes of one side as one picture, under the stretch of both. @throws ServiceError not-found */
  async ofMonth(month: string, side: Side, request: RasterTileRequest): Promise<RasterTile> {
    const imagery = await this.#months.of(month);
    const ids = new Map(imagery[side].map((id, k) => [id, k]));
    const inBox = await scenesInBox(this.#store.db, tileLonLatBox(request), request.within);
    const rows = inBox.filter(({ id }) => ids.has(id)).sort((a, b) => ids.get(a.id)! - ids.get(b.id)!);
    const sampled = async () =>
      layersOf(await scenesNamed(this.#store.db, [...imagery.after, ...imagery.before]), request.bands);
    return this.#tile(rows.slice(0, mostLayers), request, sampled, imagery.run);
  }

  /** Where and how far in a month's tiles show something, and the days of their images. @throws ServiceError not-found */
  async aboutMonth(month: string, side: Side, within: string): Promise<AboutImages> {
    const imagery = await this.#months.of(month);
    return aboutImages((await scenesNamed(this.#store.db, imagery[side])).filter((row) => maySee(row, within)));
  }

  /** The same of one scene. @throws ServiceError not-found */
  async aboutScene(id: string, within: string): Promise<AboutImages> {
    return aboutImages([await this.#scene(id, within)]);
  }

  async #scene(id: string, within: string): Promise<SceneRow> {
    const row = await findScene(this.#store.db, id);
    if (row === null || row.removedAt !== null || !maySee(row, within)) {
      throw new ServiceError('not-found', `There is no scene ${id}.`);
    }
    return row;
  }

  /** Stops drawing. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  /** @param sampled the layers that stretches are told from, known by `ground` */
  #tile(
    rows: readonly SceneRow[],
    request: RasterTileRequest,
    sampled: () => Promise<Layer[]>,
    ground: string,
  ): RasterTile {
    const { z, x, y, bands, scale } = request;
    const layers = layersOf(rows, bands);
    const facts = rows.map(({ id, bandsJson, gridJson, nodata, maskJson, scale: factor, offset }) => {
      return [id, bandsJson, gridJson, nodata, maskJson, factor, offset];
    });
    const content = [drawingVersion, ground, layers.length === 0 ? null : [z, x, y, bands, scale], facts];
    const tag = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 27);
    const picture = async () => {
      if (layers.length === 0) return emptyTile(tilePx * scale);
      const png = this.#drawn.get(tag) ?? (await this.#once(tag, () => this.#draw(request, layers, sampled, ground)));
      return png.byteLength === 0 ? emptyTile(tilePx * scale) : png;
    };
    return { tag, picture };
  }

  /** Two who ask for a tile at once get the same drawing. */
  async #once(tag: string, draw: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const running = this.#drawing.get(tag);
    if (running !== undefined) return running;
    if (this.#drawing.size >= mostAtOnce) {
      throw new ServiceError('busy', `${mostAtOnce} tiles are being drawn already; ask again in a moment.`);
    }
    const drawing = draw();
    this.#drawing.set(tag, drawing);
    try {
      const png = await drawing;
      this.#drawn.set(tag, png);
      return png;
    } finally {
      this.#drawing.delete(tag);
    }
  }

  async #draw(
    { z, x, y, scale }: RasterTileRequest,
    layers: Layer[],
    sampled: () => Promise<Layer[]>,
    ground: string,
  ): Promise<Uint8Array> {
    const stretches: Record<string, GroupStretch> = {};
    for (const group of new Set(layers.map((layer) => layer.group))) {
      stretches[group] = await this.#stretch(`${ground} ${group}`, async () => {
        const fitting = (await sampled()).filter((layer) => layer.group === group);
        return spread(fitting, mostSampled);
      });
    }
    const input = { tile: { z, x, y }, sizePx: tilePx * scale, layers, stretches };
    const { png, damage } = await this.#run<DrawnTile>('draw', input);
    for (const message of damage) this.#onDamage(message);
    return png ?? nothing;
  }

  #stretch(key: string, layers: () => Promise<Layer[]>): Promise<GroupStretch> {
    const known = this.#stretches.get(key);
    if (known !== undefined) return known;
    const stretch = layers().then((of) => this.#run<GroupStretch>('stretch', of));
    this.#stretches.set(key, stretch);
    stretch.catch(() => this.#stretches.delete(key));
    return stretch;
  }

  async #run<Result>(kind: string, input: unknown): Promise<Result> {
    return (await this.#threads.run(kind, { input, settings: remoteSettings() })) as Result;
  }
}

function layersOf(rows: readonly SceneRow[], bands: string): Layer[] {
  return rows.map((row) => {
    const scene = sceneOfRow(row);
    const shown = shownBands(scene, bands);
    return { scene, shown, group: groupOf(scene, shown) };
  });
}

function maySee({ district }: SceneRow, within: string): boolean {
  return district?.startsWith(within) ?? true;
}

function aboutImages(rows: readonly SceneRow[]): AboutImages {
  const pixels = rows.map(({ gridJson }) => {
    const size = groundPixelSizeM(JSON.parse(gridJson) as Grid);
    return size === null ? 1 : Math.min(size.x, size.y);
  });
  const dates = [...new Set(rows.map(({ date }) => date))].sort();
  return { range: rangeOf(rows, Math.min(...pixels), mostLayers), dates };
}

function meets(scene: SceneRow, tile: TileAddress): boolean {
  const { minLon, minLat, maxLon, maxLat } = tileLonLatBox(tile);
  return scene.minLon <= maxLon && scene.maxLon >= minLon && scene.minLat <= maxLat && scene.maxLat >= minLat;
}

/** At most `count` of them, evenly spaced. */
function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, k) => all[Math.floor(((k + 0.5) * all.length) / count)]);
}
