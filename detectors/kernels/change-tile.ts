import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';
import { kernels } from './kernels.ts';
import type { PairPlanes, Tie } from './pair-planes.ts';

/** Unwritten columns and rows round a tile's pixels: what smoothing, texture and the blur test reach for. */
export const marginColumns = 8;
export const marginRows = 6;
/** Most pixels a tile holds: all its planes together stay in the second-level cache. */
export const tileWidth = 128;
export const tileHeight = 64;

const mostPitch = tileWidth + 2 * marginColumns;
const planeBytes = mostPitch * (tileHeight + 2 * marginRows) * 4;

/** What a score is made of, beside the ties and typical values: numbers as the kernels take them. */
export interface CvaParameters {
  /** Weights and constant row by row, see whiteningRows. */
  spectral: Float32Array;
  texture: Float32Array | null;
  textureWeight: number;
  vegetation: { red: number; nearInfrared: number } | null;
  greenDiscount: number;
}

/** A tile's pixels: from column x, row y of the planes, width a multiple of 8, at most tileWidth × tileHeight. */
export interface TilePlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Scores a few thousand pixels at a time. fill() cuts a tile out of a window and finds its features, score() scores
 * it, changed() tells which pixels changed. Results are the same to the last bit in whichever tile a pixel lies.
 */
export class ChangeTile {
  readonly bands: number;
  /** Of the last fill(): samples per row of every plane. */
  pitch = 0;
  /** False where some pixel of the last tile, its margin included, was not observed by both dates. */
  isWhole = true;
  readonly #smoothing: number;
  readonly #block: number;
  #width = 0;
  #height = 0;

  /** @param smoothing Gaussian weights of offsets 0 to 3 */
  constructor(bands: number, smoothing: Float32Array) {
    if (smoothing.length !== 4) throw new RangeError(`Smoothing reaches 3 pixels; got ${smoothing.length - 1}.`);
    this.bands = bands;
    this.#block = allocate((plane.count + 4 * bands) * planeBytes);
    this.#smoothing = allocate(parameterBytes);
    new Float32Array(arenaMemory.buffer, this.#smoothing, 4).set(smoothing);
  }

  release(): void {
    release(this.#block);
    release(this.#smoothing);
  }

  /** Cuts a tile out of the planes, ties the after image, takes `centres` off both dates and finds the features. */
  fill(planes: PairPlanes, place: TilePlace, ties: readonly Tie[], centres: readonly number[]): void {
    const { mask, rows } = this.#fillMask(planes, place);
    const [gaussian, box] = this.isWhole ? [0, 0] : [this.#plane(plane.gaussian), this.#plane(plane.box)];
    const { pitch } = this;
    if (!this.isWhole) kernels.maskWeights(mask, pitch, rows, gaussian, box, this.#smoothing);
    const [before, after] = [this.#plane(plane.before), this.#plane(plane.after)];
    for (let band = 0; band < this.bands; band++) {
      const { gain, offset } = ties[band];
      const centre = centres[band];
      this.#gather(planes, place, planes.before, band, before, 1, -centre);
      this.#gather(planes, place, planes.after, band, after, gain, offset - centre);
      const features = [this.ownAt(band), this.differenceAt(band), this.textureAt(band), this.meanAt(band)] as const;
      kernels.bandFeatures(before, after, pitch, rows, gaussian, box, this.#smoothing, ...features);
    }
  }

  /** Cuts the same out, ties the after image, and leaves both dates as they are, for scoreLinear. */
  fillDates(planes: PairPlanes, place: TilePlace, ties: readonly Tie[]): void {
    this.#fillMask(planes, place);
    for (let band = 0; band < this.bands; band++) {
      const { gain, offset } = ties[band];
      this.#gather(planes, place, planes.before, band, this.#perBand(0, band), 1, 0);
      this.#gather(planes, place, planes.after, band, this.#perBand(1, band), gain, offset);
    }
  }

  /** √Σ (linear forms of both dates)², see linearScore; `rows` is an address. */
  scoreLinear(rows: number, components: number): void {
    const samples = this.pitch * (this.#height + 2 * marginRows);
    kernels.linearScore(this.bands, components, samples, this.#perBand(0, 0), this.#perBand(1, 0), rows, this.scoreAt);
  }

  /** Change vector score of the tile filled last. `parameters` lie in the arena, see placeParameters. */
  score(parameters: PlacedParameters, centres: readonly number[]): void {
    const { textureWeight, greenDiscount, vegetation } = parameters;
    const [red, nearInfrared] = vegetation ? [vegetation.red, vegetation.nearInfrared] : [-1, -1];
    kernels.cvaScore(
      this.bands,
      this.pitch * (this.#height + 2 * marginRows),
      this.ownAt(0),
      this.differenceAt(0),
      this.textureAt(0),
      parameters.spectral,
      parameters.texture,
      textureWeight,
      red < 0 ? 0 : this.meanAt(red),
      nearInfrared < 0 ? 0 : this.meanAt(nearInfrared),
      centres[red] ?? 0,
      centres[nearInfrared] ?? 0,
      greenDiscount,
      this.isWhole ? 0 : this.#plane(plane.mask),
      this.scoreAt,
      this.#plane(plane.ownSquared),
    );
  }

  #fillMask(planes: PairPlanes, { x, y, width, height }: TilePlace): { mask: number; rows: number } {
    this.#width = width;
    this.#height = height;
    this.pitch = width + 2 * marginColumns;
    const rows = height + 2 * marginRows;
    const mask = this.#plane(plane.mask);
    const observed = kernels.gatherMask(
      planes.maskBefore,
      planes.maskAfter,
      planes.stride,
      planes.width,
      planes.height,
      x - marginColumns,
      y - marginRows,
      mask,
      this.pitch,
      rows,
    );
    this.isWhole = observed === this.pitch * rows;
    return { mask, rows };
  }

  #gather(
    planes: PairPlanes,
    { x, y, height }: TilePlace,
    date: number,
    band: number,
    tile: number,
    gain: number,
    offset: number,
  ): void {
    const gather = planes.sample === 'uint16' ? kernels.gatherUint16 : kernels.gatherFloat32;
    gather(
      date + band * planes.planeBytes,
      planes.stride,
      planes.width,
      planes.height,
      x - marginColumns,
      y - marginRows,
      this.isWhole ? 0 : this.#plane(plane.mask),
      tile,
      this.pitch,
      height + 2 * marginRows,
      gain,
      offset,
    );
  }

  /** Sets a bit per changed pixel at `bits` (an address), bitsPitch bytes per row; returns how many changed. */
  changed(threshold: number, blurShare: number, bits: number, bitsPitch: number): number {
    const mask = this.isWhole ? 0 : this.#plane(plane.mask);
    const place = [this.pitch, this.#width, this.#height] as const;
    const own = this.#plane(plane.ownSquared);
    return kernels.changedBits(this.scoreAt, own, mask, ...place, threshold, blurShare, bits, bitsPitch);
  }

  get scoreAt(): number {
    return this.#plane(plane.score);
  }

  /** Tiles per band: the pixel's own difference, the smoothed one, change of texture, local mean less the centre. */
  ownAt(band: number): number {
    return this.#perBand(0, band);
  }

  differenceAt(band: number): number {
    return this.#perBand(1, band);
  }

  textureAt(band: number): number {
    return this.#perBand(2, band);
  }

  meanAt(band: number): number {
    return this.#perBand(3, band);
  }

  /** Planes of a kind follow one another without gaps, however small the tile is. */
  #perBand(kind: number, band: number): number {
    const bytes = this.pitch * (this.#height + 2 * marginRows) * 4;
    return this.#block + (plane.count + kind * this.bands) * planeBytes + band * bytes;
  }

  #plane(index: number): number {
    return this.#block + index * planeBytes;
  }
}

const plane = { mask: 0, gaussian: 1, box: 2, before: 3, after: 4, score: 5, ownSquared: 6, count: 7 };
const parameterBytes = 64;

/** CvaParameters with addresses instead of arrays. */
export interface PlacedParameters {
  spectral: number;
  /** 0: texture does not count. */
  texture: number;
  textureWeight: number;
  vegetation: { red: number; nearInfrared: number } | null;
  greenDiscount: number;
}

/** Lays the parameters into the arena; release both addresses when done. */
export function placeParameters({ spectral, texture, ...rest }: CvaParameters): PlacedParameters {
  return { ...rest, spectral: placed(spectral), texture: texture === null ? 0 : placed(texture) };
}

export function placed(values: Float32Array): number {
  const at = allocate(values.byteLength);
  new Float32Array(arenaMemory.buffer, at, values.length).set(values);
  return at;
}

/** Lower-triangular whitening, row-major, as rows of i + 1 weights and the constant that the centre makes. */
export function whiteningRows(dimensions: number, w: ArrayLike<number>, centre: ArrayLike<number>): Float32Array {
  const rows: number[] = [];
  for (let i = 0; i < dimensions; i++) {
    let constant = 0;
    for (let j = 0; j <= i; j++) {
      rows.push(w[i * dimensions + j]);
      constant -= w[i * dimensions + j] * centre[j];
    }
    rows.push(constant);
  }
  return Float32Array.from(rows);
}
