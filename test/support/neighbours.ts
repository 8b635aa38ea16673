import fc from 'fast-check';
import type { PixelRuns } from '../../detectors/runs.ts';
import { runsWhere } from '../../detectors/runs.ts';

/** A picture whose pixels are numbered by what they belong to; 0 is nothing. Several patches side by side. */
export interface Mosaic {
  width: number;
  height: number;
  labels: Uint8Array;
}

/**
 * Patches that touch along edges and at corners: up to four of them, as noise or, with `blur`, as blobs (each pixel
 * takes the commonest number round it).
 */
export function anyMosaic(most = 16): fc.Arbitrary<Mosaic> {
  const side = fc.integer({ min: 1, max: most });
  return fc
    .tuple(side, side, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
    .chain(([width, height, patches, blur]) =>
      fc
        .array(fc.integer({ min: 0, max: patches }), { minLength: width * height, maxLength: width * height })
        .map((labels) => blurred({ width, height, labels: Uint8Array.from(labels) }, blur)),
    );
}

export function patchesOf({ width, height, labels }: Mosaic): PixelRuns[] {
  const block = { stride: width, left: 0, top: 0, width, height, column: 0, row: 0 };
  const numbers = [...new Set(labels)].filter((label) => label > 0).sort();
  return numbers.map((number) => runsWhere(block, (i) => labels[i] === number));
}

function blurred(mosaic: Mosaic, times: number): Mosaic {
  const { width, height, labels } = mosaic;
  if (times === 0) return mosaic;
  const smooth = labels.map((own, i) => {
    const votes = new Int32Array(5);
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const x = (i % width) + dx;
        const y = Math.floor(i / width) + dy;
        if (x >= 0 && y >= 0 && x < width && y < height) votes[labels[y * width + x]]++;
      }
    }
    const most = Math.max(...votes);
    return votes[own] === most ? own : votes.indexOf(most);
  });
  return blurred({ width, height, labels: smooth }, times - 1);
}
