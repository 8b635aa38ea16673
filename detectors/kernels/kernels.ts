import { loadKernels } from '../../imagery/kernels/load.ts';

/** What assembly/ exports, as it is called from here; addresses are bytes of the arena. Its files say what each does. */
interface Kernels {
  gatherMask(
    mask: number,
    other: number,
    stride: number,
    planeWidth: number,
    planeHeight: number,
    x: number,
    y: number,
    tile: number,
    pitch: number,
    height: number,
  ): number;
  copyRows(from: number, fromStride: number, to: number, toStride: number, bytes: number, rows: number): void;
  /** 1 or 0. */
  noneIsZero(at: number, bytes: number): number;
  gatherUint16: Gather;
  gatherFloat32: Gather;
  maskWeights(mask: number, pitch: number, height: number, gaussian: number, box: number, weights: number): void;
  bandFeatures(
    before: number,
    after: number,
    pitch: number,
    height: number,
    gaussian: number,
    box: number,
    weights: number,
    own: number,
    difference: number,
    texture: number,
    mean: number,
  ): void;
  cvaScore(
    bands: number,
    samples: number,
    own: number,
    difference: number,
    texture: number,
    spectralWhitening: number,
    textureWhitening: number,
    textureWeight: number,
    red: number,
    nearInfrared: number,
    redCentre: number,
    nearInfraredCentre: number,
    discount: number,
    mask: number,
    score: number,
    ownSquared: number,
  ): void;
  linearScore(
    bands: number,
    components: number,
    samples: number,
    before: number,
    after: number,
    rows: number,
    score: number,
  ): void;
  screenUint16: Screen;
  screenFloat32: Screen;
  changedBits(
    score: number,
    ownSquared: number,
    mask: number,
    pitch: number,
    width: number,
    height: number,
    threshold: number,
    blurShare: number,
    bits: number,
    bitsPitch: number,
  ): number;
}

type Gather = (
  plane: number,
  stride: number,
  planeWidth: number,
  planeHeight: number,
  x: number,
  y: number,
  mask: number,
  tile: number,
  pitch: number,
  height: number,
  gain: number,
  offset: number,
) => void;

type Screen = (
  bands: number,
  before: number,
  after: number,
  planeBytes: number,
  stride: number,
  from: number,
  to: number,
  height: number,
  maskBefore: number,
  maskAfter: number,
  parameters: number,
  limit: number,
  marks: number,
  tileColumns: number,
  tileRows: number,
  tileShift: number,
  tileX: number,
  tileY: number,
  reach: number,
) => void;

export const kernels = loadKernels<Kernels>(new URL('./detectors.wasm', import.meta.url));
