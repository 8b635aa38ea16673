import { arenaMemory } from '../kernels/arena.ts';
import { codecs } from '../kernels/codecs.ts';
import type { Samples } from '../raster.ts';
import { maskNodata, nearestFloat } from './nodata.ts';

/** Does what maskNodata does, by the kernels where band and mask lie in the arena. */
export function maskMissing(band: Samples, nodata: number | null, mask: Uint8Array): void {
  if (band.buffer !== arenaMemory.buffer || mask.buffer !== arenaMemory.buffer) {
    maskNodata(band, nodata, mask);
    return;
  }
  const area = [band.byteOffset, 0, mask.byteOffset, 0, band.length, 1] as const;
  if (band instanceof Float32Array) codecs.maskFloat32(...area, nearestFloat(nodata) ?? Number.NaN);
  else if (band instanceof Float64Array) codecs.maskFloat64(...area, nodata ?? Number.NaN);
  else if (nodata === null || !isOneOf(band, nodata)) return;
  else if (band.BYTES_PER_ELEMENT === 1) codecs.maskEqual8(...area, nodata);
  else if (band.BYTES_PER_ELEMENT === 2) codecs.maskEqual16(...area, nodata);
  else codecs.maskEqual32(...area, nodata);
}

/** Whether the samples' type has such a value. */
function isOneOf(samples: Samples, value: number): boolean {
  const Type = samples.constructor as new (values: number[]) => Samples;
  return new Type([value])[0] === value;
}
