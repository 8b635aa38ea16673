import { traceOutlines } from '../../detectors/outline.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { readAligned } from '../../imagery/aligned.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { commonStretch, renderPicture, type Stretch } from '../../imagery/picture.ts';
import type { Raster } from '../../imagery/raster.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { bandIndices } from '../detection/scene-pair.ts';
import { SourceCache } from '../detection/source-cache.ts';
import { ServiceError } from '../error.ts';
import { type Evidence, type PairEvidence, runsOfEvidence } from '../month/evidence.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import { findDetection } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { findScene } from '../store/scenes.ts';

/** Where a patch lies in its pictures. */
export interface ChipFrame {
  width: number;
  height: number;
  /** Rings of the patch in picture pixels, from the left and the top. */
  outline: [number, number][][];
  /** Dates of the images shown, YYYY-MM-DD. */
  beforeDate: string;
  afterDate: string;
}

type Which = 'before' | 'after';

/** Ground shown round a patch, as a share of its longer side, and at least this many pixels. */
const context = 0.6;
const leastContextPx = 24;

/**
 * The pictures a reviewer judges by: made from the very scenes the detection was judged on, laid on one
 * grid with the shift that was corrected, under one stretch.
 */
export class PatchChips {
  readonly #store: Store;
  readonly #sources = new SourceCache(64);

  constructor(store: Store) {
    this.#store = store;
  }

  /** PNG, sizePx on its longer side. @throws ServiceError not-found; ImageryError when a scene's file is gone */
  async picture(patchId: string, which: Which, sizePx: number): Promise<Uint8Array> {
    const evidence = await this.#evidence(patchId);
    const target = chipGrid(evidence, sizePx);
    const before = await this.#composite(evidence, 'before', target);
    const after = await this.#composite(evidence, 'after', target);
    const stretch: Stretch = commonStretch([before, after]);
    const shown = which === 'before' ? before : after;
    return renderPicture(shown.channels, shown.mask, target.width, target.height, stretch);
  }

  async frame(patchId: string, sizePx: number): Promise<ChipFrame> {
    const evidence = await this.#evidence(patchId);
    const target = chipGrid(evidence, sizePx);
    const scale = evidence.grid.pixelWidth / target.pixelWidth;
    const left = (target.originX - evidence.grid.originX) / evidence.grid.pixelWidth;
    const top = (target.originY - evidence.grid.originY) / evidence.grid.pixelHeight;
    const place = ([column, row]: [number, number]): [number, number] => [(column - left) * scale, (row - top) * scale];
    const [main] = evidence.pairs;
    return {
      width: target.width,
      height: target.height,
      outline: traceOutlines(runsOfEvidence(evidence.runs)).flatMap((rings) => rings.map((ring) => ring.map(place))),
      beforeDate: main.before.date,
      afterDate: main.after.date,
    };
  }

  /** Frees the files it holds open. */
  close(): Promise<void> {
    return this.#sources.close();
  }

  async #evidence(patchId: string): Promise<Evidence> {
    const patch = await findPatch(this.#store.db, patchId);
    const detection = patch && (await findDetection(this.#store.db, patch.detectionId));
    if (!detection) throw new ServiceError('not-found', `There is no patch ${patchId}.`);
    return JSON.parse(detection.evidenceJson) as Evidence;
  }

  /** The pairs' scenes of one side, those that judged most of the patch in front. */
  async #composite(evidence: Evidence, which: Which, target: Grid) {
    let shown: { channels: Float32Array[]; mask: Uint8Array } | null = null;
    for (const pair of evidence.pairs) {
      const raster = await this.#read(pair, which, target, evidence.grid);
      if (shown === null) {
        shown = { channels: raster.bands, mask: raster.mask };
        continue;
      }
      for (let i = 0; i < raster.mask.length; i++) {
        if (shown.mask[i] || !raster.mask[i]) continue;
        shown.mask[i] = 1;
        for (const [k, channel] of shown.channels.entries()) channel[i] = raster.bands[k][i];
      }
    }
    if (shown === null) throw new ServiceError('not-found', 'The patch has no images.');
    return shown;
  }

  /** Red, green and blue of one scene (its first band where it lacks one); shifts are kept in grid pixels. */
  async #read(pair: PairEvidence, which: Which, target: Grid, grid: Grid): Promise<Raster<Float32Array>> {
    const row = await findScene(this.#store.db, pair[which].id);
    if (row === null) throw new ServiceError('not-found', `Scene ${pair[which].id} is no longer in the workspace.`);
    const scene = sceneOfRow(row);
    const source = await this.#sources.open(scene);
    const shift = which === 'after' ? (pair.shiftPx ?? undefined) : undefined;
    const scale = target.pixelWidth / grid.pixelWidth;
    const inTarget = shift && { dx: shift.dx / scale, dy: shift.dy / scale };
    return readAligned(source, target, colours(scene.bands), inTarget);
  }
}

/** File bands to show as red, green, blue. */
function colours(roles: BandRole[]): number[] {
  const wanted: BandRole[] = ['R', 'G', 'B'];
  const [first] = roles;
  return bandIndices(
    { bands: roles },
    wanted.map((role) => (roles.includes(role) ? role : first)),
  );
}

/** The grid of a patch's pictures: a square round it, resampled to sizePx. */
function chipGrid({ grid, runs }: Evidence, sizePx: number): Grid {
  const { column, row, width, height } = boundingWindow(runsOfEvidence(runs));
  const longer = Math.max(width, height);
  const side = longer + 2 * Math.max(leastContextPx, Math.ceil(context * longer));
  const square = windowGrid(grid, {
    column: column + Math.floor((width - side) / 2),
    row: row + Math.floor((height - side) / 2),
    width: side,
    height: side,
  });
  const step = side / sizePx;
  return {
    ...square,
    width: sizePx,
    height: sizePx,
    pixelWidth: grid.pixelWidth * step,
    pixelHeight: grid.pixelHeight * step,
  };
}

function boundingWindow({ row, start, end }: PixelRuns): Window {
  const column = start.reduce((least, s) => Math.min(least, s), Infinity);
  const right = end.reduce((most, e) => Math.max(most, e), 0);
  return { column, row: row[0], width: right - column, height: row[row.length - 1] - row[0] + 1 };
}
