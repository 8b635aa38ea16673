import { readAligned } from '../../imagery/aligned.ts';
import type { Grid } from '../../imagery/grid.ts';
import { type Channels, commonStretch, encodePng, stretchedPixels } from '../../imagery/picture.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { bandIndices } from '../detection/scene-pair.ts';
import { SourceCache } from '../detection/source-cache.ts';
import { ServiceError } from '../error.ts';
import type { Evidence, PairEvidence } from '../month/evidence.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import { findDetection } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { findScene } from '../store/scenes.ts';
import { type ChipFrame, chipFrame, chipGrid } from './chip-frame.ts';
import { drawOutline } from './pictures/outline.ts';
import { type Bands, shownRoles } from './strip/picture.ts';

type Which = 'before' | 'after';
type Pictures = Record<Which, Uint8Array>;

/** Patches whose pictures are kept: both are wanted at nearly the same moment, and people go back and forth. */
const mostKept = 16;

/**
 * The pictures a reviewer judges by: made from the very scenes the detection was judged on, laid on one
 * grid with the shift that was corrected and in the before image's radiometry, under one stretch.
 */
export class PatchChips {
  readonly #store: Store;
  readonly #sources = new SourceCache(64);
  readonly #kept = new Map<string, Promise<Pictures>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** PNG of sizePx × sizePx. @throws ServiceError not-found; ImageryError when a scene's file is gone */
  async picture(patchId: string, which: Which, sizePx: number, bands: Bands = 'natural'): Promise<Uint8Array> {
    const key = `${patchId} ${sizePx} ${bands}`;
    const pictures = this.#kept.get(key) ?? this.#draw(patchId, sizePx, bands);
    this.#kept.delete(key);
    this.#kept.set(key, pictures);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    try {
      return (await pictures)[which];
    } catch (error) {
      // The file may be back the next time.
      this.#kept.delete(key);
      throw error;
    }
  }

  async frame(patchId: string, sizePx: number): Promise<ChipFrame> {
    return chipFrame(await this.#evidence(patchId), sizePx);
  }

  /** Frees the files it holds open. */
  close(): Promise<void> {
    return this.#sources.close();
  }

  /**
   * Both pictures as red, green, blue of each pixel, under one stretch, of what `evidence` names.
   * @throws ServiceError not-found where a scene is not known; ImageryError when its file is gone
   */
  async pixels(evidence: Evidence, sizePx: number, context?: number, bands: Bands = 'natural'): Promise<Pictures> {
    const target = chipGrid(evidence, sizePx, context);
    const before = await this.#composite(evidence, 'before', target, bands);
    const after = await this.#composite(evidence, 'after', target, bands);
    const stretch = commonStretch([before, after]);
    const drawn = (shown: Channels) => stretchedPixels(shown, target.width, target.height, stretch);
    return { before: drawn(before), after: drawn(after) };
  }

  /** The same picture as PNG, with the patch's outline drawn upon it: for papers, which cannot lay one over the other. */
  async outlined(patchId: string, which: Which, sizePx: number): Promise<Uint8Array> {
    const evidence = await this.#evidence(patchId);
    const canvas = { pixels: (await this.pixels(evidence, sizePx))[which], width: sizePx, height: sizePx };
    drawOutline(canvas, chipFrame(evidence, sizePx).outline);
    return encodePng(canvas.pixels, sizePx, sizePx);
  }

  async #draw(patchId: string, sizePx: number, bands: Bands): Promise<Pictures> {
    const { before, after } = await this.pixels(await this.#evidence(patchId), sizePx, undefined, bands);
    return { before: await encodePng(before, sizePx, sizePx), after: await encodePng(after, sizePx, sizePx) };
  }

  async #evidence(patchId: string): Promise<Evidence> {
    const patch = await findPatch(this.#store.db, patchId);
    const detection = patch && (await findDetection(this.#store.db, patch.detectionId));
    if (!detection) throw new ServiceError('not-found', `There is no patch ${patchId}.`);
    const evidence = JSON.parse(detection.evidenceJson) as Evidence;
    if (evidence.pairs.length > 0) return evidence;
    // It came as a row of a batch, or no image shows it whole.
    throw new ServiceError('not-found', `Of patch ${patch.number} there is no pair of images to show.`);
  }

  /** The pairs' scenes of one side, those that judged most of the patch in front. */
  async #composite(evidence: Evidence, which: Which, target: Grid, shownAs: Bands): Promise<Channels> {
    const [first, ...others] = evidence.pairs;
    const shown = await this.#read(first, which, target, evidence, shownAs);
    for (const pair of others) {
      // What is seen whole needs nothing behind it.
      if (!shown.mask.includes(0)) break;
      const behind = await this.#read(pair, which, target, evidence, shownAs);
      for (let i = 0; i < behind.mask.length; i++) {
        if (shown.mask[i] || !behind.mask[i]) continue;
        shown.mask[i] = 1;
        for (const [k, channel] of shown.channels.entries()) channel[i] = behind.channels[k][i];
      }
    }
    return shown;
  }

  /** Red, green and blue of one scene; shifts are kept in grid pixels. */
  async #read(
    pair: PairEvidence,
    which: Which,
    target: Grid,
    { grid, bands }: Evidence,
    shownAs: Bands,
  ): Promise<Channels> {
    const row = await findScene(this.#store.db, pair[which].id);
    if (row === null) throw new ServiceError('not-found', `Scene ${pair[which].id} is no longer in the workspace.`);
    const scene = sceneOfRow(row);
    const source = await this.#sources.open(scene);
    const shift = which === 'after' ? (pair.shiftPx ?? undefined) : undefined;
    const scale = target.pixelWidth / grid.pixelWidth;
    const inTarget = shift && { dx: shift.dx / scale, dy: shift.dy / scale };
    const roles = shownRoles(scene.bands, shownAs);
    const raster = await readAligned(source, target, bandIndices(scene, roles), inTarget);
    if (which === 'after') tie(raster.bands, roles, pair, bands);
    return { channels: raster.bands, mask: raster.mask };
  }
}

/** Brings channels of the after image into the before image's radiometry, as they were judged. */
function tie(channels: Float32Array[], roles: BandRole[], { ties }: PairEvidence, judged: BandRole[]): void {
  for (const [k, band] of bandIndices({ bands: judged }, roles).entries()) {
    const known = ties[band];
    if (known === undefined) continue;
    const channel = channels[k];
    for (let i = 0; i < channel.length; i++) channel[i] = known.gain * channel[i] + known.offset;
  }
}
