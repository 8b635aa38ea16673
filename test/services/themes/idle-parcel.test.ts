import { expect, it } from 'vitest';
import { idleParcelOf } from '../../../services/themes/idle-parcel.ts';

it('a parcel says when it was supplied and due, whether it is clear, and how much is invested', () => {
  const properties = {
    HTQDRQ: '2023年6月1日',
    YDDGSJ: '20240101',
    是否净地: '是',
    SFZFYY: 0,
    TZBL: '30 %',
    SJDGSJ: ' ',
  };
  expect(idleParcelOf('p', properties)).toEqual({
    zoneId: 'p',
    supplied: '2023-06-01',
    agreedStart: '2024-01-01',
    startedOn: null,
    clear: true,
    governmentCause: false,
    investedShare: 0.3,
  });
});

it.each([
  ['1', 1],
  ['0.25', 0.25],
  ['25％', 0.25],
  ['25', null],
  ['a quarter', null],
])('%s invested is a share of %s', (TZBL, share) => expect(idleParcelOf('p', { TZBL }).investedShare).toBe(share));

it('what is not said, or said in another form, is not guessed', () => {
  const { clear, agreedStart, supplied } = idleParcelOf('p', { SFJD: '部分', YDDGSJ: '明年' });
  expect([clear, agreedStart, supplied]).toEqual([null, null, null]);
});
