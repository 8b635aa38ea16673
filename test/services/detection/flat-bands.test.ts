import { expect, it } from 'vitest';
import type { PairWindow } from '../../../detectors/features.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { flatBandWarnings } from '../../../services/detection/flat-bands.ts';

const pair = {
  before: { path: 'a.tif' } as Scene,
  after: { path: 'b.tif' } as Scene,
  roles: ['B' as const, 'G' as const],
  method: 'auto' as const,
};
const ramp = Float32Array.from({ length: 16 }, (_, i) => i);
const flat = new Float32Array(16).fill(7);
const block = (before: Float32Array[], after: Float32Array[], mask = new Uint8Array(16).fill(1)): PairWindow => ({
  ...{ width: 4, height: 4, before, after, mask },
});

it('names the bands of an image that are the same everywhere in the sample', () => {
  expect(flatBandWarnings(pair, [block([ramp, ramp], [ramp, ramp])])).toEqual([]);
  expect(flatBandWarnings(pair, [block([ramp, flat], [flat, flat])])).toEqual([
    'a.tif: band G has one value everywhere in the sample: no change can be told from it.',
    'b.tif: every band has one value everywhere in the sample: no change can be told from it.',
  ]);
});

it('looks at all blocks, and at observed pixels only', () => {
  const other = new Float32Array(16).fill(8);
  expect(flatBandWarnings(pair, [block([ramp, flat], [ramp, ramp]), block([ramp, other], [ramp, ramp])])).toEqual([]);
  const patched = Float32Array.from(flat);
  patched[3] = 9;
  const mask = new Uint8Array(16).fill(1);
  mask[3] = 0;
  expect(flatBandWarnings(pair, [block([ramp, patched], [ramp, ramp], mask)])).toHaveLength(1);
});

it('says nothing of a handful of pixels', () => {
  const mask = new Uint8Array(16).fill(1, 0, 8);
  expect(flatBandWarnings(pair, [block([flat, flat], [flat, flat], mask)])).toEqual([]);
});
