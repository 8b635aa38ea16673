import { describe, expect, it } from 'vitest';
import { rectangleRuns } from '../../../detectors/runs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { chipFrame, chipGrid } from '../../../services/evidence/chip-frame.ts';
import { type PairEvidence, plainRuns } from '../../../services/month/evidence.ts';

const grid: Grid = {
  width: 1000,
  height: 800,
  crs: 'EPSG:4547',
  originX: 400_000,
  originY: 3_000_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

/** A patch of so many pixels, judged on one pair of images. */
function patch(column: number, row: number, width: number, height: number) {
  const scene = (date: string) => ({ id: date, sha256: date, date, sensor: 'planted' });
  const pair = { before: scene('2024-05-20'), after: scene('2024-06-20') } as PairEvidence;
  return { grid, runs: plainRuns(rectangleRuns(column, row, width, height)), pairs: [pair] };
}

describe('the ground that pictures of a patch show', () => {
  it('is a square with three fifths of the longer side round the patch', () => {
    // 100 + 2 × 60 pixels of 2 m, drawn as 440.
    expect(chipGrid(patch(400, 300, 100, 50), 440)).toEqual({
      ...grid,
      width: 440,
      height: 440,
      originX: 400_000 + 2 * 340,
      originY: 3_000_000 - 2 * 215,
      pixelWidth: 1,
      pixelHeight: -1,
    });
  });

  it('has 24 pixels at least round a small one', () => {
    expect(chipGrid(patch(400, 300, 4, 4), 104)).toMatchObject({ pixelWidth: 1, originX: 400_000 + 2 * 376 });
  });

  it('moves inwards at the edges of what was compared, and shows the patch whole', () => {
    expect(chipGrid(patch(0, 0, 100, 100), 220)).toMatchObject({ originX: 400_000, originY: 3_000_000 });
    const corner = chipGrid(patch(900, 700, 100, 100), 220);
    expect([corner.originX, corner.originY]).toEqual([400_000 + 2 * 780, 3_000_000 - 2 * 580]);
  });

  it('stays round a patch that is too large to be moved', () => {
    const { originX, pixelWidth } = chipGrid(patch(100, 0, 800, 800), 880);
    expect([originX, pixelWidth]).toEqual([400_000 - 2 * 380, 4]);
  });
});

describe('the outline of a patch in its pictures', () => {
  it('has the corners of its pixels where the pictures have them, from the left and the top', () => {
    const frame = chipFrame(patch(400, 300, 100, 50), 440);
    expect(frame).toMatchObject({ width: 440, height: 440, beforeDate: '2024-05-20', afterDate: '2024-06-20' });
    const corners = new Set(frame.outline.flat().map((point) => point.join(' ')));
    // 60 pixels of context are 120 in the picture; across, (220 − 50) / 2 = 85 are 170.
    expect(corners).toEqual(new Set(['120 170', '320 170', '320 270', '120 270']));
  });

  it('moves with the ground at an edge', () => {
    const xs = chipFrame(patch(900, 700, 100, 100), 220)
      .outline.flat()
      .map(([x]) => x);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([120, 220]);
  });
});
