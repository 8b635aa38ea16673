import { expect, it } from 'vitest';
import { differencesOf } from '../../../../api/console/admin/rule-differences.ts';

const before = {
  id: 'a',
  limits: [
    { id: 'x', mu: 5 },
    { id: 'y', mu: 7 },
  ],
  note: { zh: '一' },
};

it('two rule sets that say the same do not differ, in whatever order their rules stand', () => {
  expect(differencesOf(before, structuredClone(before))).toEqual([]);
  expect(differencesOf(before, { ...before, limits: before.limits.toReversed() })).toEqual([]);
});

it('names each value that differs by where it stands, what it was and what it is', () => {
  const after = {
    id: 'a',
    limits: [
      { id: 'x', mu: 6 },
      { id: 'z', mu: 1 },
    ],
    note: { zh: '一', en: 'one' },
  };
  expect(differencesOf(before, after)).toEqual([
    { path: 'limits.x.mu', before: '5', after: '6' },
    { path: 'limits.y', before: '{"id":"y","mu":7}', after: '' },
    { path: 'limits.z', before: '', after: '{"id":"z","mu":1}' },
    { path: 'note.en', before: '', after: '"one"' },
  ]);
});
