import { describe, expect, it } from 'vitest';
import type { Region } from '../../../detectors/region.ts';
import { isCloudEdge } from '../../../services/detection/cloud-edge.ts';
import type { HiddenGround } from '../../../services/detection/cloud-scan.ts';

/** Cells of 4 pixels, 10 × 10 of them: the left half is the thin edge of a cloud. */
const hidden: HiddenGround = {
  cellPx: 4,
  columns: 10,
  cells: new Uint8Array(100),
  edges: Uint8Array.from({ length: 100 }, (_, k) => (k % 10 < 5 ? 1 : 0)),
  pixels: 1,
};

/** A row of 10 pixels from `column` on, that changed by so much reflectance per band (B, G, R, N). */
function region(column: number, jumps: number[]): Region {
  const runs = { row: Int32Array.of(3), start: Int32Array.of(column), end: Int32Array.of(column + 10) };
  const before = [500, 800, 700, 2500].map((value) => 10 * value);
  const after = before.map((sum, b) => sum + 10 * 10_000 * jumps[b]);
  return { runs, pixels: 10, score: 20, peak: 3, before, after, pairs: {} } as unknown as Region;
}

const isEdge = (column: number, jumps: number[]) => isCloudEdge(region(column, jumps), hidden, [0, 1, 2], 1e-4);

describe('a change at the thin edge of a cloud', () => {
  it('is the cloud itself where it is slight and white, or in half-shade slight and grey', () => {
    expect(isEdge(4, [0.06, 0.07, 0.06, 0.02])).toBe(true);
    expect(isEdge(4, [-0.04, -0.05, -0.05, -0.1])).toBe(true);
  });

  it('is a change all the same where it is strong, or has a colour', () => {
    expect(isEdge(4, [0.3, 0.31, 0.32, 0.3])).toBe(false);
    expect(isEdge(4, [0.03, 0.08, 0.12, 0.05])).toBe(false);
    expect(isEdge(4, [0.03, -0.02, 0.03, 0.05])).toBe(false);
  });

  it('is one where most of it lies outside', () => {
    expect(isEdge(16, [0.06, 0.07, 0.06, 0.02])).toBe(false);
    expect(isEdge(15, [0.06, 0.07, 0.06, 0.02])).toBe(true);
  });
});
