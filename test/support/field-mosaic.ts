import { seededNormal, seededRandom } from './random.ts';

/** One look at a mosaic: where the ground lies, how much of it is sown anew, how noisy the sensor is. */
export interface Look {
  /** Looks with the same date show the same crops. */
  date: number;
  /** Displacement of the ground in tenths of a pixel: content(x + dx, y + dy) is what (0, 0) shows at (x, y). */
  shiftTenths: { dx: number; dy: number };
  changedShare: number;
  noise: number;
}

const FINE = 10;
const MARGIN_PX = 4;

/**
 * Fields between tracks as a sensor would see them: drawn ten times finer than the pixel, moved on the fine
 * grid, averaged over each pixel (so edges alias as they do in reality), each field with its own four-band
 * reflectance. Knows the truth of every shift to a tenth of a pixel.
 */
export class FieldMosaic {
  readonly size: number;
  private readonly seed: number;
  private readonly fields: Int32Array;

  constructor(seed: number, size: number) {
    this.seed = seed;
    this.size = size;
    this.fields = drawFields(seed, (size + 2 * MARGIN_PX) * FINE);
  }

  /** Four bands of size × size reflectances. */
  look(look: Look): Float32Array[] {
    return [0, 1, 2, 3].map((band) => this.band(look, band));
  }

  private band(look: Look, band: number): Float32Array {
    const fineSize = (this.size + 2 * MARGIN_PX) * FINE;
    const left = MARGIN_PX * FINE - look.shiftTenths.dx;
    const top = MARGIN_PX * FINE - look.shiftTenths.dy;
    const normal = seededNormal(this.seed * 31 + look.date * 7 + band);
    const reflectance = this.palette(look, band);
    const out = new Float32Array(this.size * this.size);
    for (let y = 0; y < this.size * FINE; y++) {
      const row = Math.floor(y / FINE) * this.size;
      for (let x = 0; x < this.size * FINE; x++) {
        out[row + Math.floor(x / FINE)] += reflectance(this.fields[(y + top) * fineSize + x + left]);
      }
    }
    return out.map((sum) => sum / (FINE * FINE) + look.noise * normal());
  }

  /** Reflectance of each field: tracks (0) stay, changed fields depend on the date. */
  private palette(look: Look, band: number): (field: number) => number {
    const known = new Map<number, number>([[0, 0.25]]);
    return (field) => {
      const value = known.get(field);
      if (value !== undefined) return value;
      const changed = seededRandom(field * 7919 + this.seed)() < look.changedShare;
      const made = 0.05 + 0.2 * seededRandom(field * 104729 + band + 10 + (changed ? 100 * look.date : 0))();
      known.set(field, made);
      return made;
    };
  }
}

function drawFields(seed: number, fineSize: number): Int32Array {
  const random = seededRandom(seed);
  const angle = 0.3 + random();
  const length = (18 + 10 * random()) * FINE;
  const fields = new Int32Array(fineSize * fineSize);
  for (let y = 0; y < fineSize; y++) {
    for (let x = 0; x < fineSize; x++) {
      const u = (x * Math.cos(angle) + y * Math.sin(angle)) / length + 90;
      const v = (y * Math.cos(angle) - x * Math.sin(angle)) / (0.6 * length) + 90;
      const track = u % 1 < 0.06 || v % 1 < 0.09;
      fields[y * fineSize + x] = track ? 0 : 1 + Math.floor(u) * 997 + Math.floor(v);
    }
  }
  return fields;
}
