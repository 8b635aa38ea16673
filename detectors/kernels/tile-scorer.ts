import { release } from '../../imagery/kernels/arena.ts';
import { smoothingWeights } from '../features.ts';
import { irMadForm } from '../irmad.ts';
import { isfaForm } from '../isfa.ts';
import type { LinearStatistic } from '../linear-statistic.ts';
import { blurShare, type ChangeModel, greenDiscount, textureWeight } from '../model.ts';
import { ChangeTile, placed, placeParameters, type TilePlace, whiteningRows } from './change-tile.ts';
import type { PairPlanes } from './pair-planes.ts';

/** Scores one tile after another by a fitted model. */
export interface TileScorer {
  readonly tile: ChangeTile;
  /** Leaves the scores in the tile. */
  score(planes: PairPlanes, place: TilePlace): void;
  /** Share of a much stronger neighbour's score below which a pixel's own difference is that one's blur; 0: none. */
  readonly blurShare: number;
  /**
   * What makes squared spectral distances of the sums of 2 × 2 blocks, as the screen takes it; null where blocks tell
   * less than the pixels do.
   */
  readonly screen: Float32Array | null;
  release(): void;
}

/** A scorer for the model's method; null where its scores are not made by kernels, or nothing varies. */
export function tileScorer(model: ChangeModel): TileScorer | null {
  const { method, smoothing, spectral, irmad, isfa } = model;
  if (method === 'cva' && smoothing === 'gaussian' && spectral !== null) return cvaScorer(model);
  if (smoothing !== 'none') return null;
  if (irmad !== null) return linearScorer(model, irMadForm(irmad));
  if (isfa !== null) return linearScorer(model, isfaForm(isfa));
  return null;
}

function cvaScorer({ ties, centres, spectral, texture, vegetation }: ChangeModel): TileScorer {
  const bands = ties.length;
  const tile = new ChangeTile(bands, smoothingWeights);
  const spectralRows = whiteningRows(bands, spectral!.w, spectral!.centre);
  const parameters = placeParameters({
    spectral: spectralRows,
    texture: texture && whiteningRows(bands, texture.w, texture.centre),
    textureWeight,
    vegetation,
    greenDiscount,
  });
  return {
    tile,
    blurShare,
    screen: Float32Array.from([...ties.flatMap(({ gain, offset }) => [gain / 4, offset]), ...spectralRows]),
    score(planes, place) {
      tile.fill(planes, place, ties, centres);
      tile.score(parameters, centres);
    },
    release() {
      tile.release();
      release(parameters.spectral);
      if (parameters.texture !== 0) release(parameters.texture);
    },
  };
}

function linearScorer({ ties }: ChangeModel, form: LinearStatistic): TileScorer {
  const tile = new ChangeTile(ties.length, smoothingWeights);
  const rows = placed(linearRows(form, ties.length));
  return {
    tile,
    blurShare: 0,
    screen: null,
    score(planes, place) {
      tile.fillDates(planes, place, ties);
      tile.scoreLinear(rows, form.bands.length);
    },
    release() {
      tile.release();
      release(rows);
    },
  };
}

/** A row per component: weights of all bands before, of all bands after, and the constant, each times √weight. */
function linearRows({ bands, before, after, constant, weight }: LinearStatistic, bandCount: number): Float32Array {
  const p = bands.length;
  const rows = new Float32Array(p * (2 * bandCount + 1));
  for (let k = 0; k < p; k++) {
    const at = k * (2 * bandCount + 1);
    const scale = Math.sqrt(weight[k]);
    for (let b = 0; b < p; b++) {
      rows[at + bands[b]] = scale * before[b * p + k];
      rows[at + bandCount + bands[b]] = -scale * after[b * p + k];
    }
    rows[at + 2 * bandCount] = scale * constant[k];
  }
  return rows;
}
