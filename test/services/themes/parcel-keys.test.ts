import { describe, expect, it } from 'vitest';
import { realEstateUnit, supervisionNumber } from '../../../services/themes/parcel-keys.ts';

describe('不动产单元代码', () => {
  it.each([
    ['430407001001GB00001W00000000', true],
    ['430407 001001 GB00001 F00010001', true],
    ['430407001001jc00012f00010001', true],
    ['４３０４０７００１００１ＧＢ００００１Ｗ００００００００', true],
    ['430407001001GB00001W00000001', false],
    ['430407001001AB00001W00000000', false],
    ['430407001001GB00001F0001000', false],
    ['030407001001GB00001W00000000', false],
  ])('%s: %s', (value, valid) => expect(realEstateUnit({ BDCDYH: value })?.valid).toBe(valid));

  it('is read from any of its fields, without blanks, and is null where none is stated', () => {
    expect(realEstateUnit({ 不动产单元代码: '430407 001001 GB00001 W00000000' })?.value).toBe(
      '430407001001GB00001W00000000',
    );
    expect(realEstateUnit({ BDCDYH: ' ', name: 'x' })).toBeNull();
  });
});

describe('电子监管号', () => {
  it.each<[string | number, boolean]>([
    ['4304072023B00012', true],
    ['4304072023B00012-1', true],
    ['4304071823B00012', false],
    ['43040720230001', false],
    [4304072023, false],
  ])('%s: %s', (value, valid) => expect(supervisionNumber({ DZJGH: value })?.valid).toBe(valid));

  it('is null where none is stated', () => expect(supervisionNumber({ DZJGH: null })).toBeNull());
});
