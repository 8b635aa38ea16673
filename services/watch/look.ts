import { type Restoration, restorationOf } from '../../detectors/restoration.ts';
import { readAligned } from '../../imagery/aligned.ts';
import { ImageryError } from '../../imagery/error.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { EstimateInput } from '../detection/estimate.ts';
import { bandIndices, commonRoles, type PairModel, pairKey, vegetationBands } from '../detection/scene-pair.ts';
import type { SourceCache } from '../detection/source-cache.ts';
import { ServiceError } from '../error.ts';
import { type Evidence, type PairEvidence, runsOfEvidence, significant } from '../month/evidence.ts';
import { checkSceneFiles } from '../scenes/scene-files.ts';
import { sceneOfRow } from '../scenes/scene-record.ts';
import type { Store } from '../store/open.ts';
import { findScene } from '../store/scenes.ts';
import type { WatchReason } from './decide.ts';
import type { LookEvidence, WatchEvidence } from './evidence.ts';
import type { MonthView } from './month-view.ts';

/** Ground round a patch that is looked at with it, as a share of its longer side, and in pixels. */
const surroundings = { share: 0.75, leastPx: 24, mostPx: 96 };

/** What a month's images show of a patch; `seen` null and a reason where nothing can be compared. */
export interface PatchLook extends Pick<WatchEvidence, 'looks' | 'bands' | 'compared'> {
  seen: Restoration | null;
  reason: WatchReason | null;
}

interface Layer {
  bands: Float32Array[];
  mask: Uint8Array;
}

/** Looks at patches in one month's images, beside the images they were found in. */
export class PatchLooker {
  readonly #store: Store;
  readonly #view: MonthView;
  readonly #sources: SourceCache;
  readonly #estimate: (input: EstimateInput) => Promise<PairModel>;
  readonly #models = new Map<string, Promise<PairModel>>();
  readonly #scenes = new Map<string, Promise<Scene | null>>();

  /** @param estimate how two images lie on each other and their numbers differ */
  constructor(
    store: Store,
    view: MonthView,
    sources: SourceCache,
    estimate: (input: EstimateInput) => Promise<PairModel>,
  ) {
    this.#store = store;
    this.#view = view;
    this.#sources = sources;
    this.#estimate = estimate;
  }

  /** @param since local day; only later images count */
  async look(evidence: Partial<Evidence>, since: string): Promise<PatchLook> {
    if (!canBeCompared(evidence)) return nothing('no-pictures');
    const window = surroundingWindow(evidence);
    const target = windowGrid(evidence.grid, window);
    const place = placeIn(evidence, window);
    const shown = await this.#view.shownIn(target, since);
    const ids = idsByPixels(shown, place);
    if (!shown.some((id, i) => id !== null && place[i] === 1)) return nothing('no-image');
    const [before, after] = await Promise.all([
      this.#scene(evidence.pairs[0].before.id),
      this.#scene(evidence.pairs[0].after.id),
    ]);
    const scenes = (await Promise.all(ids.map((id) => this.#scene(id)))).filter((scene) => scene !== null);
    if (before === null || after === null || scenes.length === 0) return nothing('images-gone');
    try {
      return await this.#compare(evidence, { before, after, scenes, target, place, shown });
    } catch (error) {
      if (!(error instanceof ImageryError || error instanceof ServiceError)) throw error;
      return nothing(error instanceof ImageryError && error.code === 'bands-differ' ? 'no-pictures' : 'images-gone');
    }
  }

  async #compare(evidence: Evidence, at: Comparing): Promise<PatchLook> {
    const { before, after, scenes, target, place } = at;
    const roles = commonRoles([before, after, ...scenes]);
    const was = await this.#composite(evidence, 'before', roles, target);
    const became = await this.#composite(evidence, 'after', roles, target);
    const { layer: is, looks } = await this.#now(evidence, roles, at);
    const bands = vegetationBands(roles);
    const seen = restorationOf({
      width: target.width,
      height: target.height,
      before: was.bands,
      after: became.bands,
      now: is.bands,
      seen: { before: was.mask, after: became.mask, now: is.mask },
      place,
      red: bands?.red ?? null,
      nearInfrared: bands?.nearInfrared ?? null,
    });
    const [{ before: b, after: a }] = evidence.pairs;
    return { seen: roundedShares(seen), reason: null, looks, bands: roles, compared: { before: b, after: a } };
  }

  /** The images of the month, each where it was the one to show the ground, in the first before image's numbers. */
  async #now(evidence: Evidence, roles: BandRole[], { before, scenes, target, place, shown }: Comparing) {
    const layer = emptyLayer(target, roles.length);
    const looks: LookEvidence[] = [];
    for (const scene of scenes) {
      const { shift, ties } = await this.#model(before, scene, roles, evidence.grid);
      if (ties === null) continue;
      const read = await this.#read(scene, roles, target, shift);
      const one = { bands: inReflectance(tied(read.bands, ties), before), mask: read.mask };
      const pixels = lay(one, layer, (i) => shown[i] === scene.id, place);
      const { id, sha256, date, sensor } = scene;
      const rounded = ties.map(({ gain, offset }) => ({ gain: significant(gain), offset: significant(offset) }));
      const shiftPx = shift && { dx: significant(shift.dx), dy: significant(shift.dy) };
      if (pixels > 0)
        looks.push({ id, sha256, date: date ?? '', sensor: sensor ?? '', pixels, shiftPx, ties: rounded });
    }
    return { layer, looks };
  }

  /** One side of the detection's pairs, those that judged most of the patch in front. */
  async #composite(evidence: Evidence, side: 'before' | 'after', roles: BandRole[], target: Grid): Promise<Layer> {
    const layer = emptyLayer(target, roles.length);
    for (const pair of evidence.pairs) {
      const [scene, reference] = await Promise.all([this.#scene(pair[side].id), this.#scene(pair.before.id)]);
      if (scene === null || reference === null) continue;
      const shift = side === 'after' ? pair.shiftPx : null;
      const { bands, mask } = await this.#read(scene, roles, target, shift);
      const own = side === 'after' ? tied(bands, tiesOf(pair, evidence.bands, roles)) : bands;
      lay({ bands: inReflectance(own, reference), mask }, layer, () => true);
      if (!layer.mask.includes(0)) break;
    }
    return layer;
  }

  async #read(scene: Scene, roles: BandRole[], target: Grid, shift: { dx: number; dy: number } | null): Promise<Layer> {
    const source = await this.#sources.open(scene);
    const { bands, mask } = await readAligned(source, target, bandIndices(scene, roles), shift ?? undefined);
    return { bands, mask };
  }

  #model(before: Scene, now: Scene, roles: BandRole[], grid: Grid): Promise<PairModel> {
    const key = `${pairKey(before, now)} ${roles.join()}`;
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const pair = { before, after: now, roles, method: 'auto' } as const;
    const model = this.#estimate({ pair, grid, tiesOnly: true });
    this.#models.set(key, model);
    return model;
  }

  /** Null where it was withdrawn, or its file is missing or another. */
  #scene(id: string): Promise<Scene | null> {
    const known = this.#scenes.get(id);
    if (known !== undefined) return known;
    const found = this.#find(id);
    this.#scenes.set(id, found);
    return found;
  }

  async #find(id: string): Promise<Scene | null> {
    const row = await findScene(this.#store.db, id);
    if (row === null || row.removedAt !== null) return null;
    try {
      await checkSceneFiles(this.#store, new Set([id]));
      return sceneOfRow(row);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'scene-invalid') return null;
      throw error;
    }
  }
}

interface Comparing {
  before: Scene;
  after: Scene;
  /** Of the month, those that show most of the patch first. */
  scenes: Scene[];
  target: Grid;
  place: Uint8Array;
  shown: (string | null)[];
}

/** A patch that came as a row of a batch, or by its papers alone, has no pair of images. */
function canBeCompared(evidence: Partial<Evidence>): evidence is Evidence {
  const { grid, runs, pairs = [] } = evidence;
  return grid !== undefined && runs !== undefined && runs.row.length > 0 && pairs.length > 0;
}

function nothing(reason: WatchReason): PatchLook {
  return { seen: null, reason, looks: [], bands: [], compared: null };
}

function surroundingWindow({ runs }: Evidence): Window {
  const { row, start, end } = runsOfEvidence(runs);
  const [left, right] = [start.reduce((a, b) => Math.min(a, b)), end.reduce((a, b) => Math.max(a, b))];
  const [top, bottom] = [row[0], row[row.length - 1] + 1];
  const { share, leastPx, mostPx } = surroundings;
  const longer = Math.max(right - left, bottom - top);
  const margin = Math.min(mostPx, Math.max(leastPx, Math.ceil(share * longer)));
  return {
    column: left - margin,
    row: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}

/** 1 in the patch. */
function placeIn({ runs: { row, start, end } }: Evidence, window: Window): Uint8Array {
  const place = new Uint8Array(window.width * window.height);
  for (let k = 0; k < row.length; k++) {
    const line = (row[k] - window.row) * window.width - window.column;
    place.fill(1, line + start[k], line + end[k]);
  }
  return place;
}

/** Ids of the images shown, those that show most of the patch first. */
function idsByPixels(shown: readonly (string | null)[], place: Uint8Array): string[] {
  const pixels = new Map<string, number>();
  for (const [i, id] of shown.entries()) if (id !== null) pixels.set(id, (pixels.get(id) ?? 0) + place[i]);
  return [...pixels].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([id]) => id);
}

function emptyLayer({ width, height }: Grid, bands: number): Layer {
  const pixels = width * height;
  return { bands: Array.from({ length: bands }, () => new Float32Array(pixels)), mask: new Uint8Array(pixels) };
}

/** Lays pixels where none lie yet; returns how many of the place they were. */
function lay(from: Layer, onto: Layer, wanted: (i: number) => boolean, place?: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < onto.mask.length; i++) {
    if (onto.mask[i] || !from.mask[i] || !wanted(i)) continue;
    onto.mask[i] = 1;
    for (let band = 0; band < onto.bands.length; band++) onto.bands[band][i] = from.bands[band][i];
    count += place?.[i] ?? 0;
  }
  return count;
}

type Tie = { gain: number; offset: number };

/** The ties of a pair in the order of `roles`; what was not judged has none and stays as it is. */
function tiesOf({ ties }: PairEvidence, judged: BandRole[], roles: BandRole[]): Tie[] {
  return bandIndices({ bands: judged }, roles).map((at) => ties[at] ?? { gain: 1, offset: 0 });
}

function tied(bands: readonly Float32Array[], ties: readonly Tie[]): Float32Array[] {
  return bands.map((band, k) => band.map((value) => ties[k].gain * value + ties[k].offset));
}

/** Numbers whose zero is no light, as far as it is known where that lies. */
function inReflectance(bands: readonly Float32Array[], { reflectance }: Scene): Float32Array[] {
  const { scale, offset } = reflectance ?? { scale: 1, offset: 0 };
  return bands.map((band) => band.map((value) => value * scale + offset));
}

function roundedShares(seen: Restoration): Restoration {
  const { observed, restored, built, cleared, unclear, fields, contrast } = seen;
  const [o, r, b, c, u] = [observed, restored, built, cleared, unclear].map(significant);
  const told = contrast !== null && Number.isFinite(contrast) ? significant(contrast) : null;
  return { observed: o, restored: r, built: b, cleared: c, unclear: u, fields, contrast: told };
}
