import { encodePng } from '../../../imagery/picture.ts';
import type { Evidence } from '../../month/evidence.ts';
import { fromWkb } from '../../zones/geometry/wkb.ts';
import { chipFrame, chipGrid } from '../chip-frame.ts';
import type { PatchChips } from '../chips.ts';
import type { Canvas, Colour } from '../pictures/canvas.ts';
import { STRIP_PX, withStrip } from '../pictures/date-strip.ts';
import { drawOutline, drawPath } from '../pictures/outline.ts';
import type { BundleWriter } from './bundle-writer.ts';
import { groundPlacer } from './ground-placer.ts';
import type { PatchRecord } from './record.ts';

/** Pixels a side, unless asked otherwise. */
const USUAL_SIDE = 768;
const WIDE_CONTEXT = 2.5;

/** Layers whose borders the map shows, in the order they are drawn. */
const MAP_LAYERS: readonly { layer: string; colour: Colour; zh: string }[] = [
  { layer: 'farmland', colour: [255, 214, 10], zh: '黄：耕地' },
  { layer: 'permanent-basic-farmland', colour: [52, 199, 89], zh: '绿：永久基本农田' },
  { layer: 'red-line', colour: [191, 90, 242], zh: '紫：生态保护红线' },
  { layer: 'approvals', colour: [64, 156, 255], zh: '蓝：批文' },
];

/** The pictures of a bundle as the report shows them. */
export interface Pictures {
  before: Uint8Array;
  after: Uint8Array;
  map: Uint8Array;
  beforeDate: string;
  afterDate: string;
  /** Colours in the map, of the layers it shows. */
  legend: string;
}

/**
 * Before and after under one stretch, each with its day below it: as they are, and with the patch's outline; and the
 * wider ground with the borders of the zones it touches.
 */
export async function addPictures(
  bundle: BundleWriter,
  chips: PatchChips,
  evidence: Evidence,
  record: PatchRecord,
  side = USUAL_SIDE,
): Promise<Pictures> {
  const frame = chipFrame(evidence, side);
  const { beforeDate, afterDate } = frame;
  const seen = await chips.pixels(evidence, side);
  const shown: Partial<Pictures> = {};
  for (const which of ['before', 'after'] as const) {
    const date = frame[`${which}Date`];
    const strip = `${which.toUpperCase()} ${date}`;
    const plain = { pixels: seen[which], width: side, height: side };
    const name = which === 'before' ? '前时相' : '后时相';
    const en = `${which} image of ${date}`;
    await bundle.add(`pictures/${which}-${date}.png`, await png(withStrip(plain, strip)), {
      zh: `${name}影像 ${date}，两期同一拉伸`,
      en: `${en}, both dates stretched alike`,
    });
    drawOutline(plain, frame.outline);
    shown[which] = await png(withStrip(plain, strip));
    await bundle.add(`pictures/${which}-${date}-outline.png`, shown[which], {
      zh: `${name}影像 ${date}，叠加图斑范围`,
      en: `${en} with the outline of the patch`,
    });
  }
  const { map, legend } = await mapPicture(chips, evidence, record, side);
  await bundle.add(`pictures/map-${afterDate}.png`, map, {
    zh: `位置图：后时相影像 ${afterDate}，叠加图斑与图层界线`,
    en: `the place on the image of ${afterDate}, with the borders of the zones it touches`,
  });
  await bundle.addJson('pictures/pictures.json', pictureFacts(evidence, frame, side), {
    zh: '影像图的位置、日期与各影像对所占像元',
    en: 'where the pictures lie, their dates, and how many pixels each pair judged',
  });
  return { ...(shown as Pictures), map, legend, beforeDate, afterDate };
}

async function mapPicture(chips: PatchChips, evidence: Evidence, { zoneShapes }: PatchRecord, side: number) {
  const seen = await chips.pixels(evidence, side, WIDE_CONTEXT);
  const canvas: Canvas = { pixels: seen.after, width: side, height: side };
  const place = groundPlacer(chipGrid(evidence, side, WIDE_CONTEXT));
  const drawn = MAP_LAYERS.filter(({ layer }) => zoneShapes.some((zone) => zone.layer === layer));
  for (const { layer, colour } of drawn) {
    for (const { geometry } of zoneShapes.filter((zone) => zone.layer === layer)) {
      for (const ring of fromWkb(geometry).parts.flat()) drawPath(canvas, place(ring), colour, 2);
    }
  }
  drawOutline(canvas, chipFrame(evidence, side, WIDE_CONTEXT).outline);
  return { map: await png(canvas), legend: ['红：图斑', ...drawn.map(({ zh }) => zh)].join('，') };
}

function png({ pixels, width, height }: Canvas): Promise<Buffer> {
  return encodePng(pixels, width, height);
}

function pictureFacts(evidence: Evidence, frame: ReturnType<typeof chipFrame>, side: number): object {
  const { crs, originX, originY, pixelWidth, pixelHeight } = chipGrid(evidence, side);
  return {
    side,
    stripBelow: STRIP_PX,
    grid: { crs, originX, originY, pixelWidth, pixelHeight },
    beforeDate: frame.beforeDate,
    afterDate: frame.afterDate,
    // Where the first pair saw nothing, the next is shown.
    pairs: evidence.pairs.map(({ before, after, pixels, shiftPx }) => ({
      before: { id: before.id, date: before.date },
      after: { id: after.id, date: after.date },
      pixels,
      shiftPx,
    })),
    outline: frame.outline,
  };
}
