import { type Acquisition, sunOn } from './acquisitions.ts';
import { dayOfYear } from './calendar.ts';
import { fillRing } from './canvas.ts';
import { eventGround } from './event-shapes.ts';
import { type Box, boxesTouch, contains, type Ring } from './geometry.ts';
import { type Ground, groundShapes, type Shape, type Standing, shadowRings } from './ground-shapes.ts';
import { packPaints } from './paint.ts';
import { parcelPaint } from './parcel-paint.ts';
import type { CountyPlan } from './plan.ts';
import { surfacePaints } from './surface-paint.ts';
import { makeTextures } from './textures.ts';
import { type PaintedSquare, reflect } from './tile-ground.ts';
import { expose, MARGIN_PX, makeSensorNoise } from './tile-image.ts';
import { skyKey } from './visibility.ts';
import { fillWild, planWildCover, reliefLight } from './wild-cover.ts';

/** Draws the images of one county, tile by tile; what is the same for every date of a tile is drawn once. */
export interface TilePainter {
  /**
   * The four bands (B G R N) of one image, tileSize^2 samples each, reflectance * 10000.
   * The next call overwrites them.
   */
  paint(acquisition: Acquisition): Uint16Array[];
}

/** The lasting part of one tile. */
interface TileGround {
  key: string;
  view: Box;
  slots: Uint16Array;
  standing: Standing[];
}

/** Shadows reach this far into a tile from things outside it. */
const SHADOW_REACH_M = 12;

export function createTilePainter(plan: CountyPlan): TilePainter {
  const { seed, tiling } = plan.site;
  const size = tiling.tileSize + 2 * MARGIN_PX;
  const textures = makeTextures(seed);
  const noise = makeSensorNoise(seed);
  const relief = reliefLight(plan);
  const ground = groundShapes(plan);
  const wild = planWildCover(plan);
  const bands = [0, 1, 2, 3].map(() => new Float32Array(size * size));
  const image = bands.map(() => new Uint16Array(tiling.tileSize * tiling.tileSize));
  const square: PaintedSquare = {
    left: 0,
    top: 0,
    size,
    slots: new Uint16Array(size * size),
    shaded: new Uint8Array(size * size),
  };
  const tables = new Map<string, Float32Array>();
  let kept: TileGround | null = null;

  const tileGround = ({ column, row }: Acquisition): TileGround => {
    const [minX, minY] = [column * tiling.tileSize - MARGIN_PX, row * tiling.tileSize - MARGIN_PX];
    const view = { minX, minY, maxX: minX + size, maxY: minY + size };
    const slots = kept?.slots ?? new Uint16Array(size * size);
    fillWild(wild, textures, minX, minY, size, slots);
    drawShapes(ground.shapes, view, slots);
    const standing = ground.standing.filter(({ box }) => boxesTouch(box, view, SHADOW_REACH_M));
    return { key: tileKey({ column, row }), view, slots, standing };
  };

  return {
    paint: (acquisition) => {
      if (kept?.key !== tileKey(acquisition)) kept = tileGround(acquisition);
      drawDate(plan, kept, acquisition.date, square);
      const table = tables.get(acquisition.date) ?? paintTable(plan, acquisition.date);
      tables.set(acquisition.date, table);
      reflect(square, table, textures, bands);
      const sky = plan.skies.get(skyKey(acquisition)) ?? null;
      expose(bands, { acquisition, sky, relief, tileSize: tiling.tileSize, textures, noise, seed }, image);
      return image;
    },
  };
}

function tileKey({ column, row }: Pick<Acquisition, 'column' | 'row'>): string {
  return `${column} ${row}`;
}

/** The lasting ground of a tile, what events had made of it by a date, and that date's shadows. */
function drawDate(plan: CountyPlan, tile: TileGround, date: string, square: PaintedSquare): void {
  const events: Ground = eventGround(plan.site.seed, plan.events, date);
  const cleared = plan.events.filter((event) => event.onset <= date).map((event) => event.footprint.outline);
  square.left = tile.view.minX;
  square.top = tile.view.minY;
  square.slots.set(tile.slots);
  drawShapes(events.shapes, tile.view, square.slots);
  square.shaded.fill(0);
  const near = events.standing.filter(({ box }) => boxesTouch(box, tile.view, SHADOW_REACH_M));
  const standing = [...tile.standing.filter((thing) => !stoodOn(cleared, thing)), ...near];
  drawShadows(standing, date, square);
}

/** All paints of one date: shared surfaces first, then the parcels in their order. */
function paintTable(plan: CountyPlan, date: string): Float32Array {
  const day = dayOfYear(date);
  const { seed, parcels } = plan.site;
  return packPaints([
    ...surfacePaints(day),
    ...parcels.map((parcel) => parcelPaint(seed, parcel, plan.crops[parcel.index], day)),
  ]);
}

function drawShapes(shapes: Shape[], view: Box, pixels: Uint16Array): void {
  const canvas = { left: view.minX, top: view.minY, size: view.maxX - view.minX, pixels };
  for (const { ring, box, slot } of shapes) if (boxesTouch(box, view)) fillRing(canvas, ring, slot);
}

/** True where an event has taken away what stood there. */
function stoodOn(cleared: Ring[], { box }: Standing): boolean {
  const x = (box.minX + box.maxX) / 2;
  const y = (box.minY + box.maxY) / 2;
  return cleared.some((ring) => contains(ring, x, y));
}

function drawShadows(standing: Standing[], date: string, { left, top, size, shaded }: PaintedSquare): void {
  const canvas = { left, top, size, pixels: shaded };
  const sun = sunOn(date);
  for (const thing of standing) for (const ring of shadowRings(thing, sun)) fillRing(canvas, ring, 1);
  // Nothing lies in its own shadow; what stands in a neighbour's is lit too, which at this size nobody can tell.
  for (const { outline } of standing) fillRing(canvas, outline, 0);
}
