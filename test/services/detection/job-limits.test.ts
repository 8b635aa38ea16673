import { describe, expect, it } from 'vitest';
import type { Scene } from '../../../imagery/scene.ts';
import { detectionJobs } from '../../../services/detection/job-limits.ts';

const scene = (path: string) => ({ path }) as Scene;
const roles = ['B', 'G', 'R', 'N'];
const [before, after] = [scene('a.tif'), scene('b.tif')];
const window = (side: number) => ({ column: 0, row: 0, width: side, height: side });

describe('a job of the detection', () => {
  it('may take two minutes and what its samples are worth: a strip, a cell, a sample, a pair', () => {
    const strip = { before, after, grid: { width: 8192 }, height: 512, roles };
    expect(detectionJobs.limitMs('strip', strip)).toBe(287_772);
    const cell = { befores: [before, before], afters: [after], window: window(1000), roles };
    expect(detectionJobs.limitMs('cell', cell)).toBe(120_000 + (3 * 1_000_000 * 4) / 200);
    const squares = [
      { tie: window(100), block: null },
      { tie: window(100), block: window(50) },
    ];
    const sample = { pair: { before, after, roles }, squares };
    expect(detectionJobs.limitMs('sample', sample)).toBe(120_000 + (2 * 22_500 * 4) / 200);
    expect(detectionJobs.limitMs('estimate-or-refuse', { pair: { before, after, roles } })).toBe(144_000);
  });

  it('may take ten times as long where images lie on other machines', () => {
    const cell = { befores: [scene('https://a.example/a.tif')], afters: [after], window: window(0), roles };
    expect(detectionJobs.limitMs('cell', cell)).toBe(1_200_000);
  });

  it('is called by its images, a few of them', () => {
    const strip = { before, after, grid: { width: 1 }, height: 1, roles };
    expect(detectionJobs.nameOf('strip', strip)).toBe('a.tif, b.tif: comparing them');
    const cell = { befores: [before, before, before], afters: [after], window: window(1), roles };
    expect(detectionJobs.nameOf('cell', cell)).toBe('a.tif, a.tif, a.tif and 1 more: comparing them');
    expect(detectionJobs.nameOf('look', {})).toBe("A job 'look'");
  });
});
