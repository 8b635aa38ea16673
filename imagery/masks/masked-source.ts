import type { ImageryError } from '../error.ts';
import { windowGrid } from '../grid.ts';
import type { Raster, RasterSource } from '../raster.ts';
import { type MaskReader, openSuppliedMask } from './read-mask.ts';
import type { SuppliedMask } from './supplied-mask.ts';

/** What a scene says about which of its pixels do not count. */
export interface SceneMasks {
  mask: SuppliedMask | null;
  /** Raw value from which on a band says only "at least so bright". */
  saturation: number | null;
}

/**
 * The source of a scene with what hides its ground taken out: pixels that its supplied mask does not show as clear, and
 * pixels at or above its declared saturation in any band, come back unobserved, from overviews too.
 *
 * Saturation counts only where it is declared, by a person or by the sensor's preset: in 8-bit pictures 255 is common
 * on white roofs that nobody needs to know the exact brightness of, and between an unsaturated and a saturated date
 * something did change.
 * @throws ImageryError as openSuppliedMask; the source is closed then
 */
export async function withSuppliedMask(
  source: RasterSource,
  { mask, saturation }: SceneMasks,
  onDamage?: (error: ImageryError) => void,
): Promise<RasterSource> {
  if (mask === null) return saturation === null ? source : maskedSource(source, null, saturation);
  try {
    return maskedSource(source, await openSuppliedMask(mask, source.info.grid, onDamage), saturation);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function maskedSource(source: RasterSource, reader: MaskReader | null, saturation: number | null): RasterSource {
  return {
    info: source.info,
    async read(window, into) {
      const raster = await source.read(window, into);
      if (saturation !== null) hideSaturated(raster, saturation);
      if (reader !== null) hideUnseen(raster.mask, await reader.read(windowGrid(source.info.grid, window)));
      return raster;
    },
    // An overview ends with its source, and so does the mask.
    overview: async (level) =>
      maskedSource(await source.overview(level), reader && { ...reader, close: nothing }, saturation),
    async close() {
      await reader?.close();
      await source.close();
    },
  };
}

const nothing = async (): Promise<void> => {};

/** Clears mask where any band's raw sample is at or above the value. */
function hideSaturated({ bands, mask }: Raster, saturation: number): void {
  for (const band of bands) for (let i = 0; i < band.length; i++) if (band[i] >= saturation) mask[i] = 0;
}

function hideUnseen(mask: Uint8Array, observed: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] &= observed[i];
}
