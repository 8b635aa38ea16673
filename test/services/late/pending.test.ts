import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { without } from '../../../services/late/gained-ground.ts';
import { pendingOf } from '../../../services/late/pending.ts';
import type { SceneRow } from '../../../services/store/scenes.ts';
import { sceneRow } from '../../support/rows.ts';

const scene = (id: string, date: string, given: Partial<SceneRow> = {}) =>
  ({ removedAt: null, ...sceneRow({ id, date, ...given }) }) as SceneRow;
const run = (month: string, startedAt: string, afters: string[], befores: string[] = []) => {
  const named = (ids: string[]) => ids.map((id) => ({ id }));
  return { id: month, month, startedAt, planJson: JSON.stringify({ afters: named(afters), befores: named(befores) }) };
};
const june = run('2024-06', '2024-07-01T00:00:00.000Z', ['a'], ['z']);
const kinds = (scenes: SceneRow[], runs = [june], known = new Set<string>()) =>
  pendingOf(scenes, runs, known).map(({ scene, kind, replacedBy }) => [scene.id, kind, replacedBy]);

describe('a scene', () => {
  const [z, a] = [scene('z', '2024-05-20'), scene('a', '2024-06-20')];

  it('that its month was run without is late; one that was taken in, or of a month yet to be run, is not', () => {
    expect(kinds([z, a, scene('b', '2024-06-25'), scene('c', '2024-07-02')])).toEqual([['b', 'late', null]]);
  });

  it('older than all that was ever run is what the office began with', () => {
    expect(kinds([z, a, scene('old', '2024-04-02', { addedAt: '2024-09-01T00:00:00.000Z' })])).toEqual([]);
  });

  it('of a month without images until then is late once a later month has begun without it', () => {
    const august = run('2024-08', '2024-09-01T00:00:00.000Z', ['h'], ['a']);
    const h = scene('h', '2024-08-20');
    const came = (addedAt: string) => kinds([z, a, h, scene('g', '2024-07-15', { addedAt })], [june, august]);
    expect(came('2024-09-02T00:00:00.000Z')).toEqual([['g', 'late', null]]);
    expect(came('2024-08-02T00:00:00.000Z')).toEqual([]);
  });

  it('that a run rests on is withdrawn, or replaced where another of the day shows the same ground', () => {
    const gone = { ...a, removedAt: '2024-07-05T00:00:00.000Z' };
    expect(kinds([z, gone])).toEqual([['a', 'withdrawn', null]]);
    expect(kinds([z, gone, scene('b', '2024-06-20')])).toEqual([
      ['a', 'replaced', 'b'],
      ['b', 'late', null],
    ]);
    const beside = scene('b', '2024-06-20', { minLon: 106.55, maxLon: 106.65 });
    expect(kinds([z, gone, beside])[0]).toEqual(['a', 'withdrawn', null]);
    // What nothing rests on may go.
    expect(kinds([z, a, { ...scene('b', '2024-06-25'), removedAt: '2024-07-05T00:00:00.000Z' }])).toEqual([]);
  });

  it('is dealt with once for each time it goes', () => {
    const gone = (removedAt: string) => pendingOf([z, { ...a, removedAt }], [june], new Set());
    const [first] = gone('2024-07-05T00:00:00.000Z');
    const [second] = gone('2024-08-05T00:00:00.000Z');
    expect(first.id).not.toBe(second.id);
    expect(pendingOf([z, { ...a, removedAt: '2024-07-05T00:00:00.000Z' }], [june], new Set([first.id]))).toEqual([]);
  });
});

it('pixels of one set without those of another are those, one by one', () => {
  const bits = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
  const runsOf = (set: boolean[]) => {
    const found = set.flatMap((on, x) => (on && !(x % 8 > 0 && set[x - 1]) ? [x] : []));
    const ends = found.map((from) => {
      let to = from;
      while (to % 8 < 7 && set[to + 1]) to++;
      return (to % 8) + 1;
    });
    const row = Int32Array.from(found, (x) => Math.floor(x / 8));
    return { row, start: Int32Array.from(found, (x) => x % 8), end: Int32Array.from(ends) };
  };
  fc.assert(
    fc.property(bits, bits, (a, b) => {
      expect(without(runsOf(a), runsOf(b))).toEqual(runsOf(a.map((on, i) => on && !b[i])));
    }),
    { seed: 11, numRuns: 300 },
  );
});
