import { createHash } from 'node:crypto';
import { detectorVersion } from '../../detectors/model.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { FoundPatch } from '../detection/found-patch.ts';
import type { PairModel } from '../detection/scene-pair.ts';
import { type JudgedBy, methodOf } from './methods.ts';
import type { MonthPlan } from './plan.ts';

/** Everything a detection rests on; stored with it and never changed. */
export interface Evidence {
  detectorVersion: string;
  /** What the pair that judged most of its pixels was fitted for. */
  method: JudgedBy | null;
  grid: Grid;
  runs: { row: number[]; start: number[]; end: number[] };
  /** Pairs of scenes its pixels were judged on, most pixels first. */
  pairs: PairEvidence[];
  features: Record<string, number>;
  /** Mean band values before and after, in the before radiometry, in the order of `bands`. */
  bands: BandRole[];
  meanBefore: number[];
  meanAfter: number[];
  peak: number;
}

export interface PairEvidence {
  before: SceneEvidence;
  after: SceneEvidence;
  pixels: number;
  method: JudgedBy | null;
  shiftPx: { dx: number; dy: number } | null;
  threshold: number | null;
  ties: { gain: number; offset: number }[];
}

export interface SceneEvidence {
  id: string;
  sha256: string;
  date: string;
  sensor: string;
}

export function evidenceOf(patch: FoundPatch, plan: MonthPlan, models: ReadonlyMap<string, PairModel>): Evidence {
  const { region } = patch;
  const scenes = new Map([...plan.afters, ...plan.befores].map((scene) => [scene.id, scene]));
  const pairs = Object.entries(region.pairs)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([key, pixels]) => pairEvidence(key, pixels, scenes, models));
  const mean = (sums: number[]) => sums.map((sum) => significant(sum / region.pixels));
  return {
    detectorVersion,
    method: pairs[0]?.method ?? null,
    grid: plan.grid,
    runs: plainRuns(region.runs),
    pairs,
    features: patch.typed.features,
    bands: plan.roles,
    meanBefore: mean(region.before),
    meanAfter: mean(region.after),
    peak: significant(region.peak),
  };
}

function pairEvidence(
  key: string,
  pixels: number,
  scenes: ReadonlyMap<string, Scene>,
  models: ReadonlyMap<string, PairModel>,
): PairEvidence {
  const [beforeId, afterId] = key.split('-');
  const model = models.get(key);
  const change = model?.change ?? null;
  return {
    before: sceneEvidence(scenes.get(beforeId) as Scene),
    after: sceneEvidence(scenes.get(afterId) as Scene),
    pixels,
    method: model ? methodOf(model) : null,
    shiftPx: model?.shift ? { dx: significant(model.shift.dx), dy: significant(model.shift.dy) } : null,
    threshold: change === null ? null : significant(change.threshold.value),
    ties: (model?.ties ?? []).map(({ gain, offset }) => ({ gain: significant(gain), offset: significant(offset) })),
  };
}

function sceneEvidence({ id, sha256, date, sensor }: Scene): SceneEvidence {
  return { id, sha256, date: date ?? '', sensor: sensor ?? '' };
}

export function plainRuns({ row, start, end }: PixelRuns): Evidence['runs'] {
  return { row: [...row], start: [...start], end: [...end] };
}

export function runsOfEvidence({ row, start, end }: Evidence['runs']): PixelRuns {
  return { row: Int32Array.from(row), start: Int32Array.from(start), end: Int32Array.from(end) };
}

/** Six digits: what is worth keeping, and the same text on every machine. */
export function significant(value: number): number {
  return Number(value.toPrecision(6));
}

/** An id from content: the same content is the same thing. */
export function contentId(...content: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);
}
