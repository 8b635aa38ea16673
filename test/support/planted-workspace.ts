import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Polygon, Position } from 'geojson';
import { sql } from 'kysely';
import { toLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { Scene } from '../../imagery/scene.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { runMonth } from '../../services/month/run.ts';
import type { RunSummary } from '../../services/month/summary.ts';
import { addSceneFile, sceneOfRow } from '../../services/scenes/scene-record.ts';
import { openStore, type Store } from '../../services/store/open.ts';
import { importLayer } from '../../services/zones/import/import-layer.ts';
import { type Acquisition, type PlantedBox, PlantedGround } from './planted-ground.ts';

/** 10 m pixels near 114.2°E 27.1°N. */
export const plantedGrid: Grid = {
  width: 240,
  height: 200,
  crs: 'EPSG:32650',
  originX: 224_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};

/** A workspace in a folder of its own, with scenes of one known ground. */
export class PlantedWorkspace {
  readonly store: Store;
  /** The workspace folder, for the command line. */
  readonly home: string;
  readonly #ground = new PlantedGround('EPSG:32650', 5, 10);

  private constructor(store: Store, home: string) {
    this.store = store;
    this.home = home;
  }

  static async create(): Promise<PlantedWorkspace> {
    const folder = await mkdtemp(join(tmpdir(), 'tuban-planted-'));
    return new PlantedWorkspace(await openStore({ sqlite: join(folder, 'tuban.db') }), folder);
  }

  /** Another workspace that begins with all that this one holds; scenes stay where they are. */
  async fork(): Promise<PlantedWorkspace> {
    const folder = await mkdtemp(join(tmpdir(), 'tuban-planted-'));
    const path = join(folder, 'tuban.db');
    await sql`vacuum into ${sql.lit(path)}`.execute(this.store.db);
    return new PlantedWorkspace(await openStore({ sqlite: path }), folder);
  }

  path(name: string): string {
    return join(this.home, name);
  }

  /** Draws the ground on a day and adds it as a scene; `unobserved` places are nodata. */
  async scene(
    date: string,
    acquisition: Acquisition & { unobserved?: readonly PlantedBox[] },
    grid: Grid = plantedGrid,
  ): Promise<Scene> {
    const path = this.path(`${date}-${acquisition.seed}.tif`);
    const bands = this.#ground.bands(grid, acquisition);
    for (const box of acquisition.unobserved ?? []) for (const band of bands) blank(band, grid, box);
    await writeTiff(path, grid, bands, { nodata: 0 });
    const facts = { date, sensor: 'planted', bands: ['B', 'G', 'R', 'N'] as Scene['bands'] };
    return sceneOfRow((await addSceneFile(this.store, path, facts, new Date(`${date}T04:00:00Z`))).scene);
  }

  /** Imports boxes as a layer; of `districts` the names are the codes. */
  async layer(layer: string, zones: Record<string, PlantedBox>, validFrom = '2023-01-01'): Promise<void> {
    const features = Object.entries(zones).map(([code, box]) => {
      return { type: 'Feature', properties: { id: code, XZQDM: code, XMC: code }, geometry: boxPolygon(box) };
    });
    const path = this.path(`${layer}-${validFrom}.geojson`);
    await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features }));
    await importLayer(this.store, { path, layer, validFrom, now: new Date('2024-01-01T00:00:00Z') });
  }

  run(month: string, workers = 1, now = new Date('2024-07-01T18:00:00Z')): Promise<RunSummary> {
    return runMonth(this.store, { month, workers, now });
  }

  async remove(): Promise<void> {
    await this.store.close();
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Sets the pixels whose centres lie in the box to 0. */
function blank(band: Uint16Array, grid: Grid, { x, y, width, height }: PlantedBox): void {
  for (let i = 0; i < band.length; i++) {
    const px = grid.originX + ((i % grid.width) + 0.5) * grid.pixelWidth - x;
    const py = grid.originY + (Math.floor(i / grid.width) + 0.5) * grid.pixelHeight - y;
    if (px >= 0 && px < width && py >= 0 && py < height) band[i] = 0;
  }
}

/** A box of the ground in lon/lat, its edges cut so finely that they stay straight. */
export function boxPolygon({ x, y, width, height }: PlantedBox): Polygon {
  const project = toLonLat('EPSG:32650');
  const corners = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  const steps = 16;
  const ring = corners.flatMap(([x0, y0], i): Position[] => {
    const [x1, y1] = corners[(i + 1) % 4];
    return Array.from({ length: steps }, (_, k) => project(x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps));
  });
  return { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
}

/** The whole grid, grown by a margin in metres. */
export function gridBox({ originX, originY, width, height, pixelWidth, pixelHeight }: Grid, margin = 0): PlantedBox {
  return {
    x: originX - margin,
    y: originY + height * pixelHeight - margin,
    width: width * pixelWidth + 2 * margin,
    height: -height * pixelHeight + 2 * margin,
  };
}
