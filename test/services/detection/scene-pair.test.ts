import { describe, expect, it } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import type { BandRole, Scene } from '../../../imagery/scene.ts';
import { bandIndices, commonRoles, pairKey } from '../../../services/detection/scene-pair.ts';

function scene(path: string, ...bands: BandRole[]): Scene {
  return {
    id: path,
    sha256: path,
    path,
    grid: pixelGrid(10, 10),
    bandCount: bands.length,
    sampleType: 'uint16',
    bands,
    nodata: null,
    saturation: null,
    reflectance: null,
    mask: null,
    date: null,
    sensor: null,
  };
}

describe('the roles in which scenes are compared', () => {
  it('are those that all have, in the order of the first', () => {
    const scenes = [scene('a', 'N', 'R', 'G', 'B'), scene('b', 'B', 'G', 'R', 'N', 'S1'), scene('c', 'G', 'R', 'N')];
    expect(commonRoles(scenes)).toEqual(['N', 'R', 'G']);
  });

  it('are never those that show the atmosphere, and one of a role in scenes that differ', () => {
    expect(commonRoles([scene('a', 'B', 'A', 'X'), scene('b', 'B', 'A', 'X')])).toEqual(['B', 'X']);
    expect(commonRoles([scene('a', 'T', 'T', 'N'), scene('b', 'N', 'T', 'A')])).toEqual(['T', 'N']);
    expect(bandIndices(scene('a', 'A', 'X', 'B', 'X'), ['X', 'B', 'X'])).toEqual([1, 2, 3]);
  });

  it('count unnamed bands only where all scenes have the same bands', () => {
    expect(commonRoles([scene('a', 'X', 'X'), scene('b', 'X', 'X')])).toEqual(['X', 'X']);
    expect(commonRoles([scene('a', 'R', 'X'), scene('b', 'R', 'X', 'N')])).toEqual(['R']);
  });

  it('are refused where there is none, naming the scene that fits nothing', () => {
    expect(() => commonRoles([scene('a.tif', 'B', 'G'), scene('b.tif', 'G'), scene('c.tif', 'VV', 'X')])).toThrow(
      'c.tif: bands VV,X share no role with B,G of a.tif.',
    );
  });

  it('are refused where every two scenes share one but not all the same', () => {
    expect(() => commonRoles([scene('a', 'B', 'G'), scene('b', 'G', 'R'), scene('c', 'B', 'R')])).toThrow(
      /share no role/,
    );
  });
});

describe('a role', () => {
  it('is found where the scene has it', () => {
    expect(bandIndices(scene('a', 'B', 'G', 'R', 'N'), ['N', 'R'])).toEqual([3, 2]);
  });

  it('that is repeated is taken band by band', () => {
    expect(bandIndices(scene('a', 'X', 'X', 'X'), ['X', 'X', 'X'])).toEqual([0, 1, 2]);
  });
});

it('a pair is named by its scenes, in their order', () => {
  expect(pairKey(scene('a'), scene('b'))).toBe('a-b');
});
