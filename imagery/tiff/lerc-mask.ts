/**
 * LERC leaves out the pixels that its writer called invalid, NaN in GDAL's files, and says where in a bit mask of its
 * own; geotiff.js hands on zeros there. This reads the mask (Lerc2 as Esri specifies it, lerc/doc/lerc2_blob.md):
 *
 *   | "Lerc2 " | version | checksum, from 3 | rows | columns | samples per pixel, from 4 | valid pixels | 36 bytes more |
 *   | mask bytes | mask, run-length encoded |
 */
const MAGIC = 'Lerc2 ';
const RUNS_END = -32_768;

/** 1 where a pixel is valid; null where all are. @throws Error where the mask ends early */
function validPixels(blob: Uint8Array): Uint8Array | null {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (Buffer.from(blob.subarray(0, 6)).toString('latin1') !== MAGIC) return null; // LERC 1, or none: for the decoder to say
  const version = view.getInt32(6, true);
  let at = 10 + (version >= 3 ? 4 : 0);
  const pixels = view.getUint32(at, true) * view.getUint32(at + 4, true);
  at += 8 + (version >= 4 ? 4 : 0);
  const valid = view.getUint32(at, true);
  if (valid === pixels) return null;
  const mask = new Uint8Array(pixels);
  if (valid === 0) return mask;
  at += 40;
  const end = at + 4 + view.getUint32(at, true);
  const bits = runs(view, at + 4, end, Math.ceil(pixels / 8));
  for (let i = 0; i < pixels; i++) mask[i] = (bits[i >> 3] >> (7 - (i & 7))) & 1;
  return mask;
}

/** A count of n > 0 copies n bytes, of n < 0 repeats the next byte -n times. */
function runs(view: DataView, start: number, end: number, wanted: number): Uint8Array {
  const bytes = new Uint8Array(wanted);
  let filled = 0;
  for (let at = start; at + 2 <= end; ) {
    const count = view.getInt16(at, true);
    at += 2;
    if (count === RUNS_END) break;
    if (count > 0) {
      for (let i = 0; i < count && filled < wanted; i++) bytes[filled++] = view.getUint8(at++);
    } else {
      bytes.fill(view.getUint8(at++), filled, filled - count);
      filled -= count;
    }
  }
  if (filled < wanted) throw new Error(`its LERC mask holds ${filled} bytes, wanted ${wanted}`);
  return bytes;
}

/**
 * Puts NaN where a LERC blob has no pixel, in place.
 * @param samples what the blob decoded to, pixel by pixel
 * @throws Error where the samples are integers, of which none can stand for "nothing"
 */
export function markInvalid(blob: Uint8Array, samples: Float32Array | Float64Array | null): void {
  const valid = validPixels(blob);
  if (valid === null) return;
  if (samples === null) throw new Error('it leaves integers out by a LERC mask');
  const perPixel = samples.length / valid.length;
  for (let i = 0; i < valid.length; i++) if (!valid[i]) samples.fill(Number.NaN, i * perPixel, (i + 1) * perPixel);
}
