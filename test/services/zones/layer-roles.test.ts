import { describe, expect, it } from 'vitest';
import { dayOf, instrumentOf, unreadableIn } from '../../../services/zones/layer-roles.ts';

describe('a document of a layer', () => {
  it('is read from the fields offices use, dates in any of their forms', () => {
    const read = instrumentOf('temporary-land', {
      PZWH: '临〔2024〕3号',
      PZRQ: '2024年3月1日',
      JZRQ: 20260228,
      QLR: '某公司',
      PZMJ: 1200,
    });
    expect(read).toEqual({
      kind: 'temporary-land',
      number: '临〔2024〕3号',
      date: '2024-03-01',
      expiry: '2026-02-28',
      areaM2: 1200,
      holder: '某公司',
    });
    expect(['2026/3/1', '20260301', '2026-03-01'].map(dayOf)).toEqual(['2026-03-01', '2026-03-01', '2026-03-01']);
    expect(['20240230', 'not a date', ''].map(dayOf)).toEqual([null, null, null]);
  });

  it('that ends in a month ends on its last day', () => {
    expect(instrumentOf('temporary-land', { 有效期至: '2024年2月' })?.expiry).toBe('2024-02-29');
    expect(instrumentOf('temporary-land', { 有效期至: '2024-12' })?.expiry).toBe('2024-12-31');
    expect(instrumentOf('temporary-land', { 有效期至: '2024年13月' })?.expiry).toBeNull();
  });

  it('of which something stated cannot be read says so, and of what is not stated nothing', () => {
    expect(unreadableIn('approvals', { PZRQ: '20240230', PZMJ: '12亩', JZRQ: '长期' })).toEqual([
      'its PZRQ "20240230" is not a day: it counts as not stated',
      'its JZRQ "长期" is not a day or month: it counts as not stated',
      'its PZMJ "12亩" is not a number of m²: it counts as not stated',
    ]);
    expect(unreadableIn('approvals', { PZRQ: '2024-03-01', PZMJ: null })).toEqual([]);
    expect(unreadableIn('farmland', { PZRQ: 'x' })).toEqual([]);
  });

  it('in a layer of approvals is of the kind its words say', () => {
    const kind = (instrument: string) => instrumentOf('approvals', { instrument })?.kind;
    expect(['临时用地批复', '设施农用地备案', '农用地转用批文', '宅基地批准'].map(kind)).toEqual([
      'temporary-land',
      'facility-farmland',
      'approval',
      'homestead',
    ]);
  });
});
