/**
 * What a mask that comes with an image is: a picture of 0 and other values (0 = observed), Landsat's QA_PIXEL bits,
 * or Sentinel-2's scene classification.
 */
export const suppliedMaskKinds = ['mask', 'landsat-qa', 'scl'] as const;
export type SuppliedMaskKind = (typeof suppliedMaskKinds)[number];

/** A mask file that was handed over with a scene. What it says wins over what is found in the image. */
export interface SuppliedMask {
  path: string;
  kind: SuppliedMaskKind;
  sha256: string;
}
