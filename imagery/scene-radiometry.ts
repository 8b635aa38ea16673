import { presetReflectance } from './product-name.ts';
import type { RasterInfo, RasterSource, SampleType } from './raster.ts';
import { type BandRole, type RadiometricScale, type Scene, sarRoles } from './scene.ts';
import type { SensorPreset } from './sensors.ts';

/** What is known of a file's numbers beside the file itself. */
export interface RadiometryHints {
  preset: SensorPreset | null;
  /** Sentinel-2 baseline, as the file name says it. */
  baseline: number | null;
  /** What a person said; undefined = nothing. */
  given: {
    reflectance?: RadiometricScale | null;
    nodata?: number;
    saturation?: number | null;
  };
}

type Radiometry = Pick<Scene, 'nodata' | 'saturation' | 'reflectance'>;

/** This share of samples above what a sensor can say, and the numbers are not the sensor's own any more. */
const beyondSensorShare = 0.01;
/** Where numbers are looked at to tell that: windows of this side, this many along each side. */
const lookPx = 64;
const looksAlong = 3;

/**
 * What the numbers of a file mean. In this order: what a person said, what the file says, what is usual of the
 * sensor's product, what is usual of the sample type.
 */
export async function radiometryOf(
  source: RasterSource,
  bands: BandRole[],
  hints: RadiometryHints,
): Promise<Radiometry> {
  const { info } = source;
  const { given } = hints;
  const preset = hints.preset?.sampleTypes.includes(info.sampleType) ? hints.preset : null;
  const isSar = bands.every((role) => sarRoles.includes(role));
  const isRaw = preset !== null && !(await exceeds(source, preset));
  const usual = isSar ? null : usualReflectance(info.sampleType);
  const ofPreset = isRaw ? presetReflectance(preset, hints.baseline) : usual;
  const ofFile = isSar ? null : scaleOfFile(info);
  // Where every band has a rule of its own, one rule for all would be wrong, and the usual one all the more.
  const ofUsual = info.scale === null ? ofPreset : null;
  return {
    nodata: given.nodata ?? info.nodata ?? preset?.nodata ?? null,
    saturation: given.saturation === undefined ? (isRaw ? preset.saturation : null) : given.saturation,
    reflectance: given.reflectance === undefined ? (ofFile ?? ofUsual) : given.reflectance,
  };
}

/**
 * Surface or top-of-atmosphere products in 16 bits are reflectance × 10,000 nearly everywhere, and floats
 * reflectance itself; 8-bit numbers say nothing of reflectance, so clouds are not told there.
 */
function usualReflectance(sampleType: SampleType): RadiometricScale | null {
  if (sampleType === 'uint16' || sampleType === 'int16') return { scale: 1e-4, offset: 0 };
  if (sampleType === 'float32' || sampleType === 'float64') return { scale: 1, offset: 0 };
  return null;
}

/** What the file says its numbers stand for, where that is one rule for all bands, and any rule at all. */
function scaleOfFile({ scale }: RasterInfo): RadiometricScale | null {
  const [first, ...others] = scale ?? [];
  if (first === undefined || (first.scale === 1 && first.offset === 0)) return null;
  return others.every((other) => other.scale === first.scale && other.offset === first.offset) ? first : null;
}

/**
 * True where the file holds larger numbers than the sensor can say: a product made of its counts, such as surface
 * reflectance. What is usual of the counts then says nothing.
 */
async function exceeds(source: RasterSource, { saturation, nodata }: SensorPreset): Promise<boolean> {
  if (saturation === null || saturation >= 65535) return false;
  const { width, height } = source.info.grid;
  let seen = 0;
  let beyond = 0;
  for (let k = 0; k < looksAlong * looksAlong; k++) {
    const at = (i: number, length: number) => Math.max(0, Math.floor(((i + 0.5) / looksAlong) * length - lookPx / 2));
    const column = at(k % looksAlong, width);
    const row = at(Math.floor(k / looksAlong), height);
    const window = { column, row, width: Math.min(lookPx, width - column), height: Math.min(lookPx, height - row) };
    const { bands, mask } = await source.read(window);
    for (const band of bands) {
      for (let i = 0; i < band.length; i++) {
        if (!mask[i] || band[i] === nodata) continue;
        seen++;
        if (band[i] > saturation) beyond++;
      }
    }
  }
  return beyond > beyondSensorShare * seen;
}
