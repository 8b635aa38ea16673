import sharp from 'sharp';
import { fromLonLat, toLonLat } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import type { Samples } from '../../../imagery/raster.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tileAt } from '../../../imagery/tiles/web-mercator.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import type { Store } from '../../../services/store/open.ts';
import { beginRun, finishRun } from '../../../services/store/runs.ts';

/** 2 m pixels near 114.2°E 27.1°N, in the middle of a tile of level 15. */
export const sceneGrid: Grid = {
  ...{ width: 300, height: 260, crs: 'EPSG:32650', originX: 223_982, originY: 3_000_084 },
  ...{ pixelWidth: 2, pixelHeight: -2 },
};

export interface DrawnScene {
  path: string;
  date: string;
  bands: Scene['bands'];
  /** Value of a band at a pixel of sceneGrid, or of `grid`. */
  value(band: number, column: number, row: number): number;
  grid?: Grid;
  nodata?: number;
  type?: new (length: number) => Samples;
}

export async function addDrawn(store: Store, scene: DrawnScene): Promise<string> {
  const { path, date, bands, value, grid = sceneGrid, nodata, type: Type = Uint16Array } = scene;
  const drawn = bands.map((_, k) => {
    const band = new Type(grid.width * grid.height);
    for (let i = 0; i < band.length; i++) band[i] = value(k, i % grid.width, Math.floor(i / grid.width));
    return band;
  });
  await writeTiff(path, grid, drawn, nodata === undefined ? {} : { nodata });
  const facts = { date, sensor: 'planted', bands };
  return (await addSceneFile(store, path, facts, new Date(`${date}T04:00:00Z`))).scene.id;
}

/** A finished run of a month over scenes, the latest of each side first. */
export async function plantRun(store: Store, month: string, afters: string[], befores: string[]): Promise<void> {
  const of = (ids: string[]) => ids.map((id) => ({ id }));
  const planJson = JSON.stringify({ afters: of(afters), befores: of(befores) });
  const id = `run-${month}-${afters.join()}`.slice(0, 60);
  await beginRun(store.db, { id, month, district: null, planJson, startedAt: `${month}-28T00:00:00.000Z` });
  await finishRun(store.db, id, '{}', new Date(`${month}-28T01:00:00Z`));
}

/** The tile of a level that holds a pixel of sceneGrid. */
export function tileOver(z: number, column = 150, row = 130) {
  const { originX, originY, pixelWidth, pixelHeight } = sceneGrid;
  const [lon, lat] = toLonLat(sceneGrid.crs!)(originX + column * pixelWidth, originY + row * pixelHeight);
  return tileAt(z, lon, lat);
}

export interface Picture {
  size: number;
  rgba: Buffer;
  /** Red, green, blue, alpha where a pixel of sceneGrid lies. */
  at(column: number, row: number): number[];
}

export async function decoded(png: Uint8Array, tile: { z: number; x: number; y: number }): Promise<Picture> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`The picture has ${info.channels} channels.`);
  const half = 20_037_508.342789244;
  const pixel = (2 * half) / 2 ** tile.z / info.width;
  const at = (column: number, row: number) => {
    const { originX, originY, pixelWidth, pixelHeight } = sceneGrid;
    const ground = toLonLat(sceneGrid.crs!)(originX + (column + 0.5) * pixelWidth, originY + (row + 0.5) * pixelHeight);
    const [x, y] = fromLonLat('EPSG:3857')(...ground);
    const [c, r] = [
      Math.floor((x + half) / pixel) - tile.x * info.width,
      Math.floor((half - y) / pixel) - tile.y * info.width,
    ];
    if (c < 0 || r < 0 || c >= info.width || r >= info.width) throw new Error(`Pixel ${column}, ${row} is not on it.`);
    return [...data.subarray(4 * (r * info.width + c), 4 * (r * info.width + c) + 4)];
  };
  return { size: info.width, rgba: data, at };
}
