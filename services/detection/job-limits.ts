import type { Window } from '../../imagery/grid.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import type { Scene } from '../../imagery/scene.ts';
import { isStackPath } from '../../imagery/stack/manifest.ts';
import type { ThreadPoolOptions } from '../jobs/threads.ts';
import type { CellInput } from './cell-input.ts';
import type { EstimateInput } from './estimate.ts';
import { type SampleInput, sampledPixels } from './pair-sample.ts';
import type { StripInput } from './strip.ts';

/** Decoding a few tiles or strips for every square of a sample, and waiting for the pair's model, take as long at most. */
const leastMs = 120_000;
/** A hundredth of what one thread reads and compares on a machine of two cores. */
const samplesPerMs = 200;
const remoteFactor = 10;

interface Work {
  scenes: readonly Scene[];
  samples: number;
}

/**
 * Longer than any sound job takes, on a slow machine too: a job that takes longer hangs, and is stopped with the name
 * of the images it was about.
 */
export const detectionJobs = {
  limitMs(kind, payload) {
    const { scenes, samples } = workOf(kind, payload);
    const isRemote = scenes.some(({ path }) => isRemotePath(path) || isStackPath(path));
    return Math.round((isRemote ? remoteFactor : 1) * (leastMs + samples / samplesPerMs));
  },
  nameOf(kind, payload) {
    const { scenes } = workOf(kind, payload);
    if (scenes.length === 0) return `A job '${kind}'`;
    const named = scenes.slice(0, 3).map(({ path }) => path);
    const more = scenes.length > 3 ? ` and ${scenes.length - 3} more` : '';
    return `${named.join(', ')}${more}: comparing them`;
  },
} satisfies ThreadPoolOptions;

function workOf(kind: string, payload: unknown): Work {
  if (kind === 'strip') {
    const { before, after, grid, height, roles } = payload as StripInput;
    return { scenes: [before, after], samples: 2 * grid.width * height * roles.length };
  }
  if (kind === 'cell') {
    const { befores, afters, window, roles } = payload as CellInput;
    const scenes = [...befores, ...afters];
    return { scenes, samples: scenes.length * area(window) * roles.length };
  }
  if (kind === 'sample') {
    const { pair, squares } = payload as SampleInput;
    const pixels = squares.reduce((sum, { tie, block }) => sum + area(tie) + area(block), 0);
    return { scenes: [pair.before, pair.after], samples: 2 * pixels * pair.roles.length };
  }
  if (kind === 'estimate-or-refuse') {
    const { pair } = payload as EstimateInput;
    return { scenes: [pair.before, pair.after], samples: 2 * sampledPixels * pair.roles.length };
  }
  return { scenes: [], samples: 0 };
}

function area(window: Window | null): number {
  return window === null ? 0 : window.width * window.height;
}
