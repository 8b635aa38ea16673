import { describe, expect, it } from 'vitest';
import { noteLines } from '../../../api/cli/zones-report.ts';

const note = (kind: 'repaired' | 'rejected' | 'outside' | 'note', featureId: string, what: string) => ({
  ...{ kind, featureId, what },
});

describe('the report of an import', () => {
  it('says once what holds for many features, and what is missing before what was put right', () => {
    const turned = Array.from({ length: 12 }, (_, i) => note('repaired', `P${i}`, 'a shell was turned anticlockwise'));
    const lines = noteLines([...turned, note('rejected', 'X', 'has no area'), note('note', '', 'no .prj')]);
    expect(lines).toEqual([
      'note: no .prj',
      'rejected X: has no area',
      'repaired P0, P1, P2, P3, P4 … (12 features): a shell was turned anticlockwise',
    ]);
  });

  it('names each of a few', () => {
    const lines = noteLines(['A', 'B', 'C', 'D', 'E'].map((id) => note('outside', id, 'lies in no known district')));
    expect(lines).toEqual(['outside A, B, C, D, E: lies in no known district']);
  });
});
